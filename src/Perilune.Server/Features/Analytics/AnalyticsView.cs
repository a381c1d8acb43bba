using System.Globalization;
using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Model.Filtering;

namespace Perilune.Server.Features.Analytics;

/// <summary>What the analytics page shows, as its address says it.</summary>
public sealed record AnalyticsView
{
    /// <summary>More would be thinner than a pixel.</summary>
    private const int MostPeriods = 400;

    public static readonly IReadOnlyList<(string Name, string Label)> Ranges =
        [("24h", "24 hours"), ("7d", "7 days"), ("30d", "30 days"), ("90d", "90 days"), ("12mo", "12 months")];

    public static readonly IReadOnlyList<(string Name, string Label, Granularity Granularity)> Steps =
        [("hour", "Hours", Granularity.Hour), ("day", "Days", Granularity.Day), ("week", "Weeks", Granularity.Week), ("month", "Months", Granularity.Month)];

    public static readonly IReadOnlyList<string> Sorts = ["runs", "tokens", "cost", "p95", "errors"];

    /// <summary>Columns of the table of models.</summary>
    public static readonly IReadOnlyList<(string Name, string Label)> ModelSorts =
        [("name", "Model"), ("runs", "Runs"), ("errors", "Errors"), ("input", "Tokens in"), ("output", "Tokens out"), ("cost", "Cost"), ("p50", "p50"), ("p95", "p95"), ("p99", "p99")];

    public required Guid Project { get; init; }

    public required string Range { get; init; }

    /// <summary>Local days, both inclusive, of a range that is not one of <see cref="Ranges"/>.</summary>
    public string? From { get; init; }

    public string? To { get; init; }

    /// <summary>As given; null chooses one that fits.</summary>
    public string? Step { get; init; }

    public string? Zone { get; init; }

    public string Query { get; init; } = "";

    /// <summary>What the lists below the charts are sorted by.</summary>
    public string Sort { get; init; } = "runs";

    /// <summary>What the table of models is sorted by.</summary>
    public string ModelSort { get; init; } = "runs";

    public bool IsModelSortAscending { get; init; }

    /// <summary>Null when the address cannot be meant; see <see cref="Problem"/>.</summary>
    public Periods? Periods { get; private init; }

    public string? Problem { get; private init; }

    public static AnalyticsView Of(Guid project, AnalyticsAddress address, Instant now)
    {
        var isCustom = !string.IsNullOrEmpty(address.From) || !string.IsNullOrEmpty(address.To);
        var view = new AnalyticsView
        {
            Project = project,
            Range = isCustom ? "" : Ranges.FirstOrDefault(r => r.Name == address.Range, Ranges[1]).Name,
            From = isCustom ? address.From : null,
            To = isCustom ? address.To : null,
            Step = Steps.FirstOrDefault(s => s.Name == address.By).Name,
            Zone = string.IsNullOrWhiteSpace(address.Tz) ? null : address.Tz.Trim(),
            Query = address.Q?.Trim() ?? "",
            Sort = Sorts.FirstOrDefault(s => s == address.Sort, Sorts[0]),
            ModelSort = ModelSorts.FirstOrDefault(s => s.Name == address.Models, ModelSorts[1]).Name,
            IsModelSortAscending = address.Dir == "asc",
        };
        var zone = TimeZoneInfo.Utc;
        if (view.Zone is { } id && (id.Length > 64 || !TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone)))
        {
            return view with { Problem = $"“{id}” is not a time zone. Give one such as Europe/Berlin or America/New_York." };
        }

        return view.Split(zone, now);
    }

    internal FilterParseResult Parse(Instant now) => Query.Length > 0 ? FilterParser.Parse(Query, now) : new FilterParseResult(Filter.All, []);

    private AnalyticsView Split(TimeZoneInfo zone, Instant now)
    {
        var today = Periods.StartOf(now, Granularity.Day, zone);
        var tomorrow = Periods.NextStart(now, Granularity.Day, zone);
        Instant DaysAgo(int days) => Periods.Midnight(Periods.Local(today, zone).Date.AddDays(-days), zone);
        (Instant From, Instant To)? span = Range switch
        {
            "24h" => (Periods.StartOf(now + TimeSpan.FromHours(-23), Granularity.Hour, zone), Periods.NextStart(now, Granularity.Hour, zone)),
            "7d" => (DaysAgo(6), tomorrow),
            "30d" => (DaysAgo(29), tomorrow),
            "90d" => (DaysAgo(89), tomorrow),
            "12mo" => (Periods.Midnight(FirstOfMonth(Periods.Local(now, zone)).AddMonths(-11), zone), Periods.NextStart(now, Granularity.Month, zone)),
            _ => Day(From) is { } from && Day(To) is { } to && from <= to ? (Periods.Midnight(from, zone), Periods.NextStart(Periods.Midnight(to, zone), Granularity.Day, zone)) : null,
        };
        if (span is not var (start, end))
        {
            return this with { Problem = "The dates cannot be read. Give both as year-month-day, such as 2026-11-01, the earlier one first." };
        }

        var granularity = Step is { } step ? Steps.First(s => s.Name == step).Granularity : (end - start).TotalDays switch
        {
            <= 3 => Granularity.Hour,
            <= 92 => Granularity.Day,
            <= 370 when Range != "12mo" => Granularity.Week,
            _ => Granularity.Month,
        };
        return Periods.Split(start, end, granularity, zone) is { Count: <= MostPeriods } periods
            ? this with { Periods = periods }
            : this with { Problem = "There would be more bars than anybody can tell apart. Choose longer steps or a shorter time." };
    }

    private static DateTime? Day(string? text) =>
        DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 2000 and <= 2100 ? day : null;

    private static DateTime FirstOfMonth(DateTime day) => new(day.Year, day.Month, 1);
}

/// <summary>The query string of the analytics page.</summary>
public sealed record AnalyticsAddress(string? Range, string? From, string? To, string? By, string? Tz, string? Q, string? Sort, string? Models, string? Dir);
