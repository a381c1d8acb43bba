using Microsoft.AspNetCore.WebUtilities;
using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Server.Ui;
using Perilune.Storage;

namespace Perilune.Server.Features.Users;

/// <summary>What the users page shows, as its address says it.</summary>
public sealed record UsersView(Guid Project, string By, string Search, string Since, UserSort Sort, bool Ascending, int Page)
{
    /// <summary>The first and the last UTC day of a period of one's own; either may be left open. They take the place of <see cref="Since"/>.</summary>
    public DateOnly? From { get; init; }

    public DateOnly? To { get; init; }

    public bool IsBounded => Since.Length > 0 || From is not null || To is not null;

    public const int PageSize = 50;

    public static readonly IReadOnlyList<(string Name, string Label)> Groups = [("user", "Users"), ("organization", "Organizations"), ("team", "Teams")];

    public static readonly IReadOnlyList<(string Name, string Label)> Periods =
        [("", "All time"), ("7d", "Last 7 days"), ("30d", "Last 30 days"), ("month", "This month"), ("last-month", "Last month")];

    private static readonly IReadOnlyList<(UserSort Sort, string Name)> s_sorts =
        [(UserSort.LastSeen, "seen"), (UserSort.FirstSeen, "first"), (UserSort.Runs, "runs"), (UserSort.Tokens, "tokens"), (UserSort.Cost, "cost")];

    public static UsersView Of(Guid project, string? by, string? q, string? since, string? sort, string? dir, int? page, string? from = null, string? to = null)
    {
        var (first, last) = (Day(from), Day(to));
        return new(
            project,
            Groups.FirstOrDefault(g => g.Name == by, Groups[0]).Name,
            q?.Trim() ?? "",
            first is null && last is null ? Periods.FirstOrDefault(p => p.Name == since, Periods[0]).Name : "",
            s_sorts.FirstOrDefault(s => s.Name == sort, by is null or "user" ? s_sorts[0] : s_sorts[4]).Sort,
            dir == "asc",
            Math.Clamp(page ?? 0, 0, 10_000))
        {
            From = first, To = last,
        };
    }

    /// <summary>Whose property a group is named by.</summary>
    public string Property => By == "team" ? "teamId" : "organizationId";

    public string Url(string? by = null, UserSort? sort = null, bool? ascending = null, int page = 0)
    {
        var (group, order) = (by ?? By, sort ?? Sort);
        var isDefault = order == (group == "user" ? UserSort.LastSeen : UserSort.Cost);
        var path = UserLinks.List(Project);
        foreach (var (name, value) in new[]
        {
            ("by", group == "user" ? null : group), ("q", Search), ("since", Since), ("from", Text(From)), ("to", Text(To)), ("sort", isDefault ? null : s_sorts.First(s => s.Sort == order).Name),
            ("dir", (ascending ?? Ascending) ? "asc" : null), ("page", page == 0 ? null : page.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        })
        {
            path = string.IsNullOrEmpty(value) ? path : QueryHelpers.AddQueryString(path, name, value);
        }

        return path;
    }

    public string SortedUrl(UserSort sort) => Url(sort: sort, ascending: Sort == sort && !Ascending);

    public IReadOnlyList<Tab> Tabs() => [.. Groups.Select(g => new Tab(g.Label, (this with { Sort = g.Name == "user" ? UserSort.LastSeen : UserSort.Cost, Ascending = false }).Url(g.Name), g.Name == By))];

    /// <summary>The period in UTC.</summary>
    public (Instant? From, Instant? To) Bounds(DateTimeOffset now)
    {
        if (From is not null || To is not null)
        {
            return (Midnight(From), Midnight(To?.AddDays(1)));
        }

        var month = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        return Since switch
        {
            "7d" => (DaysBefore(now, 7), null),
            "30d" => (DaysBefore(now, 30), null),
            "month" => (Instant.From(month), null),
            "last-month" => (Instant.From(month.AddMonths(-1)), Instant.From(month)),
            _ => (null, null),
        };
    }

    /// <summary>So many days ago, at the start of a quarter of an hour: sums answer for those, and need no run to be read.</summary>
    public static Instant DaysBefore(DateTimeOffset now, int days) => Quarter.Of(Instant.From(now.AddDays(-days))).Start;

    public static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day) && day.Year is >= 2000 and <= 2100 ? day : null;

    private static Instant? Midnight(DateOnly? day) => day is { } d ? Instant.From(new DateTimeOffset(d.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)) : null;
}
