using Perilune.Model;
using Perilune.Model.Pricing;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Periods;
using Perilune.Storage.Sqlite.Settling;

namespace Perilune.Storage.Sqlite.Write;

/// <summary>
/// Writes the runs of one project, on one thread at a time. A transaction spans the files it needs: each commits by
/// itself, and an interrupted one is made whole by sending its events again, or when the project is opened next
/// (<see cref="Recover"/>). Routing says which file an event goes to.
/// </summary>
internal sealed partial class ProjectWriter : IDisposable
{
    private const int MaxOpenWriters = 4;

    /// <summary>Files of more than this many bytes are followed by files of a week.</summary>
    private const long LargeFile = 4L << 30;

    private readonly Guid _project;
    private readonly RunFiles _files;
    private readonly ProjectFile _shared;
    private readonly Func<PriceBook> _prices;
    private readonly SettleLimits _limits;
    private readonly Dictionary<RunFile, RunFileWriter> _writers = [];
    private readonly HashSet<RunFileWriter> _used = [];
    private bool _mustRecover = true;
    private bool _mustSettle;

    /// <param name="project">Its id.</param>
    /// <param name="files">Its files.</param>
    /// <param name="prices">The project's prices as they are now.</param>
    /// <param name="limits">How much is settled at once.</param>
    public ProjectWriter(Guid project, RunFiles files, Func<PriceBook> prices, SettleLimits limits)
    {
        _project = project;
        _limits = limits;
        _prices = prices;
        _files = files;
        Durable.CreateDirectory(files.Folder);
        _shared = new ProjectFile(files.Folder);
    }

    /// <summary>Runs <paramref name="work"/> durably; when it throws, what of it remains is no more than sending it again would add.</summary>
    public RunChange InTransaction(Action<ProjectWriter> work)
    {
        try
        {
            if (_mustRecover)
            {
                Recover();
            }

            work(this);
            Commit();
        }
        catch
        {
            Rollback();
            throw;
        }

        var (runs, traces) = (new HashSet<RunId>(), new HashSet<RunId>());
        foreach (var writer in _used)
        {
            writer.TakeChange(runs, traces);
        }

        _used.Clear();
        CloseExtraWriters();
        return new RunChange([.. runs], [.. traces]);
    }

    /// <summary>Does again, in the next transaction, what was decided about several files: these may be older copies.</summary>
    public void Distrust() => _shared.Unsettle();

    /// <summary>Applies the events of a request, and enters it into the accept ledger when <paramref name="arrival"/> tells of it.</summary>
    public void Take(PreparedEvent[] events, Arrival? arrival)
    {
        var deleted = 0;
        foreach (var prepared in events)
        {
            if (_shared.IsDeleted(prepared.Event.Id))
            {
                deleted++;
            }
            else
            {
                Route(prepared.Event).Apply(prepared);
            }
        }

        if (arrival is not null)
        {
            var refused = Array.FindAll(events, e => e.Refusal is not null);
            var told = refused.Length == 0 ? arrival : arrival with { Refused = [.. arrival.Refused, .. refused.Select(e => new RefusedEvent(e.Event.ClientId ?? e.Event.Id.ToString(), e.Refusal!))] };
            Writer(_files.At(arrival.Time) ?? _files.Add(NewPeriod(arrival.Time))).Arrivals.Add(told, events.Length - refused.Length - deleted, deleted);
        }
    }

    /// <summary>Removes these runs (a whole subtree) and the messages of chats among them; later events about them are dropped.</summary>
    public void Delete(IReadOnlyList<Run> runs)
    {
        if (_files.Select(Writer).FirstOrDefault(w => w.Knows(runs[0].Id)) is { } writer)
        {
            writer.Flush();
            Remove(writer.WithMessages(runs), writer);
        }
    }

    /// <summary>Gives these runs of a file the cost that the prices of now give, as far as they are still in it.</summary>
    public PriceChange Reprice(string fileName, IReadOnlyList<RunId> ids)
    {
        if (_files.FirstOrDefault(f => f.Period.FileName == fileName) is not { } file)
        {
            return default;
        }

        Writer(file).Flush();
        return Writer(file).Reprice(ids);
    }

    public void Dispose()
    {
        foreach (var writer in _writers.Values)
        {
            writer.Dispose();
        }

        _writers.Clear();
        _shared.Dispose();
    }

    private void Remove(IReadOnlyList<RunId> ids, RunFileWriter writer)
    {
        _shared.AddDeleted(ids);
        _shared.Set(SweepOf(writer.File), 1);
        _mustSettle = true;
        writer.Remove(ids, isDeletion: true);
    }

    private void Commit()
    {
        foreach (var writer in _used)
        {
            writer.Flush();
        }

        // What was decided about several files first; then newer files before older ones: what moves goes to a newer
        // file, and is there before it leaves the older one.
        _shared.Commit();
        foreach (var writer in _used.OrderByDescending(w => w.File.Period))
        {
            writer.Commit();
        }

        SetDroppedAside();
        if (_mustSettle)
        {
            _shared.Settle();
            _mustSettle = false;
        }
    }

    private void Rollback()
    {
        _shared.Rollback();
        foreach (var writer in _used)
        {
            writer.Rollback();
        }

        _used.Clear();
        _mustRecover = true;
    }

    // Deletions and moves that a crash or a full disk kept from some of the files.
    private void Recover()
    {
        var deleted = _shared.OpenDeletions();
        if (deleted.Count > 0)
        {
            _mustSettle = true;
            foreach (var writer in _files.Select(Writer).ToList())
            {
                writer.SettleAll();
                writer.Remove([.. deleted.Where(writer.Knows)], isDeletion: true);
                writer.Flush();
            }
        }

        foreach (var move in _shared.OpenMoves().GroupBy(m => (m.Source, m.Target), m => m.Id))
        {
            _mustSettle = true;
            var source = _files.FirstOrDefault(f => f.Period.FileName == move.Key.Source);
            var target = _files.FirstOrDefault(f => f.Period.FileName == move.Key.Target);
            if (source is not null && target is not null)
            {
                Flushed(source)!.SettleAll();
                Writer(source).Remove([.. move.Where(Writer(target).Knows)], isDeletion: false);
                Writer(source).Flush();
            }
        }

        _mustRecover = false;
    }

    /// <summary>The writer of a file, in the running transaction.</summary>
    private RunFileWriter Writer(RunFile file)
    {
        if (!_writers.TryGetValue(file, out var writer))
        {
            var isNew = !File.Exists(file.Path);
            _writers[file] = writer = new RunFileWriter(_project, file, _shared.IsDeleted, _prices, _limits);
            if (isNew)
            {
                Durable.SyncDirectory(_files.Folder);
            }
        }

        writer.Begin();
        _used.Add(writer);
        return writer;
    }

    private void CloseExtraWriters()
    {
        foreach (var writer in _writers.Values.OrderByDescending(w => w.File.Period).Skip(MaxOpenWriters).ToList())
        {
            _writers.Remove(writer.File);
            writer.Dispose();
        }
    }
}
