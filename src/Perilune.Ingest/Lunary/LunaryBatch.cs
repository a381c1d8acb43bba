using Perilune.Model;

namespace Perilune.Ingest.Lunary;

/// <summary>What a request body said, event by event, in the order of Lunary's answers: by time, ties as sent.</summary>
internal sealed class LunaryBatch
{
    /// <summary>Why the body as a whole cannot be read; null when it could.</summary>
    public string? Malformed { get; init; }

    public IReadOnlyList<LunaryItem> Items { get; init; } = [];
}

/// <summary>One element of <c>events</c>: either an event or the reason why it is refused.</summary>
internal readonly record struct LunaryItem
{
    /// <summary>The client's time, or that of receipt when it sent none.</summary>
    public required Instant Time { get; init; }

    /// <summary>The <c>runId</c> as sent, for the answer; absent when none was.</summary>
    public RawJson Id { get; init; }

    public RunEvent? Event { get; init; }

    public string? Refusal { get; init; }

    /// <summary>The key of the project that the event itself names, if it does.</summary>
    public string? ProjectKey { get; init; }
}
