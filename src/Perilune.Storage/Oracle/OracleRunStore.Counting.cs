using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Model.Filtering;

namespace Perilune.Storage.Oracle;

public sealed partial class OracleRunStore
{
    public Task<IReadOnlyList<IReadOnlyList<AnalyticsSeries>>> AnalyticsAsync(Guid project, IReadOnlyList<AnalyticsQuery> queries, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IReadOnlyList<AnalyticsSeries>>>([.. queries.Select(query => Analytics(project, query))]);

    private IReadOnlyList<AnalyticsSeries> Analytics(Guid project, AnalyticsQuery query) =>
        [
            .. Between(project, query.Filter, query.Bounds[0], query.Bounds[^1])
                .SelectMany(run => FacetKey.Of(CountedRun.Of(run)!, query.By), (run, key) => (Key: key, Run: run))
                .GroupBy(pair => pair.Key, pair => pair.Run)
                .Select(group => new AnalyticsSeries(group.Key, Periods(query.Bounds, group, runs => runs.Any() ? RunSums.Of(runs.Select(run => CountedRun.Of(run)!)) : null)))
        ];

    public Task<UserActivity> UserActivityAsync(Guid project, IReadOnlyList<Instant> bounds, Filter filter, CancellationToken cancellationToken)
    {
        var runs = Between(project, filter, bounds[0], bounds[^1]).Where(run => !run.IsRepeat && run.User.Effective is not null).ToList();
        var isFiltered = filter is not AndFilter { Items.Count: 0 };
        var found = runs.Select(run => run.User.Effective!).ToHashSet(StringComparer.Ordinal);
        var users = Project(project).World.Users.Where(user => user.LastSeen >= Project(project).Since && (!isFiltered || found.Contains(user.Id))).ToList();
        return Task.FromResult(new UserActivity(
            Periods(bounds, runs, inPeriod => inPeriod.Select(run => run.User.Effective).Distinct(StringComparer.Ordinal).Count()),
            [.. bounds.Zip(bounds.Skip(1), (from, to) => users.Count(user => user.FirstSeen >= from && user.FirstSeen < to))],
            found.Count));
    }

    public Task<UserPage> ListUsersAsync(Guid project, UserQuery query, CancellationToken cancellationToken)
    {
        var sums = Between(project, query.Filter, query.From ?? Instant.MinValue, query.To ?? Instant.MaxValue)
            .Where(run => !run.IsRepeat && run.User.Effective is not null)
            .GroupBy(run => run.User.Effective!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Aggregate(default(UserSums), (sum, run) => sum.Plus(UserSums.Of(CountedRun.Of(run)!))), StringComparer.Ordinal);
        var page = UserOrder.Page(
            query,
            Project(project).World.Users
                .Where(user => user.LastSeen >= Project(project).Since && (query.IsOfAll || sums.ContainsKey(user.Id)))
                .Select(user => new UserUse(user, sums.GetValueOrDefault(user.Id))));
        return Task.FromResult(query.WantsSums ? page : page with { Users = [.. page.Users.Select(use => use with { Sums = default })] });
    }

    public Task<UserSums> UserSumsAsync(Guid project, string userId, Instant? from, Instant? to, CancellationToken cancellationToken) => Task.FromResult(
        Between(project, Filter.All, from ?? Instant.MinValue, to ?? Instant.MaxValue)
            .Where(run => !run.IsRepeat && run.User.Effective == userId)
            .Aggregate(default(UserSums), (sum, run) => sum.Plus(UserSums.Of(CountedRun.Of(run)!))));

    public Task<IReadOnlyList<LedgerEntry>> LedgerAsync(Guid project, DateOnly from, DateOnly to, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LedgerEntry>>(
        [
            .. Project(project).Accepted()
                .Where(run => run.Day >= from && run.Day <= to)
                .CountBy(run => run)
                .Select(day => new LedgerEntry(day.Key.Day, day.Key.Type, day.Value))
                .OrderBy(entry => entry.Day)
                .ThenBy(entry => entry.Type, StringComparer.Ordinal)
        ]);

    private IEnumerable<Run> Between(Guid project, Filter filter, Instant from, Instant to) =>
        Matching(project, RunScope.All, filter).Where(run => run.ListedAt >= from && run.ListedAt < to && !run.IsStructural);

    private static List<T> Periods<T>(IReadOnlyList<Instant> bounds, IEnumerable<Run> runs, Func<IEnumerable<Run>, T> sum) =>
        [.. bounds.Zip(bounds.Skip(1), (from, to) => sum(runs.Where(run => run.ListedAt >= from && run.ListedAt < to)))];
}
