using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Write;

/// <summary>
/// Keeps the log of a run file short. SQLite would copy a log that has grown into the file within some commit, and
/// everyone who waits for an acknowledgement would wait for the disk twice over. Here another thread copies it while the
/// writer goes on; what came in meanwhile is little, the writer copies that itself, and then the log begins anew.
/// </summary>
/// <param name="path">The run file.</param>
/// <param name="thread">Who copies; null when nobody does, and the writer copies all.</param>
internal sealed class WriteAheadLog(string path, CheckpointThread? thread) : IDisposable
{
    /// <summary>Pages in the log from which on it is copied: 16 MB.</summary>
    private const int Long = 4000;

    /// <summary>Pages from which on the writer does not go on before all is copied: the log must not grow without bound.</summary>
    private const int TooLong = 4 * Long;

    /// <summary>A reader can keep the log from beginning anew; then it is tried again after so many pages.</summary>
    private const int Again = 1000;

    /// <summary>So few pages the writer copies without keeping anyone waiting for long.</summary>
    private const int Few = 200;

    /// <summary>How often what came in during a copy is copied, before the rest is left to the writer.</summary>
    private const int Rounds = 4;

    private readonly Lock _copying = new();
    private volatile bool _isInLine;
    private volatile bool _isCopied;
    private long _written;
    private Database? _beside;
    private bool _isClosed;
    private long _next = Long;

    // Pages that the writer had written when the log last began anew.
    private long _start;

    /// <summary>Looks after the log after a commit. On the writer's thread.</summary>
    public void Committed(Database db)
    {
        var written = db.PagesWritten;
        Volatile.Write(ref _written, written);
        var pages = written - _start;
        if (pages < _next || (_isInLine && pages < TooLong))
        {
            return;
        }

        if (thread is not null && !_isCopied && pages < TooLong)
        {
            _isInLine = true;
            thread.Enqueue(this);
        }
        else if (pages >= TooLong)
        {
            Without(() => Finish(db, pages));
        }
        else if (_copying.TryEnter())
        {
            try
            {
                Finish(db, pages);
            }
            finally
            {
                _copying.Exit();
            }
        }
    }

    /// <summary>Copies what is in the log now. On the thread for that.</summary>
    public void Copy()
    {
        lock (_copying)
        {
            if (!_isClosed)
            {
                CopyBeside();
            }

            _isCopied = true;
            _isInLine = false;
        }
    }

    /// <summary>Runs what must not meet a copy.</summary>
    public void Without(Action work)
    {
        lock (_copying)
        {
            work();
        }
    }

    /// <summary>A connection begins to write to the file.</summary>
    public void Begin() => (_start, _next, _isCopied) = (0, Long, false);

    /// <summary>It has ended. The one that copies ends with it.</summary>
    public void End() => Without(CloseBeside);

    public void Dispose() => Without(() =>
    {
        _isClosed = true;
        CloseBeside();
    });

    private void CopyBeside()
    {
        try
        {
            _beside ??= Database.OpenCheckpointer(path);
            for (var round = 0; round < Rounds; round++)
            {
                var before = Volatile.Read(ref _written);
                _beside.Checkpoint();
                if (Volatile.Read(ref _written) - before < Few)
                {
                    return;
                }
            }
        }
        catch (SqliteException)
        {
            // The writer meets the same trouble, and tells of it.
            CloseBeside();
        }
    }

    private void CloseBeside()
    {
        _beside?.Dispose();
        _beside = null;
    }

    private void Finish(Database db, long pages)
    {
        _isCopied = false;
        if (db.Checkpoint())
        {
            (_start, _next) = (db.PagesWritten, Long);
        }
        else
        {
            _next = pages + Again;
        }
    }
}
