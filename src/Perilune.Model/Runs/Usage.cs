namespace Perilune.Model;

/// <summary>Tokens of one model call. A count that the client did not give is null, not zero.</summary>
/// <param name="Input">All input tokens, cached ones included.</param>
/// <param name="Output">All output tokens, reasoning included.</param>
/// <param name="CacheRead">The part of <paramref name="Input"/> that was read from the provider's cache.</param>
public sealed record Usage(long? Input, long? Output, long? CacheRead = null)
{
    /// <summary>Input plus output; null when neither is known.</summary>
    public long? Total => Input is null && Output is null ? null : (Input ?? 0) + (Output ?? 0);
}
