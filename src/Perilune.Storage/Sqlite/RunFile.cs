using System.Collections.Concurrent;
using Perilune.Model;
using Perilune.Storage.Sqlite.Bodies;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Periods;
using Perilune.Storage.Sqlite.Read;
using Perilune.Storage.Sqlite.Search;
using Perilune.Storage.Sqlite.Settling;
using Perilune.Storage.Sqlite.Write;

namespace Perilune.Storage.Sqlite;

/// <summary>One run file: the runs whose first event came in its period, with all that hangs together with them, and its readers.</summary>
internal sealed class RunFile : IDisposable
{
    private const int MaxIdleReaders = 4;

    // 32 bytes a slot: at most 8 MB per file, enough for about 5,000 live conversations of 50 messages.
    private const int WindowSlots = 1 << 18;

    private readonly string _folder;
    private readonly Action<string> _damaged;
    private readonly ConcurrentBag<RunFileReader> _readers = [];
    private readonly ConcurrentDictionary<long, string> _terms = new();
    private int _reading;
    private readonly Lock _updating = new();
    private volatile bool _closed;
    private volatile bool _isCurrent;

    /// <param name="folder">The project's folder.</param>
    /// <param name="period">Its period.</param>
    /// <param name="behind">Who works behind the writer; null when nobody does.</param>
    /// <param name="damaged">Told what is wrong with it, when that is found.</param>
    public RunFile(string folder, Period period, WorkBehind? behind, Action<string> damaged)
    {
        (_folder, Period, _damaged) = (folder, period, damaged);
        Path = System.IO.Path.Combine(folder, period.FileName);
        Search = new SearchFile(Path, behind?.Threads.Search);
        Log = new WriteAheadLog(Path, behind?.Threads.Checkpoints);
        Settling = behind is null ? null : new FileSettling(this, behind.Limits, behind.Enqueue, behind.Threads.Settling);
    }

    public string Path { get; }

    public Period Period { get; }

    /// <summary>The index of its words.</summary>
    public SearchFile Search { get; }

    public WriteAheadLog Log { get; }

    /// <summary>Settles what was too much for a transaction; null when nobody does.</summary>
    public FileSettling? Settling { get; }

    public BodyWindow Window { get; } = new(WindowSlots);

    /// <summary>Which ids the file may know. The project's writer makes it when there is more than one file.</summary>
    public IdFilter? Filter { get; set; }

    /// <summary>
    /// Set once something in the file was found damaged. It is left alone from then on, until the next start: the other
    /// files serve.
    /// </summary>
    public bool IsDamaged { get; private set; }

    public long LastUsed { get; private set; } = Environment.TickCount64;

    public bool IsClosed => _closed;

    public bool HasReaders => !_readers.IsEmpty;

    /// <summary>
    /// Runs a question on a reader of its own; a cancelled one is interrupted where it is. A file in which nothing was
    /// ever stored answers <paramref name="none"/>.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The disk or the file cannot be read now.</exception>
    public T Read<T>(T none, Instant since, Func<RunFileReader, T> question, CancellationToken cancellationToken)
    {
        if (IsDamaged)
        {
            return none;
        }

        LastUsed = Environment.TickCount64;
        Interlocked.Increment(ref _reading);
        RunFileReader? reader = null;
        try
        {
            reader = _readers.TryTake(out var idle) ? idle : new RunFileReader(Database.OpenReader(Path), _terms, Search);
            if (!IsReadable(reader.Db))
            {
                return none;
            }

            // Disposed before the reader goes back: an interrupt must not hit its next user.
            using (cancellationToken.Register(static db => ((Database)db!).Interrupt(), reader.Db))
            {
                reader.Since = since;
                reader.Cancelled = cancellationToken;
                return question(reader);
            }
        }
        catch (SqliteException e) when (e.PrimaryCode == SQLitePCL.raw.SQLITE_INTERRUPT)
        {
            throw new OperationCanceledException("The question was cancelled.", e, cancellationToken);
        }
        catch (SqliteException) when (_closed)
        {
            // The file went away while it was asked: its period has passed, or its project was deleted.
            reader?.Dispose();
            reader = null;
            return none;
        }
        catch (SqliteException e) when (e.IsDamage)
        {
            reader?.Dispose();
            reader = null;
            Quarantine(e);
            return none;
        }
        catch (Exception e) when (StoreFailure.IsOfEnvironment(e))
        {
            reader?.Dispose();
            reader = null;
            throw StoreFailure.OfRead(e, Path);
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

    public void Quarantine(SqliteException found)
    {
        lock (_updating)
        {
            if (!IsDamaged)
            {
                IsDamaged = true;
                _damaged(found.Message);
            }
        }
    }

    /// <summary>Closes the readers of a file that nobody asks; they open again when needed.</summary>
    public void CloseReadersIfIdle()
    {
        if (Volatile.Read(ref _reading) == 0)
        {
            CloseReaders();
            Search.Close();
        }
    }

    /// <summary>
    /// Closes the file for good and sets it aside with all that belongs to it: a disk takes its time to give back gigabytes,
    /// which <see cref="RunFiles.DeleteSetAside"/> waits for.
    /// </summary>
    public void SetAside()
    {
        Dispose();
        foreach (var path in Directory.GetFiles(_folder, System.IO.Path.GetFileNameWithoutExtension(Path) + ".*").OrderDescending(StringComparer.Ordinal))
        {
            File.Move(path, System.IO.Path.Combine(_folder, RunFiles.Aside + System.IO.Path.GetFileName(path)), overwrite: true);
        }
    }

    public void Dispose()
    {
        _closed = true;
        CloseReaders();
        Log.Dispose();
        Search.Dispose();
    }

    // Files of an older version are brought up to date when they are first asked for.
    private bool IsReadable(Database db)
    {
        if (_isCurrent)
        {
            return true;
        }

        if (Schema.IsMissing(db))
        {
            return false;
        }

        lock (_updating)
        {
            if (!_isCurrent && !Schema.IsCurrent(db))
            {
                using var writer = Database.OpenWriter(Path);
                Schema.Ensure(writer, Path);
            }

            // What was not indexed, or not settled, when the process ended.
            Search.Signal();
            if (Unsettled.IsAny(db))
            {
                Settling?.Signal();
            }

            return _isCurrent = true;
        }
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

    private void CloseReaders()
    {
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }
}
