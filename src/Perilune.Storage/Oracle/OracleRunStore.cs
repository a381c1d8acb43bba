using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Model.Pricing;

namespace Perilune.Storage.Oracle;

/// <summary>
/// Keeps events in memory and answers every question by computing it anew. Slow, forgetful and obviously right: the
/// measure that other stores are tested against.
/// </summary>
/// <param name="prices">What calls cost; null for the bundled prices.</param>
public sealed partial class OracleRunStore(IProjectPrices? prices = null) : IRunStore
{
    private readonly IProjectPrices _prices = prices ?? new BundledPrices();
    private readonly ConcurrentDictionary<Guid, OracleProject> _projects = new();
    private readonly ChangeFeed _changes = new();

    public StoreHealth Health => new(CanWrite: true, null);

    public Task<IReadOnlyList<EventRefusal>> CommitAsync(Guid project, IReadOnlyList<RunEvent> events, CancellationToken cancellationToken)
    {
        var refusals = Project(project).Add(events);
        var world = Project(project).World;
        var ids = events.Select(e => e.Id).Distinct().ToList();
        _changes.Publish(project, new RunChange(ids, [.. ids.Select(world.Find).OfType<Run>().Select(r => r.TraceId).Distinct()]));
        return Task.FromResult<IReadOnlyList<EventRefusal>>(refusals);
    }

    public Task<RunPage> ListAsync(Guid project, RunQuery query, CancellationToken cancellationToken)
    {
        var runs = Matching(project, query.Scope, query.Filter).Select(r => (Run: r, At: RunPosition.Of(r, query.Sort)));
        runs = query.Ascending ? runs.OrderBy(r => r.At) : runs.OrderByDescending(r => r.At);
        if (query.After is { } cursor && RunPosition.TryParseCursor(cursor, out var after))
        {
            runs = runs.Where(r => query.Ascending ? r.At.CompareTo(after) > 0 : r.At.CompareTo(after) < 0);
        }

        var page = runs.Skip(query.Offset).Take(query.Limit + 1).ToList();
        var more = page.Count > query.Limit;
        var shown = page.Take(query.Limit).ToList();
        return Task.FromResult(new RunPage([.. shown.Select(r => RunProjection.Cut(r.Run, query.Detail))], more ? shown[^1].At.ToCursor() : null, null));
    }

    public Task<long?> CountAsync(Guid project, RunScope scope, Filter filter, TimeSpan budget, CancellationToken cancellationToken) =>
        Task.FromResult<long?>(Matching(project, scope, filter).LongCount());

    public Task<Run?> FindAsync(Guid project, RunId id, CancellationToken cancellationToken) =>
        Task.FromResult(Project(project).World.Find(id) is { } run && Project(project).Shows(run) ? run : null);

