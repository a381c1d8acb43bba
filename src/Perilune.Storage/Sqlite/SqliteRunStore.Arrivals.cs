using Perilune.Storage.Sqlite.Counting;

namespace Perilune.Storage.Sqlite;

public sealed partial class SqliteRunStore
{
    public async Task<IReadOnlyList<ArrivalSums>> ArrivalsAsync(Guid project, DateOnly since, CancellationToken cancellationToken)
    {
        var sums = new Dictionary<(DateOnly Day, Guid KeyId, string Client), ArrivalSums>();
        await AskAsync(project, file => FileArrivals.AddTo(sums, file, since), cancellationToken);
        return [.. sums.Values.OrderByDescending(s => s.Day).ThenByDescending(s => s.Last).ThenBy(s => s.Client, StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<KeptRefusal>> RefusalsAsync(Guid project, int limit, CancellationToken cancellationToken)
    {
        var refusals = new List<KeptRefusal>();
        await AskAsync(project, file => FileArrivals.AddTo(refusals, file), cancellationToken);
        return [.. refusals.OrderByDescending(r => r.Time).Take(Math.Min(limit, Arrival.KeptRefusals))];
    }
}
