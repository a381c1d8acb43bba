using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Model.Pricing;
using Perilune.Storage.Sqlite.Bodies;
using Perilune.Storage.Sqlite.Maintenance;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Periods;
using Perilune.Storage.Sqlite.Read;
using Perilune.Storage.Sqlite.Settling;
using Perilune.Storage.Sqlite.Write;

namespace Perilune.Storage.Sqlite;

/// <summary>
/// Runs in SQLite files, a folder per project under <c>&lt;data&gt;/projects</c> and in it a file per period. Batches that arrive while a transaction
/// is being synced share the next one.
/// </summary>
public sealed partial class SqliteRunStore : IRunStore
{
    private const int MaxOpenProjects = 250;
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SearchBudget = TimeSpan.FromSeconds(2);
    private readonly string _dataFolder;
    private readonly string _root;
    private readonly ILogger<SqliteRunStore> _log;
    private readonly IProjectPrices _prices;
    private readonly SettleLimits _limits;
    private readonly ConcurrentDictionary<Guid, ProjectRuns> _projects = new();
    private readonly StoreThreads _threads;
    private readonly ChangeFeed _changes = new();
    private readonly StoreHealthProbe _health;
    private readonly Ballast _ballast;
    private readonly Timer _idle;
    private readonly Lock _opening = new();
    private long _overloadSaidAt = -60_000;

    /// <param name="dataFolder">Where the folder <c>projects</c> is, or comes to be.</param>
    /// <param name="log">Where trouble with the disk is told.</param>
    /// <param name="prices">What calls cost; null for the bundled prices.</param>
    public SqliteRunStore(string dataFolder, ILogger<SqliteRunStore> log, IProjectPrices? prices = null)
        : this(dataFolder, log, prices, SettleLimits.Default)
    {
    }

    /// <summary>A store that settles other numbers of runs at once.</summary>
    internal SqliteRunStore(string dataFolder, ILogger<SqliteRunStore> log, IProjectPrices? prices, SettleLimits limits)
    {
        _limits = limits;
        _prices = prices ?? new BundledPrices();
        _dataFolder = Path.GetFullPath(dataFolder);
        _root = Path.Combine(_dataFolder, "projects");
        _log = log;
        _health = new StoreHealthProbe(_root, LogUnavailable, LogAvailable);
        _ballast = new Ballast(_root);
        _ballast.Take();
        _threads = new StoreThreads(LogNotIndexed, LogNotSettled);

        foreach (var folder in ProjectFolder.All(dataFolder))
        {
            ProjectFolder.Adopt(folder);
        }

        // Reading the prices takes tens of milliseconds that the first event should not wait for.
        _ = Task.Run(static () => PriceBook.Default.Price(null, "gpt-5", default, null));
        _idle = new Timer(_ => Tidy(), null, IdleAfter, IdleAfter);
    }

    public StoreHealth Health => _health.Check();

    public Task<IReadOnlyList<EventRefusal>> CommitAsync(Guid project, IReadOnlyList<RunEvent> events, CancellationToken cancellationToken) =>
        TakeAsync(project, events, arrival: null);

    public Task<IReadOnlyList<EventRefusal>> CommitAsync(Guid project, IReadOnlyList<RunEvent> events, Arrival arrival, CancellationToken cancellationToken) =>
        TakeAsync(project, events, arrival);

    private async Task<IReadOnlyList<EventRefusal>> TakeAsync(Guid project, IReadOnlyList<RunEvent> events, Arrival? arrival)
    {
        if (events.Count + (arrival?.Refused.Count ?? 0) == 0)
        {
            return [];
        }

        // The newest file is where nearly all events go; for others, what its window knows is not used.
        var runs = Runs(project);
        var window = runs.Files.FirstOrDefault()?.Window ?? new BodyWindow(maxSlots: 0);
        var scratch = new List<Range>();
        var prepared = new PreparedEvent[events.Count];
        var bytes = 256L * (arrival?.Refused.Count ?? 0);
        for (var i = 0; i < prepared.Length; i++)
        {
            prepared[i] = PreparedEvent.Of(events[i], window, scratch);
            bytes += Weight(events[i]);
        }

        await WriteAsync(runs, new PendingWork(writer => writer.Take(prepared, arrival), bytes));
        return PreparedEvent.Refusals(prepared);
    }

