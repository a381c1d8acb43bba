using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Model.Filtering;
using Perilune.Storage;

namespace Perilune.Server.Features.Analytics;

/// <summary>Asks the store what the analytics page shows.</summary>
internal sealed class AnalyticsReader(IRunStore store)
{
    public async Task<AnalyticsFigures> ReadAsync(AnalyticsView view, Periods periods, Filter filter, CancellationToken cancellationToken)
    {
        IReadOnlyList<Instant> whole = [periods.From, periods.To];
        var types = Ask(periods.Bounds, Facet.Type);
        var thumbs = Ask(periods.Bounds, Facet.Thumb);
        var users = store.UserActivityAsync(view.Project, periods.Bounds, filter, cancellationToken);
        var names = Ask(whole, Facet.Name);
        var tags = Ask(whole, Facet.Tag);
        var templates = Ask(whole, Facet.Template);
        return new AnalyticsFigures(view, periods, filter, await types, await thumbs, await users, Totals(await names), Totals(await tags), Totals(await templates));

        Task<IReadOnlyList<AnalyticsSeries>> Ask(IReadOnlyList<Instant> bounds, Facet by) =>
            store.AnalyticsAsync(view.Project, new AnalyticsQuery { Bounds = bounds, Filter = filter, By = by }, cancellationToken);
    }

    private static IReadOnlyList<TopRow> Totals(IReadOnlyList<AnalyticsSeries> series) => [.. series.Select(s => new TopRow(s.Key, s.Total()))];
}

/// <summary>One group over the whole time.</summary>
public sealed record TopRow(FacetKey Key, RunSums Sums);

/// <summary>Everything the page shows.</summary>
public sealed record AnalyticsFigures(
    AnalyticsView View,
    Periods Periods,
    Filter Filter,
    IReadOnlyList<AnalyticsSeries> Types,
    IReadOnlyList<AnalyticsSeries> Thumbs,
    UserActivity Users,
    IReadOnlyList<TopRow> Names,
    IReadOnlyList<TopRow> Tags,
    IReadOnlyList<TopRow> Templates)
{
    public bool IsEmpty => Types.Count == 0;

    /// <summary>Sums over the types that a condition holds for, per period; null where there was nothing.</summary>
    public IReadOnlyList<RunSums?> PerPeriod(Func<string, bool> isWanted) =>
        [.. Enumerable.Range(0, Periods.Count).Select(i => Sum(Types.Where(s => isWanted(s.Key.Type!)).Select(s => s.Periods[i]).OfType<RunSums>().ToList()))];

    public RunSums Total(Func<string, bool> isWanted) =>
        Sum([.. Types.Where(s => isWanted(s.Key.Type!)).Select(s => s.Total())]) ?? new RunSums();

    private static RunSums? Sum(List<RunSums> parts)
    {
        if (parts.Count == 0)
        {
            return null;
        }

        var sum = new RunSums();
        parts.ForEach(sum.Add);
        return sum;
    }
}
