using System.Globalization;

namespace Perilune.Model.Pricing;

/// <summary>How a project's price says which models it is for. Upper and lower case are one.</summary>
public enum PriceMatch
{
    /// <summary>The whole name.</summary>
    Exact,

    /// <summary>The whole name, with <c>*</c> for any characters or none.</summary>
    Wildcard,

    /// <summary>A regular expression that is found somewhere in the name.</summary>
    Regex,
}

/// <summary>A price that a project set for itself. It goes before the bundled ones.</summary>
public sealed record ProjectPrice
{
    /// <summary>Below this many USD for a million tokens, each rate.</summary>
    public const decimal MaxRate = 1_000_000m;

    /// <summary>Decimals of a rate: a millionth of a dollar for a million tokens is the smallest.</summary>
    public const int RateDecimals = 6;

    public required long Id { get; init; }

    /// <summary>What people call it; for most the same as <see cref="Pattern"/>.</summary>
    public required string Name { get; init; }

    /// <summary>Only calls to this provider; null for all.</summary>
    public string? Provider { get; init; }

    public PriceMatch Match { get; init; }

    public required string Pattern { get; init; }

    /// <summary>Calls that began before are not charged by it; null for none.</summary>
    public Instant? From { get; init; }

    public required ProjectRates Rates { get; init; }

    public Instant Created { get; init; }

    public Instant Changed { get; init; }

    /// <summary>What a cost names as its price.</summary>
    public string PriceId => string.Create(CultureInfo.InvariantCulture, $"project:{Id}");

    /// <summary>Everything that costs depend on, in one line.</summary>
    internal string Terms => string.Create(
        CultureInfo.InvariantCulture,
        $"{Id}|{Provider}|{Match}|{Pattern}|{From?.Micros}|{Created.Micros}|{Rates.Input}|{Rates.Output}|{Rates.CacheRead}|{Rates.CacheWrite}|{Rates.CacheWrite1h}|{Rates.Reasoning}|{Rates.InputAudio}|{Rates.OutputAudio}");
}

/// <summary>
/// USD for a million tokens. Those that are null are charged as what they are part of: cached input as input, an hour's
/// cache as five minutes', reasoning and spoken output as output.
/// </summary>
public sealed record ProjectRates(decimal Input, decimal Output)
{
    public decimal? CacheRead { get; init; }

    /// <summary>Input written to the cache, for five minutes or as long as the provider keeps it.</summary>
    public decimal? CacheWrite { get; init; }

    public decimal? CacheWrite1h { get; init; }

    public decimal? Reasoning { get; init; }

    public decimal? InputAudio { get; init; }

    public decimal? OutputAudio { get; init; }

    /// <summary>All rates that are set, by what they are for.</summary>
    public IEnumerable<(CostClass Class, decimal Rate)> All =>
        from rate in new (CostClass Class, decimal? Rate)[]
        {
            (CostClass.Input, Input),
            (CostClass.CacheRead, CacheRead),
            (CostClass.CacheWrite, CacheWrite),
            (CostClass.CacheWrite1h, CacheWrite1h),
            (CostClass.InputAudio, InputAudio),
            (CostClass.Output, Output),
            (CostClass.Reasoning, Reasoning),
            (CostClass.OutputAudio, OutputAudio),
        }
        where rate.Rate is not null
        select (rate.Class, rate.Rate!.Value);

    internal RateCard ToCard() => new([.. All.Select(rate => (rate.Class, decimal.ToInt64(rate.Rate * 1_000_000)))]);
}