    public Task<RunPage> ListAsync(Guid project, RunQuery query, CancellationToken cancellationToken) =>
        ReadAsync(project, new RunPage([], null, null), runs => runs.List(query, SearchBudget), cancellationToken);

    public Task<long?> CountAsync(Guid project, RunScope scope, Filter filter, TimeSpan budget, CancellationToken cancellationToken) =>
        ReadAsync<long?>(project, 0, runs => runs.Count(scope, filter, budget), cancellationToken);

    public Task<Run?> FindAsync(Guid project, RunId id, CancellationToken cancellationToken) =>
        ReadAsync(project, null, runs => runs.Find(id), cancellationToken);

    public Task<IReadOnlyList<Run>> SubtreeAsync(Guid project, RunId id, RunDetail detail, CancellationToken cancellationToken) =>
        ReadAsync(project, [], runs => runs.Subtree(id, detail), cancellationToken);

    public Task<IReadOnlyList<EndUser>> UsersAsync(Guid project, IReadOnlyCollection<string> userIds, CancellationToken cancellationToken) =>
        ReadAsync(project, [], runs => runs.Users(userIds), cancellationToken);

    public Task<IReadOnlyDictionary<RunId, RunTotals>> TotalsAsync(Guid project, RunGroup group, IReadOnlyCollection<RunId> ids, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyDictionary<RunId, RunTotals>>(project, new Dictionary<RunId, RunTotals>(), runs => runs.Totals(group, ids), cancellationToken);

    public async Task<int> DeleteAsync(Guid project, RunId id, CancellationToken cancellationToken)
    {
        await SettleAsync(project, cancellationToken);
        var runs = await SubtreeAsync(project, id, RunDetail.None, cancellationToken);
        if (runs.Count > 0)
        {
            await FreeAsync(Runs(project), () => new PendingWork(writer => writer.Delete(runs), runs.Count));
            Runs(project).MaySweep = true;
        }

        return runs.Count;
    }

    public async Task<int> EraseUserAsync(Guid project, string userId, CancellationToken cancellationToken)
    {
        var erased = 0;
        await FreeAsync(Runs(project), () => new PendingWork(writer => erased = writer.EraseUser(userId), 1));
        await SweepAsync(Runs(project));
        return erased;
    }

    public async Task ForgetAsync(Guid project, Instant since, CancellationToken cancellationToken)
    {
        await FreeAsync(Runs(project), () => new PendingWork(writer => writer.Forget(since), 1));

        // The project goes on meanwhile.
        await Task.Run(() => RunFiles.DeleteSetAside(Folder(project)), cancellationToken);
    }

    public Task DeleteProjectAsync(Guid project, CancellationToken cancellationToken)
    {
        if (_projects.TryRemove(project, out var runs))
        {
            runs.Dispose();
        }

        return Task.Run(
            () =>
            {
                var folder = Folder(project);
                if (Directory.Exists(folder))
                {
                    Directory.Delete(folder, recursive: true);
                }
            },
            cancellationToken);
    }

    public IAsyncEnumerable<RunChange> ChangesAsync(Guid project, CancellationToken cancellationToken) =>
        _changes.SubscribeAsync(project, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _idle.DisposeAsync();
        await _threads.DisposeAsync();
        foreach (var project in _projects.Values)
        {
            project.Dispose();
        }
    }

    // The second work waits until the file of the first is rewritten.
    private async Task SweepAsync(ProjectRuns project)
    {
        await WriteAsync(project, new PendingWork(writer => writer.Sweep(), 1));
        await WriteAsync(project, new PendingWork(_ => { }, 1));
    }

    /// <summary>Brings the indexes of a project's words up to what was committed, without waiting for their turn.</summary>
    internal void Index(Guid project)
    {
        foreach (var file in Runs(project).Files)
        {
            while (file.Search.Turn())
            {
                // As long as there is more.
            }
        }
    }

    private async Task WriteAsync(ProjectRuns project, PendingWork work)
    {
        if (!project.TryEnqueue(work))
        {
            SayOverload(project);
            throw new StoreUnavailableException("Too many events are waiting to be written for this project; send them again in a moment.");
        }

        try
        {
            await work.Done.Task;
            _health.Succeeded();
        }
        catch (StoreUnavailableException e)
        {
            _health.Failed(e.Message);
            throw;
        }
    }

    /// <summary>Work after which there is more space than before: when the disk is full, it gets the space that is held ready for it.</summary>
    private async Task FreeAsync(ProjectRuns project, Func<PendingWork> work)
    {
        try
        {
            await WriteAsync(project, work());
        }
        catch (StoreUnavailableException e) when (StoreFailure.IsNoSpace(e) && _ballast.Drop())
        {
            await WriteAsync(project, work());
        }
    }

    private void SayOverload(ProjectRuns project)
    {
        var (now, before) = (Environment.TickCount64, Volatile.Read(ref _overloadSaidAt));
        if (now - before >= 60_000 && Interlocked.CompareExchange(ref _overloadSaidAt, now, before) == before)
        {
            LogOverload(project.Folder);
        }
    }

    private Task<T> ReadAsync<T>(Guid project, T none, Func<ProjectReader, T> question, CancellationToken cancellationToken) =>
        IsKnown(project)
            ? Task.Run(() => question(new ProjectReader(Runs(project).Files, cancellationToken)), cancellationToken)
            : Task.FromResult(none);

    private bool IsKnown(Guid project) => _projects.ContainsKey(project) || Directory.Exists(Folder(project));

    private ProjectRuns Runs(Guid project)
    {
        if (_projects.TryGetValue(project, out var runs))
        {
            return runs;
        }

        if (_projects.Count >= MaxOpenProjects)
        {
            CloseLeastUsed();
        }

        lock (_opening)
        {
            return _projects.GetOrAdd(project, id => new ProjectRuns(id, Folder(id), () => _prices.For(id), _threads, _limits, change => _changes.Publish(id, change), LogDamage));
        }
    }

    private void Tidy()
    {
        foreach (var folder in ProjectFolder.All(_dataFolder).Where(f => File.Exists(Path.Combine(f, ProjectFile.Name))))
        {
            var project = Runs(Guid.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture));
            if (project.MaySweep && Environment.TickCount64 - project.LastUsed > IdleAfter.TotalMilliseconds)
            {
                project.MaySweep = false;
                _ = SweepLaterAsync(project);
            }
        }

        CloseIdle(IdleAfter);
        if (_health.Check().CanWrite)
        {
            _ballast.Take();
        }
    }

