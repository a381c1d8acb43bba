using Perilune.Model.Pricing;

namespace Perilune.Control.Data;

internal sealed class PriceRow
{
    /// <summary>Never given to another price: costs name the price they are of.</summary>
    public long Id { get; init; }

    public Guid ProjectId { get; init; }

    public required string Name { get; set; }

    public string? Provider { get; set; }

    public PriceMatch Match { get; set; }

    public required string Pattern { get; set; }

    public DateTimeOffset? From { get; set; }

    public decimal Input { get; set; }

    public decimal Output { get; set; }

    public decimal? CacheRead { get; set; }

    public decimal? CacheWrite { get; set; }

    public decimal? CacheWrite1h { get; set; }

    public decimal? Reasoning { get; set; }

    public decimal? InputAudio { get; set; }

    public decimal? OutputAudio { get; set; }

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset Changed { get; set; }
}

/// <summary>The last re-pricing of a project.</summary>
internal sealed class RepricingRow
{
    public Guid ProjectId { get; init; }

    /// <summary>Another for each re-pricing, so that one which was stopped does not go on as the next.</summary>
    public Guid Id { get; set; }

    public RepricingState State { get; set; }

    public string? Failure { get; set; }

    public DateTimeOffset Started { get; set; }

    public DateTimeOffset? Ended { get; set; }

    public DateTimeOffset? From { get; set; }

    public DateTimeOffset? To { get; set; }

    public long Expected { get; set; }

    /// <summary>Of the prices that it goes by.</summary>
    public string? Stamp { get; set; }

    public string? Cursor { get; set; }

    public long Calls { get; set; }

    public long Changed { get; set; }

    public decimal Before { get; set; }

    public decimal After { get; set; }
}
