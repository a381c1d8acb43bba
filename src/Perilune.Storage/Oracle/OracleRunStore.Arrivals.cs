using System.Collections.Concurrent;
using Perilune.Model;

namespace Perilune.Storage.Oracle;

public sealed partial class OracleRunStore
{
    private readonly ConcurrentQueue<(Guid Project, Arrival Arrival, int Stored, int Dropped)> _arrivals = new();

    public async Task<IReadOnlyList<EventRefusal>> CommitAsync(Guid project, IReadOnlyList<RunEvent> events, Arrival arrival, CancellationToken cancellationToken)
    {
        var dropped = events.Count(Project(project).IsDeleted);
        var refusals = await CommitAsync(project, events, cancellationToken);
        var told = arrival with { Refused = [.. arrival.Refused, .. refusals.Select(r => new RefusedEvent(events[r.Index].ClientId ?? events[r.Index].Id.ToString(), r.Reason))] };
        _arrivals.Enqueue((project, told, events.Count - dropped - refusals.Count, dropped));
        return refusals;
    }

    public Task<IReadOnlyList<ArrivalSums>> ArrivalsAsync(Guid project, DateOnly since, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ArrivalSums>>(
        [
            .. _arrivals
                .Where(a => a.Project == project)
                .GroupBy(a => (Day: DateOnly.FromDateTime(a.Arrival.Time.ToDateTimeOffset().UtcDateTime), a.Arrival.KeyId, a.Arrival.Client))
                .Where(g => g.Key.Day >= since)
                .Select(g => new ArrivalSums(g.Key.Day, g.Key.KeyId, g.Key.Client, g.Sum(a => a.Stored), g.Sum(a => a.Arrival.Refused.Count + a.Dropped), g.Max(a => a.Arrival.Time)))
                .OrderByDescending(s => s.Day)
                .ThenByDescending(s => s.Last)
                .ThenBy(s => s.Client, StringComparer.Ordinal)
        ]);

    public Task<IReadOnlyList<KeptRefusal>> RefusalsAsync(Guid project, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<KeptRefusal>>(
        [
            .. _arrivals
                .Where(a => a.Project == project)
                .SelectMany(a => a.Arrival.Refused, (a, refused) => new KeptRefusal(a.Arrival.Time, a.Arrival.KeyId, a.Arrival.Client, refused.Event, refused.Reason))
                .OrderByDescending(r => r.Time)
                .Take(limit)
        ]);
}
