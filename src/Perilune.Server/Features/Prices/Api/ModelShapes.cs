using System.ComponentModel;
using Perilune.Model;
using Perilune.Model.Pricing;

namespace Perilune.Server.Features.Prices.Api;

internal sealed record ModelShape
{
    [Description("Begins with \"project:\" where it is the project's own, which can be changed.")]
    public required string Id { get; init; }

    public required string Name { get; init; }

    [Description("Null where it is for all of them.")]
    public required string? Provider { get; init; }

    [Description("Which models an own price is for; null for a bundled one.")]
    public required string? Pattern { get; init; }

    [Description("How the pattern is read: regex (found somewhere in the name), wildcard (* for anything) or exact; null for a bundled price.")]
    public required string? Match { get; init; }

    [Description("Costs are per million of these.")]
    public required string Unit { get; init; }

    [Description("USD; null where the model has no such price.")]
    public required decimal? InputCost { get; init; }

    public required decimal? CachedInputCost { get; init; }

    [Description("Of input written to the cache.")]
    public required decimal? CacheWriteCost { get; init; }

    public required decimal? CacheWrite1hCost { get; init; }

    public required decimal? OutputCost { get; init; }

    [Description("Null where reasoning costs what output does.")]
    public required decimal? ReasoningCost { get; init; }

    public required decimal? InputAudioCost { get; init; }

    public required decimal? OutputAudioCost { get; init; }

    [Description("When the price begins to hold; null when it always did.")]
    public required DateTimeOffset? StartDate { get; init; }

    [Description("Of an own price.")]
    public required DateTimeOffset? CreatedAt { get; init; }

    [Description("Of an own price.")]
    public required DateTimeOffset? UpdatedAt { get; init; }

    public static ModelShape Of(ProjectPrice own) => Of(ModelPrice.Of(own)) with
    {
        Provider = own.Provider,
        Pattern = own.Pattern,
        Match = own.Match switch { PriceMatch.Exact => "exact", PriceMatch.Wildcard => "wildcard", _ => "regex" },
        StartDate = own.From?.ToDateTimeOffset(),
        CreatedAt = own.Created.ToDateTimeOffset(),
        UpdatedAt = own.Changed.ToDateTimeOffset(),
    };

    public static ModelShape Of(ModelPrice price) => new()
    {
        Id = price.Id,
        Name = price.Model,
        Provider = price.Provider,
        Pattern = null,
        Match = null,
        Unit = "TOKENS",
        InputCost = price.UsdPerMillion(CostClass.Input),
        CachedInputCost = price.UsdPerMillion(CostClass.CacheRead),
        CacheWriteCost = price.UsdPerMillion(CostClass.CacheWrite),
        CacheWrite1hCost = price.UsdPerMillion(CostClass.CacheWrite1h),
        OutputCost = price.UsdPerMillion(CostClass.Output),
        ReasoningCost = price.UsdPerMillion(CostClass.Reasoning),
        InputAudioCost = price.UsdPerMillion(CostClass.InputAudio),
        OutputAudioCost = price.UsdPerMillion(CostClass.OutputAudio),
        StartDate = price.From is { } day ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero) : null,
        CreatedAt = null,
        UpdatedAt = null,
    };
}

internal sealed record ModelInputShape
{
    [Description("What to call it; the pattern when it is not given.")]
    public string? Name { get; init; }

    [Description("Which models it is for. Upper and lower case are one. A regular expression, unless \"match\" says otherwise; without lookarounds and back references.")]
    public required string Pattern { get; init; }

    [Description("regex, which is the default, wildcard or exact.")]
    public string? Match { get; init; }

    [Description("Only calls to this provider.")]
    public string? Provider { get; init; }

    [Description("TOKENS.")]
    public string? Unit { get; init; }

    [Description("USD for a million tokens.")]
    public required decimal InputCost { get; init; }

    public required decimal OutputCost { get; init; }

    [Description("What is not given is charged as what it is part of.")]
    public decimal? CachedInputCost { get; init; }

    public decimal? CacheWriteCost { get; init; }

    public decimal? CacheWrite1hCost { get; init; }

    public decimal? ReasoningCost { get; init; }

    public decimal? InputAudioCost { get; init; }

    public decimal? OutputAudioCost { get; init; }

    [Description("Calls that began before are not charged by it.")]
    public DateTimeOffset? StartDate { get; init; }
}
