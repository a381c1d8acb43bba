using Perilune.Model;
using Perilune.Model.Pricing;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Settling;
using Perilune.Storage.Sqlite.Write;

namespace Perilune.Storage.Sqlite;

/// <summary>The runs of one project: its files, and the work that waits for its writer.</summary>
internal sealed class ProjectRuns : IDisposable
{
    private const long MaxWaitingBytes = 64 << 20;
    private const long MaxTransactionBytes = 8 << 20;

    private readonly Lock _gate = new();
    private readonly Lock _writing = new();
    private readonly Queue<PendingWork> _waiting = new();
    private readonly Guid _project;
    private readonly Func<PriceBook> _prices;
    private readonly StoreThreads _threads;
    private readonly SettleLimits _limits;
    private readonly Action<RunChange> _changed;
    private readonly RunFiles _files;
    private ProjectWriter? _writer;
    private long _waitingBytes;
    private bool _inLine;
    private bool _closed;

    /// <param name="project">Its id.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="prices">Its prices as they are now.</param>
    /// <param name="threads">Who writes, and works behind the writers.</param>
    /// <param name="limits">How much is settled at once.</param>
    /// <param name="changed">Told what was committed.</param>
    /// <param name="damaged">Told what is wrong with a file that is left alone from then on.</param>
    public ProjectRuns(Guid project, string folder, Func<PriceBook> prices, StoreThreads threads, SettleLimits limits, Action<RunChange> changed, Action<string> damaged)
    {
        (_project, Folder, _prices, _threads, _limits, _changed) = (project, folder, prices, threads, limits, changed);
        _files = new RunFiles(folder, damaged, new WorkBehind(threads, limits, TryEnqueue));
    }

    public string Folder { get; }

    public RunFiles Files => _files;

    /// <summary>Something may have been deleted whose bytes are still there.</summary>
    public bool MaySweep { get; set; } = true;

    public long LastUsed => Math.Max(_lastWritten, _files.LastUsed);

    private long _lastWritten = Environment.TickCount64;

    public bool IsOpen => _writer is not null || _files.Any(f => f.HasReaders);

    /// <summary>Puts work in line. False when so much waits already that the sender should come back later.</summary>
    public bool TryEnqueue(PendingWork work)
    {
        lock (_gate)
        {
            if (_closed || (_waitingBytes > 0 && _waitingBytes + work.Bytes > MaxWaitingBytes))
            {
                return false;
            }

            _waiting.Enqueue(work);
            _waitingBytes += work.Bytes;
            _lastWritten = Environment.TickCount64;
            if (!_inLine)
            {
                _inLine = true;
                _threads.Writers.Enqueue(this);
            }

            return true;
        }
    }

    /// <summary>Writes what waits, in one transaction per file. True when more has come meanwhile.</summary>
    public bool WriteOnce()
    {
        var batch = Take();
        try
        {
            lock (_writing)
            {
                Commit(batch);
            }
        }
        catch (SqliteException e) when (e.IsDamage && _files.Quarantine(e))
        {
            // Without the file; what can only be written to that one fails.
            CloseWriter();
            lock (_writing)
            {
                batch.ForEach(CommitAlone);
            }
        }
        catch (Exception e) when (StoreFailure.IsOfEnvironment(e))
        {
            ReopenUnlessSound(e);
            batch.ForEach(work => work.Done.TrySetException(StoreFailure.OfWrite(e, Folder)));
        }
        catch (Exception) when (batch.Count > 1)
        {
            // One of them cannot be written; the others must not suffer for it.
            lock (_writing)
            {
                batch.ForEach(CommitAlone);
            }
        }
        catch (Exception e)
        {
            batch.ForEach(work => work.Done.TrySetException(e));
        }

        lock (_gate)
        {
            _inLine = _waiting.Count > 0;
            return _inLine;
        }
    }

    /// <summary>Closes the connections of a project that nobody uses; they open again when needed.</summary>
    public void CloseIfIdle()
    {
        lock (_gate)
        {
            if (_inLine)
            {
                return;
            }

            CloseWriter();
        }

        foreach (var file in _files)
        {
            file.CloseReadersIfIdle();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            CloseWriter();
        }

        _files.Dispose();
    }

    private List<PendingWork> Take()
    {
        lock (_gate)
        {
            var batch = new List<PendingWork>();
            var bytes = 0L;
            while (_waiting.TryPeek(out var next) && (batch.Count == 0 || bytes + next.Bytes <= MaxTransactionBytes))
            {
                batch.Add(_waiting.Dequeue());
                bytes += next.Bytes;
            }

            _waitingBytes -= bytes;
            return batch;
        }
    }

    private void Commit(List<PendingWork> batch)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        _writer ??= new ProjectWriter(_project, _files, _prices, _limits);
        var change = _writer.InTransaction(writer => batch.ForEach(work => work.Work(writer)));
        batch.ForEach(work => work.Done.TrySetResult());
        _changed(change);
        _writer.Compact();
        _writer.ShortenLogs();
    }

    private void CommitAlone(PendingWork work)
    {
        try
        {
            Commit([work]);
        }
        catch (Exception e)
        {
            if (StoreFailure.IsOfEnvironment(e))
            {
                ReopenUnlessSound(e);
            }

            work.Done.TrySetException(StoreFailure.OfWrite(e, Folder));
        }
    }

    // A connection that was opened on a read-only disk stays read-only; one whose disk failed knows things that are not so.
    private void ReopenUnlessSound(Exception failure)
    {
        if (!StoreFailure.LeavesConnection(failure))
        {
            CloseWriter();
        }
    }

    private void CloseWriter()
    {
        lock (_writing)
        {
            _writer?.Dispose();
            _writer = null;
        }
    }
}
