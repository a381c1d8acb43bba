using System.Globalization;
using Perilune.Control;
using Perilune.Model;
using Perilune.Model.Pricing;

namespace Perilune.Server.Features.Prices;

/// <summary>What stands in the fields of a price.</summary>
public sealed record PriceDraft
{
    public static readonly IReadOnlyList<(PriceMatch Match, string Label)> Matches =
        [(PriceMatch.Exact, "exactly"), (PriceMatch.Wildcard, "with * for anything"), (PriceMatch.Regex, "as a regular expression")];

    /// <summary>The rates, as fields: what people read, and what the price book calls it.</summary>
    internal static readonly IReadOnlyList<(string Field, string Label, CostClass Class)> Fields =
    [
        ("input", "Input", CostClass.Input),
        ("output", "Output", CostClass.Output),
        ("cacheRead", "Input, read from cache", CostClass.CacheRead),
        ("cacheWrite", "Input, written to cache", CostClass.CacheWrite),
        ("cacheWrite1h", "Input, cached for an hour", CostClass.CacheWrite1h),
        ("reasoning", "Output, reasoning", CostClass.Reasoning),
        ("inputAudio", "Input, audio", CostClass.InputAudio),
        ("outputAudio", "Output, audio", CostClass.OutputAudio),
    ];

    public string Model { get; init; } = "";

    public PriceMatch Match { get; init; }

    public string Provider { get; init; } = "";

    /// <summary>A UTC day, or blank.</summary>
    public string From { get; init; } = "";

    /// <summary>By field.</summary>
    public IReadOnlyDictionary<string, string> Rates { get; init; } = new Dictionary<string, string>();

    internal static PriceDraft Of(ProjectPrice price) => new()
    {
        Model = price.Pattern,
        Match = price.Match,
        Provider = price.Provider ?? "",
        From = price.From is { } from ? PriceLinks.Day(from) : "",
        Rates = Texts(c => price.Rates.All.Where(rate => rate.Class == c).Select(rate => (decimal?)rate.Rate).FirstOrDefault()),
    };

    /// <summary>A start from a bundled price: of today, whatever it was from.</summary>
    internal static PriceDraft Like(ModelPrice price) => new() { Model = price.Model, Provider = price.Provider, Rates = Texts(price.UsdPerMillion) };

    internal static PriceDraft Of(IFormCollection form) => new()
    {
        Model = form["model"].ToString(),
        Match = Enum.TryParse<PriceMatch>(form["match"].ToString(), out var match) && Enum.IsDefined(match) ? match : PriceMatch.Exact,
        Provider = form["provider"].ToString(),
        From = form["from"].ToString(),
        Rates = Fields.ToDictionary(field => field.Field, field => form[field.Field].ToString()),
    };

    /// <summary>What is to be stored, or what is wrong with the fields.</summary>
    /// <param name="before">The price that is changed; null for a new one.</param>
    internal (PriceTerms? Terms, string? Fault) Read(ProjectPrice? before)
    {
        if (!PriceDays.TryDay(From, out var day))
        {
            return (null, "The day from which it holds is a date, such as 2026-11-01, or blank.");
        }

        var rates = new Dictionary<string, decimal?>();
        foreach (var (field, label, _) in Fields)
        {
            var text = Rates.GetValueOrDefault(field, "").Trim();
            if (text.Length > 0 && !decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _))
            {
                return (null, $"{label}: write a number of US dollars for a million tokens, such as 1.25.");
            }

            rates[field] = text.Length == 0 ? null : decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        }

        if (rates["input"] is not { } input || rates["output"] is not { } output)
        {
            return (null, "A price needs what input and output cost. Write 0 for what costs nothing.");
        }

        // A moment within its day, which only the API can set, stays; so does a name that is not the pattern.
        var from = day is not { } date ? (Instant?)null : before?.From is { } kept && PriceLinks.Day(kept) == From.Trim() ? kept : PriceDays.Start(date);
        var name = before is null || before.Name == before.Pattern ? null : before.Name;
        return (new PriceTerms(Model, Match, Provider, from, new ProjectRates(input, output)
        {
            CacheRead = rates["cacheRead"],
            CacheWrite = rates["cacheWrite"],
            CacheWrite1h = rates["cacheWrite1h"],
            Reasoning = rates["reasoning"],
            InputAudio = rates["inputAudio"],
            OutputAudio = rates["outputAudio"],
        }, name), null);
    }

    private static Dictionary<string, string> Texts(Func<CostClass, decimal?> rate) => Fields.ToDictionary(
        field => field.Field, field => rate(field.Class)?.ToString("0.######", CultureInfo.InvariantCulture) ?? "");
}
