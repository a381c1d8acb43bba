using SQLitePCL;

namespace Perilune.Storage.Sqlite.Native;

/// <summary>One SQLite connection, used by one thread at a time. Statements are prepared once and kept.</summary>
internal sealed class Database : IDisposable
{
    private static readonly Version Oldest = new(3, 51, 3);
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    private readonly sqlite3 _handle;
    private readonly string _path;

    static Database()
    {
        Batteries_V2.Init();
        var version = Version.Parse(raw.sqlite3_libversion().utf8_to_string());
        if (version < Oldest)
        {
            throw new InvalidOperationException(
                $"The SQLite library is {version}; Perilune needs {Oldest} or newer, because older ones can corrupt a database whose log is being reset. Remove the overriding libe_sqlite3 from the application folder or the library path.");
        }
    }

    private Database(sqlite3 handle, string path) => (_handle, _path) = (handle, path);

    public static Database OpenWriter(string path)
    {
        // A split of a page makes SQLite look through its whole cache at the next commit, so a large one costs more than it saves.
        var db = Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX);
        db.Execute("PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=OFF; PRAGMA trusted_schema=OFF; PRAGMA journal_size_limit=67108864");
        return db;
    }

    /// <summary>The writer of a file that can be made anew: whole after a crash, if perhaps without its last commits.</summary>
    public static Database OpenIndexWriter(string path)
    {
        var db = Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX);
        try
        {
            db.Execute("PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=1000; PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF; PRAGMA journal_size_limit=16777216");
            return db;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>A connection beside the file's writer, for <see cref="Checkpoint"/> alone.</summary>
    public static Database OpenCheckpointer(string path)
    {
        var db = Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX);
        try
        {
            db.Execute("PRAGMA synchronous=FULL; PRAGMA cache_size=-64; PRAGMA trusted_schema=OFF");
            db.ScalarInt64("PRAGMA schema_version");
            return db;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    public static Database OpenReader(string path)
    {
        var db = Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX);
        db.Execute("PRAGMA query_only=1; PRAGMA cache_size=-16384; PRAGMA mmap_size=1073741824; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF");
        return db;
    }

    /// <summary>A reader beside whoever owns the file: it does not fold the log into the file when it is the last to close.</summary>
    public static Database OpenGuest(string path)
    {
        var db = Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX);
        try
        {
            db.Check(raw.sqlite3_db_config(db._handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _));
            db.Execute("PRAGMA query_only=1; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF");
            return db;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>Copies the whole database, as of one moment, into a new file. The caller syncs it.</summary>
    public void CopyTo(string target)
    {
        using var copy = Open(target, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX);
        copy.Execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF");
        using var backup = raw.sqlite3_backup_init(copy._handle, "main", _handle, "main");
        if (backup is null || backup.IsInvalid)
        {
            throw new SqliteException(raw.sqlite3_extended_errcode(copy._handle), raw.sqlite3_errmsg(copy._handle).utf8_to_string(), target);
        }

        var code = raw.sqlite3_backup_step(backup, -1);
        if (code != raw.SQLITE_DONE)
        {
            throw new SqliteException(code, raw.sqlite3_errstr(code).utf8_to_string(), target);
        }
    }

    public Statement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle));
            _statements[sql] = statement = new Statement(this, handle);
        }

        return statement;
    }

    /// <summary>A statement that is not kept: for SQL put together per question.</summary>
    public Statement PrepareOnce(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_handle, sql, 0, out var handle));
        return new Statement(this, handle);
    }

    /// <summary>Pages that this connection has written so far: into the log, as long as there is one.</summary>
    public long PagesWritten
    {
        get
        {
            Check(raw.sqlite3_db_status(_handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 0));
            return (uint)pages;
        }
    }

    /// <summary>Copies as much of the log into the database as readers allow. True when that was all, so that the log begins anew.</summary>
    public bool Checkpoint()
    {
        var code = raw.sqlite3_wal_checkpoint_v2(_handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var pages, out var copied);
        if (code == raw.SQLITE_BUSY)
        {
            return false;
        }

        Check(code);
        return pages == copied;
    }

    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>Ends a transaction that only read, also one that SQLite has ended itself because of a failure.</summary>
    public void EndRead() => _ = raw.sqlite3_exec(_handle, "ROLLBACK");

    public long ScalarInt64(string sql)
    {
        var statement = Prepare(sql);
        var value = statement.Step() ? statement.Int64(0) : 0;
        statement.Reset();
        return value;
    }

    /// <summary>Makes the running statement of this connection fail soon. The one member that other threads may call.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(_handle);

    internal void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw new SqliteException(raw.sqlite3_extended_errcode(_handle), raw.sqlite3_errmsg(_handle).utf8_to_string(), _path);
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
        _handle.manual_close_v2();
    }

    private static Database Open(string path, int flags)
    {
        var code = raw.sqlite3_open_v2(path, out var handle, flags, null);
        var db = new Database(handle, path);
        try
        {
            db.Check(code);
            raw.sqlite3_extended_result_codes(handle, 1);
            raw.sqlite3_busy_timeout(handle, 5000);
            return db;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }
}
