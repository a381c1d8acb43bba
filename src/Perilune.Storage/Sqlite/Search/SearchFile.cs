using Perilune.Storage.Sqlite.Native;
using SQLitePCL;

namespace Perilune.Storage.Sqlite.Search;

/// <summary>
/// The index of words beside a run file: <c>runs-2026-11.text</c> beside <c>runs-2026-11.db</c>. It only repeats what the run file holds, and is made
/// anew when it is missing, damaged, or of another version; until it has caught up, searches read what it lacks.
/// </summary>
/// <param name="runs">The run file's path.</param>
/// <param name="thread">Who indexes; null when nobody does, as in a check of files at rest.</param>
internal sealed class SearchFile(string runs, SearchThread? thread) : IDisposable
{
    private readonly Lock _indexing = new();
    private Database? _indexDb;
    private Database? _runsDb;
    private Indexer? _indexer;
    private int _isWaiting;
    private bool _wasRemade;
    private volatile bool _isSuspect;
    private volatile bool _isClosed;

    public string Path { get; } = System.IO.Path.ChangeExtension(runs, ".text");

    /// <summary>Grows when the file is another one than before: readers open it again.</summary>
    public int Generation { get; private set; }

    /// <summary>Puts the file in line to be brought up to its run file. Costs next to nothing, and may be called on any thread.</summary>
    public void Signal()
    {
        if (thread is not null && !_isClosed && Interlocked.Exchange(ref _isWaiting, 1) == 0)
        {
            thread.Enqueue(this);
        }
    }

    /// <summary>A reader found the file damaged.</summary>
    public void Suspect()
    {
        _isSuspect = true;
        Signal();
    }

    /// <summary>
    /// Empties the index, and leaves nothing of what was in it in the file or its log; it is made anew from what the run
    /// file holds now. For after texts were erased from the run file.
    /// </summary>
    public void Compact()
    {
        lock (_indexing)
        {
            try
            {
                if (Open())
                {
                    SearchSchema.Reset(_indexDb!);
                    _indexDb!.Execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
                }
            }
            catch (SqliteException e) when (IsDamageHere(e))
            {
                Remake();
            }

            CloseConnections();
        }

        Signal();
    }

    /// <summary>Indexes some of what waits. True when there is more.</summary>
    /// <exception cref="SqliteException">The disk or the run file cannot be read or written now.</exception>
    public bool Turn()
    {
        lock (_indexing)
        {
            Volatile.Write(ref _isWaiting, 0);
            try
            {
                if (_isSuspect)
                {
                    Remake();
                }

                return Open() && _indexer!.Turn();
            }
            catch (SqliteException e) when (IsDamageHere(e) && !_wasRemade)
            {
                _isSuspect = true;
                return true;
            }
            catch
            {
                CloseConnections();
                throw;
            }
        }
    }

    /// <summary>Ends the connections of a file that is not written to; they open again when needed.</summary>
    public void Close()
    {
        lock (_indexing)
        {
            CloseConnections();
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        Close();
    }

    /// <summary>A connection to search with; null while there is nothing to search.</summary>
    /// <param name="runsDb">A reader of the run file.</param>
    public Database? OpenReader(Database runsDb)
    {
        if (_isClosed || !File.Exists(Path))
        {
            return null;
        }

        Database? db = null;
        try
        {
            db = Database.OpenGuest(Path);
            db.Execute("PRAGMA cache_size=-4096; PRAGMA mmap_size=268435456");
            if (SearchSchema.IsCurrent(db) && SearchProgress.Read(db).IsOf(runsDb))
            {
                return db;
            }
        }
        catch (SqliteException e)
        {
            // It may be gone just now, to be made anew.
            if (IsDamageHere(e))
            {
                Suspect();
            }
        }

        db?.Dispose();
        return null;
    }

    private bool IsDamageHere(SqliteException e) => e.IsDamage && e.Path == Path;

    // False while the run file has nothing to index.
    private bool Open()
    {
        if (_indexer is not null)
        {
            return true;
        }

        if (_isClosed || !File.Exists(runs))
        {
            return false;
        }

        try
        {
            _runsDb = Database.OpenReader(runs);
            if (!Schema.IsCurrent(_runsDb))
            {
                CloseConnections();
                return false;
            }

            _indexDb = Database.OpenIndexWriter(Path);
            _indexer = new Indexer(_indexDb, _runsDb);
            return true;
        }
        catch
        {
            CloseConnections();
            throw;
        }
    }

    private void Remake()
    {
        CloseConnections();
        foreach (var file in new[] { Path, Path + "-wal", Path + "-shm" })
        {
            File.Delete(file);
        }

        Generation++;
        _isSuspect = false;
        _wasRemade = true;
    }

    private void CloseConnections()
    {
        _indexer = null;
        _indexDb?.Dispose();
        _runsDb?.Dispose();
        (_indexDb, _runsDb) = (null, null);
    }
}
