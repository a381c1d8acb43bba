namespace Perilune.Control;

/// <param name="DatabasePath">The control database's file.</param>
public sealed record ControlSettings(string DatabasePath);

/// <summary>The control database cannot be used; the message names the file and what to do.</summary>
public sealed class ControlStartException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>The disk does not let the control database be read or written now. Nothing was changed.</summary>
public sealed class ControlUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
