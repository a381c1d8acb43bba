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
        var users = store.UserActivityAsync(view.Project, periods.Bounds, filter, cancellationToken);
        var answers = await store.AnalyticsAsync(
            view.Project,
            [Of(periods.Bounds, Facet.Type), Of(periods.Bounds, Facet.Thumb), Of(whole, Facet.Name), Of(whole, Facet.Tag), Of(whole, Facet.Template)],
            cancellationToken);
        return new AnalyticsFigures(view, periods, filter, answers[0], answers[1], await users, Totals(answers[2]), Totals(answers[3]), Totals(answers[4]));

        AnalyticsQuery Of(IReadOnlyList<Instant> bounds, Facet by) => new() { Bounds = bounds, Filter = filter, By = by };
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
