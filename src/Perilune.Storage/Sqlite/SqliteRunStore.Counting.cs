using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Storage.Sqlite.Counting;
using Perilune.Storage.Sqlite.Read;

namespace Perilune.Storage.Sqlite;

public sealed partial class SqliteRunStore
{
    public async Task<IReadOnlyList<IReadOnlyList<AnalyticsSeries>>> AnalyticsAsync(Guid project, IReadOnlyList<AnalyticsQuery> queries, CancellationToken cancellationToken)
    {
        var asked = new List<(AnalyticsQuery Query, SeriesSums Sums)>(queries.Count);
        foreach (var query in queries)
        {
            asked.Add((query with { Filter = await WithUsersAsync(project, query.Filter, cancellationToken) }, new SeriesSums(query.Bounds)));
        }

        await AskAsync(project, file => ReadAnalytics.AddTo(asked, file), cancellationToken);
        return [.. asked.Select(answer => answer.Sums.ToSeries())];
    }

    public async Task<UserActivity> UserActivityAsync(Guid project, IReadOnlyList<Instant> bounds, Filter filter, CancellationToken cancellationToken)
    {
        filter = await WithUsersAsync(project, filter, cancellationToken);
        var active = new ActiveUsers(bounds.Count - 1);
        var seen = new Dictionary<string, (Instant First, Instant Last)>(StringComparer.Ordinal);
        var since = await AskAsync(
            project,
            file =>
            {
                ReadUsers.AddActive(active, file, bounds, filter);
                ReadUsers.AddSeen(seen, file);
            },
            cancellationToken);
        var isFiltered = filter is not AndFilter { Items.Count: 0 };
        var isNew = new int[bounds.Count - 1];
        foreach (var (user, (first, last)) in seen)
        {
            if (last >= since && first >= bounds[0] && first < bounds[^1] && (!isFiltered || active.Contains(user)))
            {
                isNew[SeriesSums.PeriodOf(bounds, first)]++;
            }
        }

        return new UserActivity(active.Counts, isNew, active.Total);
    }

    public async Task<UserPage> ListUsersAsync(Guid project, UserQuery query, CancellationToken cancellationToken)
    {
        query = query with { Filter = await WithUsersAsync(project, query.Filter, cancellationToken) };
        var seen = new Dictionary<string, (Instant First, Instant Last)>(StringComparer.Ordinal);
        var sums = new Dictionary<string, UserSums>(StringComparer.Ordinal);
        var sumsAll = !query.IsOfAll || query.Sort is UserSort.Runs or UserSort.Tokens or UserSort.Cost;
        var since = await AskAsync(
            project,
            file =>
            {
                ReadUsers.AddSeen(seen, file);
                if (sumsAll)
                {
                    ReadUsers.AddSums(sums, file, query.Filter, query.From ?? Instant.MinValue, query.To ?? Instant.MaxValue);
                }
            },
            cancellationToken);

        var known = query.Search is { Length: > 0 }
            ? (await UsersAsync(project, seen.Keys, cancellationToken)).ToDictionary(user => user.Id, StringComparer.Ordinal)
            : [];
        var page = UserOrder.Page(query, seen
            .Where(user => user.Value.Last >= since && (query.IsOfAll || sums.ContainsKey(user.Key)))
            .Select(user => new UserUse(known.GetValueOrDefault(user.Key) ?? new EndUser(user.Key, user.Value.First, user.Value.Last, default), sums.GetValueOrDefault(user.Key))));
        var ids = page.Users.Select(user => user.User.Id).ToList();
        if (!sumsAll && query.WantsSums)
        {
            await AskAsync(project, file => ReadUsers.AddSumsOf(sums, file, ids), cancellationToken);
        }

        var whole = (await UsersAsync(project, ids, cancellationToken)).ToDictionary(user => user.Id, StringComparer.Ordinal);
        return page with { Users = [.. ids.Select(id => new UserUse(whole[id], query.WantsSums ? sums.GetValueOrDefault(id) : default))] };
    }

    public async Task<UserSums> UserSumsAsync(Guid project, string userId, Instant? from, Instant? to, CancellationToken cancellationToken)
    {
        var sums = default(UserSums);
        await AskAsync(project, file => sums = sums.Plus(ReadUsers.SumsOf(file, userId, from ?? Instant.MinValue, to ?? Instant.MaxValue)), cancellationToken);
        return sums;
    }

    public async Task<IReadOnlyList<LedgerEntry>> LedgerAsync(Guid project, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var days = new Dictionary<(DateOnly Day, string Type), long>();
        await ReadAsync(
            project,
            false,
            runs =>
            {
                var files = runs.FileNames;
                runs.AskAll(file => ReadLedger.AddTo(days, file, files, from, to));
                return true;
            },
            cancellationToken);
        return [.. days.Select(day => new LedgerEntry(day.Key.Day, day.Key.Type, day.Value)).OrderBy(entry => entry.Day).ThenBy(entry => entry.Type, StringComparer.Ordinal)];
    }

    private Task<Filter> WithUsersAsync(Guid project, Filter filter, CancellationToken cancellationToken) =>
        filter.AsksForProps() ? ReadAsync(project, filter, runs => runs.WithUsers(filter), cancellationToken) : Task.FromResult(filter);

    /// <summary>Puts a question to every file of the project, one after the other. Returns the time before which nothing is shown.</summary>
    private Task<Instant> AskAsync(Guid project, Action<RunFileReader> question, CancellationToken cancellationToken) => ReadAsync(
        project,
        Instant.MinValue,
        runs =>
        {
            runs.AskAll(question);
            return runs.Since;
        },
        cancellationToken);
}
