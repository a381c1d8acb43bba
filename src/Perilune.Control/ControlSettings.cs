namespace Perilune.Control;

/// <param name="DatabasePath">The control database's file.</param>
public sealed record ControlSettings(string DatabasePath);

/// <summary>The control database cannot be used; the message names the file and what to do.</summary>
public sealed class ControlStartException(string message, Exception? innerException = null) : Exception(message, innerException);