    public Task<IReadOnlyList<Run>> SubtreeAsync(Guid project, RunId id, RunDetail detail, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Run>>([.. Project(project).World.Subtree(id).Where(Project(project).Shows).Select(run => RunProjection.Cut(run, detail))]);

    public Task<IReadOnlyDictionary<RunId, RunTotals>> TotalsAsync(Guid project, RunGroup group, IReadOnlyCollection<RunId> ids, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<RunId, RunTotals>>(Project(project).World.Runs.Values
            .Where(r => (r.Id != r.ThreadId || group == RunGroup.Trace) && Project(project).Shows(r))
            .GroupBy(r => group == RunGroup.Trace ? r.TraceId : r.ThreadId ?? RunId.None)
            .Where(g => ids.Contains(g.Key))
            .ToDictionary(g => g.Key, g => new RunTotals(
                g.Count(),
                g.Count(r => r.Type == RunTypes.Chat),
                g.Count(r => r.Status == RunStatus.Error),
                Amounts.Sum(g.Where(r => RunTypes.IsModelCall(r.Type) && !r.IsRepeat).Select(r => r.Usage?.Total)),
                Amounts.Sum(g.Where(r => RunTypes.IsModelCall(r.Type) && !r.IsRepeat).Select(r => r.Cost)),
                g.Where(r => r.Type == RunTypes.Chat).OrderByDescending(r => r.ListedAt).ThenByDescending(r => r.Id).FirstOrDefault()?.Id)));

    public Task<int> DeleteAsync(Guid project, RunId id, CancellationToken cancellationToken) =>
        Task.FromResult(Project(project).Delete(id));

    public Task<IReadOnlyList<EndUser>> UsersAsync(Guid project, IReadOnlyCollection<string> userIds, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<EndUser>>(
            [.. Project(project).World.Users.Where(u => userIds.Contains(u.Id) && u.LastSeen >= Project(project).Since).OrderByDescending(u => u.LastSeen).ThenBy(u => u.Id, StringComparer.Ordinal)]);

    public Task<int> EraseUserAsync(Guid project, string userId, CancellationToken cancellationToken) =>
        Task.FromResult(Project(project).Erase(userId));

    public Task ForgetAsync(Guid project, Instant since, CancellationToken cancellationToken)
    {
        Project(project).Since = Instant.Max(Project(project).Since, since);
        return Task.CompletedTask;
    }

    public Task DeleteProjectAsync(Guid project, CancellationToken cancellationToken)
    {
        _projects.TryRemove(project, out _);
        return Task.CompletedTask;
    }

    public IAsyncEnumerable<RunChange> ChangesAsync(Guid project, CancellationToken cancellationToken) =>
        _changes.SubscribeAsync(project, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private OracleProject Project(Guid project) => _projects.GetOrAdd(project, id => new OracleProject(id, () => _prices.For(id)));

    private IEnumerable<Run> Matching(Guid project, RunScope scope, Filter filter)
    {
        var asked = filter.WithUsers(() => Project(project).World.Users.Where(user => user.LastSeen >= Project(project).Since).Select(user => (user.Id, user.Props)));
        return Project(project).World.Runs.Values.Where(r => scope.Includes(r) && Project(project).Shows(r) && FilterMatcher.Matches(asked, r));
    }

    private sealed class OracleProject(Guid id, Func<PriceBook> prices)
    {
        private readonly Lock _gate = new();
        private readonly List<RunEvent> _events = [];
        private readonly HashSet<RunId> _deleted = [];
        private readonly List<(DateOnly Day, string Type)> _acceptedAndDeleted = [];
        private OracleWorld? _world;

        public OracleCosts Costs { get; } = new(prices);

        public Instant Since { get; set; } = Instant.MinValue;

        public bool Shows(Run run) => run.ListedAt >= Since;

        public OracleWorld World
        {
            get
            {
                lock (_gate)
                {
                    return _world ??= new OracleWorld(id, _events, _deleted, Costs);
                }
            }
        }

        /// <summary>Gives these runs the cost of today's prices.</summary>
        public void Reprice(IEnumerable<RunId> runs)
        {
            lock (_gate)
            {
                Costs.Forget(runs);
                _world = null;
            }
        }

        public bool IsDeleted(RunEvent e)
        {
            lock (_gate)
            {
                return _deleted.Contains(e.Id);
            }
        }

        public List<EventRefusal> Add(IReadOnlyList<RunEvent> events)
        {
            lock (_gate)
            {
                var refusals = new List<EventRefusal>();
                foreach (var (i, e) in events.Index().Where(e => !_deleted.Contains(e.Item.Id)))
                {
                    if (PublicKeyRule.Refuse(OracleWorld.StateOf(e.Id, _events), e) is { } reason)
                    {
                        refusals.Add(new EventRefusal(i, reason));
                    }
                    else
                    {
                        _events.Add(e);
                    }
                }

                _world = null;
                return refusals;
            }
        }

        /// <summary>Every run that was ever accepted: its day and type, as they are or were when it was deleted.</summary>
        public IReadOnlyList<(DateOnly Day, string Type)> Accepted()
        {
            lock (_gate)
            {
                return [.. World.Runs.Values.Where(run => !run.IsStructural).Select(World.Accepted), .. _acceptedAndDeleted];
            }
        }

        public int Delete(RunId run)
        {
            lock (_gate)
            {
                var gone = World.Subtree(run).Where(Shows).ToList();
                _acceptedAndDeleted.AddRange(gone.Where(run => !run.IsStructural).Select(World.Accepted));
                _deleted.UnionWith(World.WithMessages(gone.Select(r => r.Id)).ToList());
                _world = null;
                return gone.Count;
            }
        }

        public int Erase(string user)
        {
            lock (_gate)
            {
                var ids = World.IdsOfUser(user);
                _acceptedAndDeleted.AddRange(World.Runs.Values.Where(run => ids.Contains(run.Id) && !run.IsStructural).Select(World.Accepted));
                _deleted.UnionWith(ids);
                for (var i = 0; i < _events.Count; i++)
                {
                    _events[i] = _events[i].UserId == user ? _events[i] with { UserId = null, UserProps = default } : _events[i];
                }

                _world = null;
                return ids.Count;
            }
        }
    }
}
