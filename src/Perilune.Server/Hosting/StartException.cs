namespace Perilune.Server.Hosting;

/// <summary>Why the program cannot start, in words for its operator: no stack trace is shown for it.</summary>
internal sealed class StartException(string message, IReadOnlyList<string> details) : Exception(message)
{
    public StartException(string message)
        : this(message, [])
    {
    }

    public IReadOnlyList<string> Details => details;
}
