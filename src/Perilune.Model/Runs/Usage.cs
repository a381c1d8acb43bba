namespace Perilune.Model;

/// <summary>
/// What one model call used. A count that the client did not give is null, not zero. Cached tokens, tokens of a medium and
/// reasoning are parts of the input or the output, never beside them.
/// </summary>
/// <param name="Input">All input tokens, cached ones included.</param>
/// <param name="Output">All output tokens, reasoning included.</param>
/// <param name="CacheRead">The part of <paramref name="Input"/> that was read from the provider's cache.</param>
public sealed record Usage(long? Input, long? Output, long? CacheRead = null)
{
    /// <summary>The part of the input that was written to the cache for five minutes, or for a time that was not given.</summary>
    public long? CacheWrite5m { get; init; }

    /// <summary>The part of the input that was written to the cache for an hour.</summary>
    public long? CacheWrite1h { get; init; }

    /// <summary>The part of the output that the model thought and did not say.</summary>
    public long? Reasoning { get; init; }

    public long? InputAudio { get; init; }

    /// <summary>The part of both <see cref="InputAudio"/> and <see cref="CacheRead"/>.</summary>
    public long? CacheReadAudio { get; init; }

    public long? OutputAudio { get; init; }

    public long? InputImage { get; init; }

    /// <summary>The part of both <see cref="InputImage"/> and <see cref="CacheRead"/>.</summary>
    public long? CacheReadImage { get; init; }

    public long? OutputImage { get; init; }

    public long? InputVideo { get; init; }

    public long? OutputVideo { get; init; }

    /// <summary>
    /// Requests to the provider; some sell each for a fee beside the tokens. Not given means one, and 0 that the counts are
    /// of several and nobody knows of how many.
    /// </summary>
    public long? Requests { get; init; }

    /// <summary>The counts say nothing about how long any single request was.</summary>
    public bool IsSum => Requests is 0;

    /// <summary>Web searches that the provider ran for the call.</summary>
    public long? WebSearches { get; init; }

    /// <summary>Input plus output, at most <see cref="long.MaxValue"/>; null when neither is known.</summary>
    public long? Total => Input is null && Output is null ? null : long.CreateSaturating((Int128)(Input ?? 0) + (Output ?? 0));
}
