using System.Text.Json.Serialization;

namespace Perilune.Model.Pricing;

/// <summary>The bundled file as it is written; <c>Data/update-prices.mjs</c> says what its members mean.</summary>
internal sealed record PriceData(string Source, ProviderData[] Providers);

internal sealed record ProviderData(string Id, MatchData? Names, MatchData? Owns, string[]? Fallbacks, ModelData[] Models);

/// <param name="Match">Null for a model that is known by its id only.</param>
internal sealed record ModelData(string Id, MatchData? Match, DatedData[] Prices);

internal sealed record DatedData(DateOnly? From, TimeOnly[]? Hours, RatesData? Rates, TierData[]? Tiers);

internal sealed record TierData(long Over, RatesData Rates);

/// <summary>Exactly one member is set.</summary>
internal sealed record MatchData
{
    [JsonPropertyName("equals")]
    public string? Same { get; init; }

    [JsonPropertyName("starts_with")]
    public string? Start { get; init; }

    [JsonPropertyName("ends_with")]
    public string? End { get; init; }

    [JsonPropertyName("contains")]
    public string? Part { get; init; }

    public string? Regex { get; init; }

    public MatchData[]? Or { get; init; }

    public MatchData[]? And { get; init; }
}

/// <summary>USD per million tokens, or per thousand requests and searches.</summary>
internal sealed record RatesData
{
    public decimal? Input { get; init; }

    public decimal? CacheRead { get; init; }

    public decimal? CacheWrite { get; init; }

    public decimal? CacheWrite1h { get; init; }

    public decimal? InputAudio { get; init; }

    public decimal? CacheReadAudio { get; init; }

    public decimal? InputImage { get; init; }

    public decimal? CacheReadImage { get; init; }

    public decimal? InputVideo { get; init; }

    public decimal? Output { get; init; }

    public decimal? Reasoning { get; init; }

    public decimal? OutputAudio { get; init; }

    public decimal? OutputImage { get; init; }

    public decimal? OutputVideo { get; init; }

    public decimal? Requests { get; init; }

    public decimal? WebSearches { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PriceData))]
internal sealed partial class PriceJson : JsonSerializerContext;
