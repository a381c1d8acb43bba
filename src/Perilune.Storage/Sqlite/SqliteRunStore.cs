using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Model.Pricing;
using Perilune.Storage.Sqlite.Read;
using Perilune.Storage.Sqlite.Write;

namespace Perilune.Storage.Sqlite;

/// <summary>
/// Runs in SQLite files, a folder per project under <c>&lt;data&gt;/projects</c>. Batches that arrive while a transaction
/// is being synced share the next one.
/// </summary>
public sealed partial class SqliteRunStore : IRunStore
{
    private const int MaxOpenFiles = 250;
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SearchBudget = TimeSpan.FromSeconds(2);
    private readonly string _root;
    private readonly ILogger<SqliteRunStore> _log;
    private readonly ConcurrentDictionary<Guid, RunFile> _files = new();
    private readonly WriteThreads _threads = new(count: 4);
    private readonly ChangeFeed _changes = new();
    private readonly StoreHealthProbe _health;
    private readonly Timer _idle;
    private long _overloadSaidAt = -60_000;

    public SqliteRunStore(string dataFolder, ILogger<SqliteRunStore> log)
    {
        _root = Path.Combine(Path.GetFullPath(dataFolder), "projects");
        _log = log;
        _health = new StoreHealthProbe(_root, LogUnavailable, LogAvailable);

        // Reading the prices takes tens of milliseconds that the first event should not wait for.
        _ = Task.Run(static () => PriceBook.Default.Price(null, "gpt-5", default, null));
        _idle = new Timer(_ => CloseIdleFiles(IdleAfter), null, IdleAfter, IdleAfter);
    }

    public StoreHealth Health => _health.Check();

    public Task CommitAsync(Guid project, IReadOnlyList<RunEvent> events, CancellationToken cancellationToken)
    {
        if (events.Count == 0)
        {
            return Task.CompletedTask;
        }

        var file = File(project);
        var scratch = new List<Range>();
        var prepared = new PreparedEvent[events.Count];
        var bytes = 0L;
        for (var i = 0; i < prepared.Length; i++)
        {
            prepared[i] = PreparedEvent.Of(events[i], file.Window, scratch);
            bytes += Weight(events[i]);
        }

        return WriteAsync(file, new PendingWork(writer => Array.ForEach(prepared, writer.Apply), bytes));
    }

    public Task<RunPage> ListAsync(Guid project, RunQuery query, CancellationToken cancellationToken) =>
        ReadAsync(project, new RunPage([], null, null), file => ListRuns.Read(file, query, SearchBudget), cancellationToken);

    public Task<long?> CountAsync(Guid project, RunScope scope, Filter filter, TimeSpan budget, CancellationToken cancellationToken) =>
        ReadAsync<long?>(project, 0, file => CountRuns.Read(file, scope, filter, budget), cancellationToken);

    public Task<Run?> FindAsync(Guid project, RunId id, CancellationToken cancellationToken) =>
        ReadAsync(project, null, file => file.Find(id), cancellationToken);

    public Task<IReadOnlyList<Run>> SubtreeAsync(Guid project, RunId id, RunDetail detail, CancellationToken cancellationToken) =>
        ReadAsync(project, [], file => file.Subtree(id, detail), cancellationToken);

    public Task<IReadOnlyList<EndUser>> UsersAsync(Guid project, IReadOnlyCollection<string> userIds, CancellationToken cancellationToken) =>
        ReadAsync(project, [], file => file.Users(userIds), cancellationToken);

    public Task<IReadOnlyDictionary<RunId, RunTotals>> TotalsAsync(Guid project, RunGroup group, IReadOnlyCollection<RunId> ids, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyDictionary<RunId, RunTotals>>(project, FrozenDictionary<RunId, RunTotals>.Empty, file => SumRuns.Read(file, group, ids), cancellationToken);

    public async Task<int> DeleteAsync(Guid project, RunId id, CancellationToken cancellationToken)
    {
        var runs = await SubtreeAsync(project, id, RunDetail.None, cancellationToken);
        if (runs.Count > 0)
        {
            await WriteAsync(File(project), new PendingWork(writer => writer.Delete(runs), runs.Count));
        }

        return runs.Count;
    }

    public Task DeleteProjectAsync(Guid project, CancellationToken cancellationToken)
    {
        if (_files.TryRemove(project, out var file))
        {
            file.Dispose();
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
        foreach (var file in _files.Values)
        {
            file.Dispose();
        }
    }

    private async Task WriteAsync(RunFile file, PendingWork work)
    {
        if (!file.TryEnqueue(work))
        {
            SayOverload(file);
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

    private void SayOverload(RunFile file)
    {
        var (now, before) = (Environment.TickCount64, Volatile.Read(ref _overloadSaidAt));
        if (now - before >= 60_000 && Interlocked.CompareExchange(ref _overloadSaidAt, now, before) == before)
        {
            LogOverload(file.Path);
        }
    }

    private Task<T> ReadAsync<T>(Guid project, T none, Func<RunFileReader, T> question, CancellationToken cancellationToken)
    {
        if (!_files.ContainsKey(project) && !System.IO.File.Exists(FilePath(project)))
        {
            return Task.FromResult(none);
        }

        return Task.Run(() => System.IO.File.Exists(FilePath(project)) ? File(project).Read(none, question, cancellationToken) : none, cancellationToken);
    }

    private RunFile File(Guid project)
    {
        if (_files.TryGetValue(project, out var file))
        {
            return file;
        }

        if (_files.Count >= MaxOpenFiles)
        {
            CloseLeastUsedFiles();
        }

        return _files.GetOrAdd(project, id => new RunFile(id, FilePath(id), _threads.Enqueue, change => _changes.Publish(id, change)));
    }

    private void CloseLeastUsedFiles()
    {
        foreach (var file in _files.Values.Where(f => f.IsOpen).OrderByDescending(f => f.LastUsed).Skip(MaxOpenFiles - 1))
        {
            file.CloseIfIdle();
        }
    }

    // An idle server gives back what a burst made it take: page caches, windows, mapped files, and the heap's slack.
    private void CloseIdleFiles(TimeSpan after)
    {
        var idle = _files.Values.Where(f => f.IsOpen && Environment.TickCount64 - f.LastUsed > after.TotalMilliseconds).ToList();
        idle.ForEach(file => file.CloseIfIdle());
        if (idle.Count > 0 && !_files.Values.Any(f => f.IsOpen))
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private string Folder(Guid project) => Path.Combine(_root, project.ToString("D", CultureInfo.InvariantCulture));

    private string FilePath(Guid project) => Path.Combine(Folder(project), "runs.db");

    private static long Weight(RunEvent e) =>
        512 + e.Input.Utf8.Length + e.Output.Utf8.Length + e.Error.Utf8.Length + e.Params.Utf8.Length + e.Attributes.Utf8.Length + e.Notes.Utf8.Length + e.Metadata.Utf8.Length + (e.Message?.Raw.Utf8.Length ?? 0);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason} Senders get 503 and try again; a line follows when events are stored again.")]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Events are stored again.")]
    private partial void LogAvailable();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events come faster than they can be written to {Path}: some of their senders get 503 and try again.")]
    private partial void LogOverload(string path);
}