    // What was deleted is out of sight already; its bytes go when the project is quiet.
    private async Task SweepLaterAsync(ProjectRuns project)
    {
        try
        {
            await SweepAsync(project);
        }
        catch (StoreUnavailableException)
        {
            project.MaySweep = true;
        }
    }

    private void CloseLeastUsed()
    {
        foreach (var project in _projects.Values.Where(p => p.IsOpen).OrderByDescending(p => p.LastUsed).Skip(MaxOpenProjects - 1))
        {
            project.CloseIfIdle();
        }
    }

    // An idle server gives back what a burst made it take: page caches, windows, mapped files, and the heap's slack.
    private void CloseIdle(TimeSpan after)
    {
        var idle = _projects.Values.Where(p => p.IsOpen && Environment.TickCount64 - p.LastUsed > after.TotalMilliseconds).ToList();
        idle.ForEach(project => project.CloseIfIdle());
        if (idle.Count > 0 && !_projects.Values.Any(p => p.IsOpen))
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            FreedMemory.Release();
        }
    }

    private string Folder(Guid project) => Path.Combine(_root, project.ToString("D", CultureInfo.InvariantCulture));

    private static long Weight(RunEvent e) =>
        512 + e.Input.Utf8.Length + e.Output.Utf8.Length + e.Error.Utf8.Length + e.Params.Utf8.Length + e.Attributes.Utf8.Length + e.Notes.Utf8.Length + e.Metadata.Utf8.Length + (e.Message?.Raw.Utf8.Length ?? 0);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason} Senders get 503 and try again; a line follows when events are stored again.")]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A run file is damaged and left alone; the project's other files serve, and new runs go to another one. Stop Perilune and restore the file from a backup ('verify' tells what else is damaged): {Problem}")]
    private partial void LogDamage(string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Events are stored again.")]
    private partial void LogAvailable();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} cannot be brought up to date; until it is, searches read the runs it lacks.")]
    private partial void LogNotIndexed(string path, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Runs in {Path} cannot be moved to where late events put them.")]
    private partial void LogNotSettled(string path, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events come faster than they can be written to {Path}: some of their senders get 503 and try again.")]
    private partial void LogOverload(string path);
}
