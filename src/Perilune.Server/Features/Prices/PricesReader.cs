using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Model.Filtering;
using Perilune.Model.Pricing;
using Perilune.Storage;

namespace Perilune.Server.Features.Prices;

/// <summary>What the page of prices shows beside the prices themselves.</summary>
internal sealed class PricesReader(IRunStore store, IProjectPrices prices, TimeProvider time)
{
    public const int DaysLookedAt = 30;
    private const int MostModels = 20;
    private const int MostFound = 30;
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(3);
    private static readonly Filter s_calls = FilterParser.Parse("type:llm OR type:embedding", default).Filter!;

    /// <summary>The bundled prices of other times, by model, whose provider or name have all the words in them.</summary>
    public static IReadOnlyList<ModelPrice> Search(string words)
    {
        var parts = words.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Length == 0 ? [] : [.. PriceBook.Default.History()
            .Where(price => price.UsdPerMillion(CostClass.Input) is not null || price.UsdPerMillion(CostClass.Output) is not null)
            .Where(price => Array.TrueForAll(parts, part => price.Id.Contains(part, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(price => price.Model.Length)
            .ThenBy(price => price.Id, StringComparer.Ordinal)
            .Take(MostFound)];
    }

    /// <summary>Models whose calls of the last days used tokens and have no cost, those with the most calls first.</summary>
    public async Task<IReadOnlyList<UnpricedModel>> UnpricedAsync(Guid project, CancellationToken cancellationToken)
    {
        var now = Instant.From(time.GetUtcNow());
        var query = new AnalyticsQuery
        {
            Bounds = [Quarter.Of(now + -TimeSpan.FromDays(DaysLookedAt)).Start, Quarter.AtOrAfter(now).Start],
            By = Facet.Name,
            Filter = s_calls,
        };
        var book = prices.For(project);
        return
        [
            .. (await store.AnalyticsAsync(project, query, cancellationToken))
                .Select(series => (series.Key.Type, Name: series.Key.Value, Sums: series.Total()))
                .Where(model => model is { Name.Length: > 0, Sums: { Priced: 0, Tokens: var tokens } } && tokens > 0)
                .OrderByDescending(model => model.Sums.Calls)
                .ThenBy(model => model.Name, StringComparer.Ordinal)
                .Take(MostModels)
                .Select(model => new UnpricedModel(model.Type!, model.Name!, model.Sums.Calls, long.CreateSaturating(model.Sums.Tokens), book.Find(null, model.Name, now) is not null))
        ];
    }

    public async Task<long> CallsAsync(Guid project, PriceSpan span, CancellationToken cancellationToken)
    {
        var query = new AnalyticsQuery { Bounds = [span.From ?? Instant.MinValue, span.To ?? Instant.MaxValue], Filter = s_calls };
        return (await store.AnalyticsAsync(project, query, cancellationToken)).Sum(series => series.Total().Calls);
    }

    public Task<PricePreview> PreviewAsync(Guid project, PriceSpan span, CancellationToken cancellationToken) =>
        store.PreviewPricesAsync(project, span, s_budget, cancellationToken);
}

/// <param name="Type">Of the calls: llm or embedding.</param>
/// <param name="HasPrice">The model has a price by now, and its calls can be priced anew.</param>
public sealed record UnpricedModel(string Type, string Name, long Calls, long Tokens, bool HasPrice);
