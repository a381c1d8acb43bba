using System.Collections.Concurrent;
using Perilune.Model;
using Perilune.Storage.Sqlite.Bodies;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Read;
using Perilune.Storage.Sqlite.Write;

namespace Perilune.Storage.Sqlite;

/// <summary>One run file: the work that waits for its writer, and its readers.</summary>
internal sealed class RunFile(Guid project, string path, Action<RunFile> ready, Action<RunChange> changed) : IDisposable
{
    private const long MaxWaitingBytes = 64 << 20;
    private const long MaxTransactionBytes = 8 << 20;
    private const int MaxIdleReaders = 4;

    // 32 bytes a slot: at most 8 MB per file, enough for about 5,000 live conversations of 50 messages.
    private const int WindowSlots = 1 << 18;

    private readonly Lock _gate = new();
    private readonly Lock _writing = new();
    private readonly Queue<PendingWork> _waiting = new();
    private readonly ConcurrentBag<RunFileReader> _readers = [];
    private readonly ConcurrentDictionary<long, string> _terms = new();
    private RunFileWriter? _writer;
    private long _waitingBytes;
    private int _reading;
    private bool _inLine;
    private bool _closed;

    public string Path => path;

    public BodyWindow Window { get; } = new(WindowSlots);

    public long LastUsed { get; private set; } = Environment.TickCount64;

    public bool IsOpen => _writer is not null || !_readers.IsEmpty;

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
            LastUsed = Environment.TickCount64;
            if (!_inLine)
            {
                _inLine = true;
                ready(this);
            }

            return true;
        }
    }

    /// <summary>Writes what waits, in one transaction. True when more has come meanwhile.</summary>
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
        catch (Exception e) when (StoreFailure.IsOfEnvironment(e))
        {
            ReopenUnlessSound(e);
            batch.ForEach(work => work.Done.TrySetException(StoreFailure.OfWrite(e, path)));
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

    /// <summary>
    /// Runs a question on a reader of its own; a cancelled one is interrupted where it is. A file in which nothing was
    /// ever stored answers <paramref name="none"/>.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The disk or the file cannot be read now.</exception>
    public T Read<T>(T none, Func<RunFileReader, T> question, CancellationToken cancellationToken)
    {
        LastUsed = Environment.TickCount64;
        Interlocked.Increment(ref _reading);
        RunFileReader? reader = null;
        try
        {
            reader = _readers.TryTake(out var idle) ? idle : new RunFileReader(Database.OpenReader(path), _terms);
            if (Schema.IsMissing(reader.Db))
            {
                return none;
            }

            // Disposed before the reader goes back: an interrupt must not hit its next user.
            using (cancellationToken.Register(static db => ((Database)db!).Interrupt(), reader.Db))
            {
                return question(reader);
            }
        }
        catch (SqliteException e) when (e.PrimaryCode == SQLitePCL.raw.SQLITE_INTERRUPT)
        {
            throw new OperationCanceledException("The question was cancelled.", e, cancellationToken);
        }
        catch (Exception e) when (StoreFailure.IsOfEnvironment(e))
        {
            reader?.Dispose();
            reader = null;
            throw StoreFailure.OfRead(e, path);
        }
        finally
        {
            if (reader is not null)
            {
                GiveBack(reader);
            }

            Interlocked.Decrement(ref _reading);
        }
    }

    /// <summary>Closes the connections of a file that nobody uses; they open again when needed.</summary>
    public void CloseIfIdle()
    {
        lock (_gate)
        {
            if (_inLine || Volatile.Read(ref _reading) > 0)
            {
                return;
            }

            CloseConnections();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            CloseConnections();
        }
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
        _writer ??= Open();
        _writer.InTransaction(writer => batch.ForEach(work => work.Work(writer)));
        var change = _writer.TakeChange();
        batch.ForEach(work => work.Done.TrySetResult());
        changed(change);
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

            work.Done.TrySetException(StoreFailure.OfWrite(e, path));
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

        Window.Clear();
    }

    private RunFileWriter Open()
    {
        var folder = System.IO.Path.GetDirectoryName(path)!;
        var isNew = !File.Exists(path);
        if (isNew)
        {
            Durable.CreateDirectory(folder);
        }

        var writer = new RunFileWriter(project, path, Window);
        if (isNew)
        {
            Durable.SyncDirectory(folder);
        }

        return writer;
    }

    private void GiveBack(RunFileReader reader)
    {
        if (_readers.Count < MaxIdleReaders && !_closed)
        {
            _readers.Add(reader);
        }
        else
        {
            reader.Dispose();
        }
    }

    private void CloseConnections()
    {
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        CloseWriter();
    }
}
