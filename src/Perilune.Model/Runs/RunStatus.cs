namespace Perilune.Model;

public enum RunStatus : byte
{
    /// <summary>The run has no outcome of its own: threads, chats, logs and custom events.</summary>
    None = 0,

    /// <summary>Started; neither an end nor an error has arrived.</summary>
    Running = 1,
    Success = 2,
    Error = 3,

    /// <summary>Its content was withheld by a rule before it reached the store.</summary>
    Filtered = 4,
}
