using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Model.Filtering;

namespace Perilune.Storage;

public partial interface IRunStore
{
    /// <summary>
    /// Sums per period and group over the runs that match and start within the bounds, for each question. Exact for any
    /// bounds; the answers are of one moment.
    /// </summary>
    Task<IReadOnlyList<IReadOnlyList<AnalyticsSeries>>> AnalyticsAsync(Guid project, IReadOnlyList<AnalyticsQuery> queries, CancellationToken cancellationToken);

    /// <summary>How many different users had runs that match, per period and in all of them, and how many were new.</summary>
    Task<UserActivity> UserActivityAsync(Guid project, IReadOnlyList<Instant> bounds, Filter filter, CancellationToken cancellationToken);

    /// <summary>End users with what they used, a page of them.</summary>
    Task<UserPage> ListUsersAsync(Guid project, UserQuery query, CancellationToken cancellationToken);

    /// <summary>What one end user used in the runs that start from <paramref name="from"/> until before <paramref name="to"/>; a null bound is none.</summary>
    Task<UserSums> UserSumsAsync(Guid project, string userId, Instant? from, Instant? to, CancellationToken cancellationToken);

    /// <summary>
    /// How many runs were first accepted on each of the days, by type. Sending a run again, deleting it and dropping old
    /// data change nothing here; days without runs are left out.
    /// </summary>
    /// <param name="project">The project.</param>
    /// <param name="from">UTC day, inclusive.</param>
    /// <param name="to">UTC day, inclusive.</param>
    /// <param name="cancellationToken">Stops the question.</param>
    Task<IReadOnlyList<LedgerEntry>> LedgerAsync(Guid project, DateOnly from, DateOnly to, CancellationToken cancellationToken);
}

public static class RunStoreAnalytics
{
    /// <summary>The answer to a single question.</summary>
    public static async Task<IReadOnlyList<AnalyticsSeries>> AnalyticsAsync(this IRunStore store, Guid project, AnalyticsQuery query, CancellationToken cancellationToken) =>
        (await store.AnalyticsAsync(project, [query], cancellationToken))[0];
}

public sealed record AnalyticsQuery
{
    /// <summary>Where each period begins, then where the last one ends; ascending, at least two (see <see cref="Periods"/>).</summary>
    public required IReadOnlyList<Instant> Bounds { get; init; }

    public Filter Filter { get; init; } = Filter.All;

    public Facet By { get; init; } = Facet.Type;
}

/// <param name="Key">The group.</param>
/// <param name="Periods">One for each period; null where there was nothing.</param>
public sealed record AnalyticsSeries(FacetKey Key, IReadOnlyList<RunSums?> Periods)
{
    /// <summary>Over all periods.</summary>
    public RunSums Total()
    {
        var total = new RunSums();
        foreach (var period in Periods.OfType<RunSums>())
        {
            total.Add(period);
        }

        return total;
    }
}

/// <param name="Active">Different users per period.</param>
/// <param name="New">Users first seen in each period; with a filter, only those who have a run that matches within the bounds.</param>
/// <param name="Total">Different users over all periods.</param>
public sealed record UserActivity(IReadOnlyList<int> Active, IReadOnlyList<int> New, int Total);

public enum UserSort { LastSeen, FirstSeen, Runs, Tokens, Cost }

public sealed record UserQuery
{
    /// <summary>Only users whose id or props contain this, in either case.</summary>
    public string? Search { get; init; }

    /// <summary>Sums cover runs from here on; users without any are left out.</summary>
    public Instant? From { get; init; }

    /// <summary>Where the sums end, exclusive.</summary>
    public Instant? To { get; init; }

    /// <summary>Sums cover the runs that match; users without any are left out.</summary>
    public Filter Filter { get; init; } = Filter.All;

    public UserSort Sort { get; init; }

    public bool Ascending { get; init; }

    public int Limit { get; init; } = 50;

    public int Offset { get; init; }

    /// <summary>Whether it matters what they used; false saves the time of adding it up, and leaves it at nothing.</summary>
    public bool WantsSums { get; init; } = true;

    /// <summary>Whether every known user belongs in the answer, also those whose runs are gone.</summary>
    public bool IsOfAll => From is null && To is null && Filter is AndFilter { Items.Count: 0 };
}

/// <param name="Total">Users that the query finds, on all pages.</param>
public sealed record UserPage(IReadOnlyList<UserUse> Users, int Total);

public sealed record UserUse(EndUser User, UserSums Sums);

/// <param name="Runs">Runs of every type.</param>
/// <param name="Calls">Model calls.</param>
/// <param name="Tokens">Of model calls.</param>
/// <param name="Cost">Nano-USD of model calls.</param>
public readonly record struct UserSums(long Runs, long Errors, long Calls, Int128 Tokens, Int128 Cost)
{
    public UserSums Plus(UserSums other) => new(Runs + other.Runs, Errors + other.Errors, Calls + other.Calls, Tokens + other.Tokens, Cost + other.Cost);

    public UserSums Negated() => new(-Runs, -Errors, -Calls, -Tokens, -Cost);

    public static UserSums Of(CountedRun run, int sign = 1) => new(
        sign,
        run.Status is RunStatus.Error ? sign : 0,
        run.IsCall ? sign : 0,
        sign * ((Int128)run.Input + run.Output),
        sign * (Int128)(run.Cost ?? 0));
}

/// <param name="Day">UTC.</param>
/// <param name="Type">Empty while it was not known.</param>
public sealed record LedgerEntry(DateOnly Day, string Type, long Runs);
