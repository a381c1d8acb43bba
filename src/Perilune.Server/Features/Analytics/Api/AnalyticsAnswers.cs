using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Model.Filtering;
using Perilune.Storage;

namespace Perilune.Server.Features.Analytics.Api;

/// <summary>Answers in the shapes of Lunary's dashboard.</summary>
internal sealed class AnalyticsAnswers(IRunStore store, Guid project, AnalyticsRequest request, CancellationToken cancellationToken)
{
    private static readonly double[] s_percentiles = [0.5, 0.75, 0.9, 0.95, 0.99];

    private Periods Periods => request.Periods!;

    /// <summary>One value per period and group.</summary>
    /// <param name="by">What makes the series.</param>
    /// <param name="only">Which groups; null takes all.</param>
    /// <param name="value">Of the sums of a period.</param>
    public async Task<SeriesShape> SeriesAsync(Facet by, Func<FacetKey, bool> only, Func<RunSums, double> value)
    {
        var series = (await AskAsync(Periods.Bounds, by)).Where(s => only(s.Key)).ToList();
        return new SeriesShape
        {
            Data = [.. series.OrderBy(s => s.Key.Value ?? s.Key.Type, StringComparer.Ordinal).SelectMany(s => s.Periods.Select((sums, i) => Point(i, sums is null ? 0 : value(sums), s.Key.Value ?? s.Key.Type ?? "")))],
            Stat = series.Sum(s => value(s.Total())),
        };
    }

    /// <summary>One value per period over all groups together.</summary>
    public async Task<SeriesShape> SumAsync(Func<FacetKey, bool> only, string name, Func<RunSums, double> value, Facet by = Facet.Type)
    {
        var (periods, total) = await SumsAsync(only, by);
        return new SeriesShape { Data = [.. periods.Select((sums, i) => Point(i, value(sums), name))], Stat = value(total) };
    }

    public async Task<SeriesShape> LatencyAsync()
    {
        var (periods, total) = await SumsAsync(key => CountingRule.CountsUsage(key.Type), Facet.Type);
        return new SeriesShape
        {
            Data = [.. s_percentiles.SelectMany(share => periods.Select((sums, i) => Point(i, sums.Latency.Percentile(share)?.TotalSeconds, FormattableString.Invariant($"p{share * 100:0}"))))],
            Stat = total.Latency.Percentile(0.5)?.TotalSeconds,
        };
    }

    public async Task<SeriesShape> UsersAsync(bool areNew)
    {
        var users = await store.UserActivityAsync(project, Periods.Bounds, request.Filter, cancellationToken);
        return new SeriesShape
        {
            Data = [.. (areNew ? users.New : users.Active).Select((count, i) => Point(i, count, areNew ? "New users" : "Active users"))],
            Stat = areNew ? users.New.Sum() : users.Total,
        };
    }

    public async Task<SeriesShape> CostPerUserAsync()
    {
        var users = await store.UserActivityAsync(project, Periods.Bounds, request.Filter, cancellationToken);
        var withUser = new AndFilter([request.Filter, new FieldFilter(FilterField.User, null, FilterOperator.Exists, default)]).Normalize();
        var costs = await store.AnalyticsAsync(project, new AnalyticsQuery { Bounds = Periods.Bounds, Filter = withUser }, cancellationToken);
        return new SeriesShape
        {
            Data = [.. users.Active.Select((active, i) => Point(i, active == 0 ? null : costs.Sum(s => Usd(s.Periods[i]?.Cost ?? 0)) / active, "Average cost of a user"))],
            Stat = users.Total == 0 ? null : costs.Sum(s => Usd(s.Total().Cost)) / users.Total,
        };
    }

    public async Task<SeriesShape> FeedbackRatioAsync()
    {
        var thumbs = await AskAsync(Periods.Bounds, Facet.Thumb);
        return new SeriesShape
        {
            Data = [.. Enumerable.Range(0, Periods.Count).Select(i => Point(i, Ratio(thumb => Of(thumb)?.Periods[i]?.Runs ?? 0), "Thumbs up"))],
            Stat = Ratio(thumb => Of(thumb)?.Total().Runs ?? 0),
        };

        AnalyticsSeries? Of(string thumb) => thumbs.FirstOrDefault(s => s.Key.Value == thumb);
    }

    public async Task<TopShape> TopAsync(Facet by, Func<FacetKey, bool> only) => new()
    {
        Data =
        [
            .. (await AskAsync([Periods.From, Periods.To], by))
                .Where(s => only(s.Key))
                .GroupBy(s => s.Key.Value, s => s.Total(), StringComparer.Ordinal)
                .Select(group => (Name: group.Key, Sums: group.Aggregate(new RunSums(), (sum, part) => { sum.Add(part); return sum; })))
                .OrderByDescending(row => row.Sums.Runs)
                .ThenBy(row => row.Name, StringComparer.Ordinal)
                .Take(100)
                .Select(row => new TopRowShape
                {
                    Name = row.Name,
                    Value = row.Sums.Runs,
                    Errors = row.Sums.Errors,
                    PromptTokens = (double)row.Sums.Input,
                    CompletionTokens = (double)row.Sums.Output,
                    TotalTokens = (double)row.Sums.Tokens,
                    Cost = Usd(row.Sums.Cost),
                })
        ],
    };

    public static double Usd(Int128 nano) => (double)((decimal)nano / 1_000_000_000m);

    private static double? Ratio(Func<string, long> count)
    {
        var (up, down) = (count("up"), count("down"));
        return up + down == 0 ? null : up / (double)(up + down);
    }

    private async Task<(IReadOnlyList<RunSums> Periods, RunSums Total)> SumsAsync(Func<FacetKey, bool> only, Facet by)
    {
        var (periods, total) = (Enumerable.Range(0, Periods.Count).Select(_ => new RunSums()).ToList(), new RunSums());
        foreach (var series in (await AskAsync(Periods.Bounds, by)).Where(s => only(s.Key)))
        {
            total.Add(series.Total());
            for (var i = 0; i < periods.Count; i++)
            {
                if (series.Periods[i] is { } sums)
                {
                    periods[i].Add(sums);
                }
            }
        }

        return (periods, total);
    }

    private Task<IReadOnlyList<AnalyticsSeries>> AskAsync(IReadOnlyList<Instant> bounds, Facet by) =>
        store.AnalyticsAsync(project, new AnalyticsQuery { Bounds = bounds, Filter = request.Filter, By = by }, cancellationToken);

    private PointShape Point(int period, double? value, string name) => new() { Date = Periods.Bounds[period].ToString(), Value = value, Name = name };
}
