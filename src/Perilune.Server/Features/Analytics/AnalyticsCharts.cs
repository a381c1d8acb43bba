using System.Globalization;
using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Model.Filtering;
using Perilune.Server.Ui;
using Perilune.Server.Ui.Charts;

namespace Perilune.Server.Features.Analytics;

/// <summary>The charts of the analytics page.</summary>
internal static class AnalyticsCharts
{
    private static readonly string[] s_types =
        [RunTypes.Llm, RunTypes.Agent, RunTypes.Chain, RunTypes.Tool, RunTypes.Retriever, RunTypes.Embedding, RunTypes.Chat];

    public static IReadOnlyList<Chart> Of(AnalyticsFigures figures)
    {
        var calls = figures.PerPeriod(CountingRule.CountsUsage);
        var work = figures.PerPeriod(CountingRule.IsBillable);
        var all = figures.Total(CountingRule.IsBillable);
        var used = figures.Total(CountingRule.CountsUsage);
        var ofCalls = Periods(figures, "llm");
        return
        [
            Runs(figures, all),
            new("Errors", ChartShape.Bars, Periods(figures, "all", AnalyticsLinks.Is(FilterField.Status, "error")),
                [new("Errors", "c-bad", [.. work.Select(s => (double?)s?.Errors)])], Whole)
            {
                Headline = Share(all.Errors, all.Runs),
            },
            new("Cost", ChartShape.Bars, ofCalls, [new("Cost", "c-1", [.. calls.Select(s => (double?)s?.Cost)])], Money)
            {
                Headline = Money((double)used.Cost),
                Note = used.Priced < used.Calls ? $"{Format.Count(used.Calls - used.Priced)} of {Format.Count(used.Calls)} model calls have no price or no token counts: they are not in the sum." : null,
            },
            Tokens(ofCalls, calls, used),
            Times("Latency of model calls", ofCalls, calls, used.Latency, s => s.Latency, [0.5, 0.95, 0.99]),
            Times("Time to first token", ofCalls, calls, used.FirstToken, s => s.FirstToken, [0.5, 0.95]),
            new("Users", ChartShape.Bars, Periods(figures, null),
            [
                new("New", "c-1", [.. figures.Users.New.Zip(figures.Users.Active, (fresh, active) => (double?)Math.Min(fresh, active))]),
                new("Returning", "c-2", [.. figures.Users.Active.Zip(figures.Users.New, (active, fresh) => (double?)Math.Max(0, active - fresh))]),
            ],
            Whole) { Headline = Format.Count(figures.Users.Total) },
            Feedback(figures),
        ];
    }

    public static string Label(Instant start, Granularity granularity, TimeZoneInfo zone) => Model.Counting.Periods.Local(start, zone).ToString(
        granularity switch
        {
            Granularity.Quarter or Granularity.Hour => "MMM d, HH:mm",
            Granularity.Day => "ddd, MMM d",
            Granularity.Week => "'Week of' MMM d",
            _ => "MMM yyyy",
        },
        CultureInfo.InvariantCulture);

    public static string Whole(double value) => value < 1e6 ? value.ToString("#,##0.##", CultureInfo.InvariantCulture) : Large(value);

    public static string Money(double nano) => Format.Money(nano < long.MaxValue ? (long)nano : long.MaxValue);

    public static string Share(long part, long whole) =>
        whole == 0 ? Format.Unknown : (part / (double)whole).ToString(part == 0 || part * 1000 >= whole ? "0.0 %" : "0.000 %", CultureInfo.InvariantCulture);

    private static string Large(double value) => value switch
    {
        >= 1e12 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e12:0.0}T"),
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e9:0.0}B"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:0.0}M"),
    };

    private static Chart Runs(AnalyticsFigures figures, RunSums all)
    {
        var known = s_types.Where(type => figures.Types.Any(s => s.Key.Type == type))
            .Select(type => new ChartSeries(type is RunTypes.Llm ? "LLM" : char.ToUpperInvariant(type[0]) + type[1..], $"k-{type}", Counts(figures.PerPeriod(t => t == type))));
        var others = new ChartSeries("Other", "c-3", Counts(figures.PerPeriod(t => !s_types.Contains(t) && t is not RunTypes.Thread)));
        return new("Runs", ChartShape.Bars, Periods(figures, "all"), [.. known.Append(others).Where(s => s.Values.Any(v => v > 0))], Whole) { Headline = Format.Count(all.Runs) };
    }

    private static Chart Tokens(IReadOnlyList<ChartPeriod> periods, IReadOnlyList<RunSums?> calls, RunSums used) => new(
        "Tokens", ChartShape.Bars, periods,
        [
            new("Input", "c-1", [.. calls.Select(s => (double?)(s?.Input - s?.CacheRead - s?.CacheWrite))]),
            new("Cache read", "c-2", [.. calls.Select(s => (double?)s?.CacheRead)]),
            new("Cache write", "c-3", [.. calls.Select(s => (double?)s?.CacheWrite)]),
            new("Output", "c-4", [.. calls.Select(s => (double?)s?.Output)]),
        ],
        Whole) { Headline = Whole((double)used.Tokens) };

    private static Chart Times(string title, IReadOnlyList<ChartPeriod> periods, IReadOnlyList<RunSums?> calls, Histogram all, Func<RunSums, Histogram> which, double[] shares) => new(
        title, ChartShape.Lines, periods,
        [.. shares.Select((share, i) => new ChartSeries(
            string.Create(CultureInfo.InvariantCulture, $"p{share * 100:0}"), $"c-{i + 1}",
            [.. calls.Select(s => s is null ? null : which(s).Percentile(share)?.TotalMilliseconds)]))],
        ms => Format.Duration(TimeSpan.FromMilliseconds(ms)))
    {
        Headline = all.Percentile(0.5) is { } half ? $"p50 {Format.Duration(half)} · p95 {Format.Duration(all.Percentile(0.95))}" : null,
    };

    private static Chart Feedback(AnalyticsFigures figures)
    {
        var (up, down) = (Of("up"), Of("down"));
        var (ups, downs) = (up.Sum() ?? 0, down.Sum() ?? 0);
        return new("Feedback", ChartShape.Bars, Periods(figures, "all", new FieldFilter(FilterField.Feedback, "thumb", FilterOperator.Exists, default)), [new("Up", "c-good", up), new("Down", "c-bad", down)], Whole)
        {
            Headline = ups + downs > 0 ? $"{Share((long)ups, (long)(ups + downs))} up" : null,
        };

        double?[] Of(string thumb) => figures.Thumbs.FirstOrDefault(s => s.Key.Value == thumb) is { } series ? Counts(series.Periods) : new double?[figures.Periods.Count];
    }

    private static double?[] Counts(IReadOnlyList<RunSums?> periods) => [.. periods.Select(s => (double?)s?.Runs)];

    private static IReadOnlyList<ChartPeriod> Periods(AnalyticsFigures figures, string? scope, params IReadOnlyList<Filter> filters) =>
    [
        .. Enumerable.Range(0, figures.Periods.Count).Select(i => new ChartPeriod(
            Label(figures.Periods.Bounds[i], figures.Periods.Granularity, figures.Periods.Zone),
            scope is null ? null : AnalyticsLinks.Runs(figures.View, scope, figures.Periods.Bounds[i], figures.Periods.Bounds[i + 1], [figures.Filter, .. filters]))),
    ];
}
