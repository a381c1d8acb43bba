using System.Globalization;
using Perilune.Model;
using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Periods;

/// <summary>
/// What concerns all run files of a project, in <c>project.db</c> beside them: ids that were deleted and must not come
/// back, moves between files that are under way, and from when on runs are kept. Made when the first of these is.
/// </summary>
internal sealed class ProjectFile : IDisposable
{
    public const string Name = "project.db";

    /// <summary>The setting that says from when on runs are kept, in microseconds since 1970.</summary>
    public const string Since = "since";

    public const int Version = 1;

    private const string Tables = """
        CREATE TABLE deleted(id BLOB PRIMARY KEY, done INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE moved(seq INTEGER PRIMARY KEY, id BLOB NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL, done INTEGER NOT NULL) STRICT;
        CREATE TABLE setting(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """;

    private readonly string _folder;
    private Database? _db;
    private bool _anyDeleted;
    private bool _inTransaction;

    public ProjectFile(string folder)
    {
        _folder = folder;
        if (File.Exists(Path))
        {
            Open();
            _anyDeleted = _db!.ScalarInt64("SELECT EXISTS(SELECT 1 FROM deleted)") == 1;
        }
    }

    private string Path => System.IO.Path.Combine(_folder, Name);

    public bool IsDeleted(RunId id)
    {
        if (!_anyDeleted)
        {
            return false;
        }

        var row = _db!.Prepare("SELECT 1 FROM deleted WHERE id = ?1").Bind(1, id);
        var found = row.Step();
        row.Reset();
        return found;
    }

    public void AddDeleted(IEnumerable<RunId> ids)
    {
        Begin();
        foreach (var id in ids)
        {
            _db!.Prepare("INSERT OR IGNORE INTO deleted(id, done) VALUES(?1, 0)").Bind(1, id).Run();
        }

        _anyDeleted = true;
    }

    public void AddMoved(IEnumerable<RunId> ids, string source, string target)
    {
        Begin();
        foreach (var id in ids)
        {
            _db!.Prepare("INSERT INTO moved(id, source, target, done) VALUES(?1, ?2, ?3, 0)").Bind(1, id).Bind(2, source).Bind(3, target).Run();
        }
    }

    /// <summary>Deletions that were decided, and may not have reached the run files.</summary>
    public IReadOnlyList<RunId> OpenDeletions() => Ids("SELECT id FROM deleted WHERE done = 0");

    /// <summary>Runs that stand in their new file, and may still stand in the old one.</summary>
    public IReadOnlyList<(RunId Id, string Source, string Target)> OpenMoves()
    {
        var moves = new List<(RunId, string, string)>();
        if (_db is null)
        {
            return moves;
        }

        var row = _db.Prepare("SELECT id, source, target FROM moved WHERE done = 0 ORDER BY seq");
        while (row.Step())
        {
            moves.Add((row.Id(0), row.Text(1), row.Text(2)));
        }

        row.Reset();
        return moves;
    }

    /// <summary>
    /// The run files hold what was decided: nothing has to be done again after a crash. The last moves are remembered,
    /// for backups: their copies of run files may be older than this one.
    /// </summary>
    public void Settle() => _db?.Execute("""
        BEGIN IMMEDIATE;
        UPDATE deleted SET done = 1 WHERE done = 0;
        UPDATE moved SET done = 1 WHERE done = 0;
        DELETE FROM moved WHERE seq <= (SELECT max(seq) FROM moved) - 100000;
        COMMIT
        """);

    /// <summary>The run files may be older than this file: everything decided about them is to be done again.</summary>
    public void Unsettle() => _db?.Execute("BEGIN IMMEDIATE; UPDATE deleted SET done = 0; UPDATE moved SET done = 0; COMMIT");

    /// <summary>A whole number kept under a name; null when there is none.</summary>
    public long? Setting(string name)
    {
        if (_db is null)
        {
            return null;
        }

        var row = _db.Prepare("SELECT value FROM setting WHERE name = ?1").Bind(1, name);
        long? value = row.Step() ? row.Int64(0) : null;
        row.Reset();
        return value;
    }

    public void Set(string name, long value)
    {
        Open();
        _db!.Prepare("INSERT OR REPLACE INTO setting(name, value) VALUES(?1, ?2)").Bind(1, name).Bind(2, value).Run();
    }

    public void Unset(string name) => _db?.Prepare("DELETE FROM setting WHERE name = ?1").Bind(1, name).Run();

    public void Commit()
    {
        if (_inTransaction)
        {
            _db!.Execute("COMMIT");
            _inTransaction = false;
        }
    }

    public void Rollback()
    {
        if (!_inTransaction)
        {
            return;
        }

        _inTransaction = false;
        try
        {
            _db!.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has already rolled back, as it does when the disk is full.
        }
    }

    public void Dispose() => _db?.Dispose();

    private void Begin()
    {
        Open();
        if (!_inTransaction)
        {
            _db!.Execute("BEGIN IMMEDIATE");
            _inTransaction = true;
        }
    }

    private void Open()
    {
        if (_db is not null)
        {
            return;
        }

        var isNew = !File.Exists(Path);
        _db = Database.OpenWriter(Path);
        var version = _db.ScalarInt64("PRAGMA user_version");
        if (version == 0)
        {
            _db.Execute("BEGIN IMMEDIATE;" + Tables + string.Create(CultureInfo.InvariantCulture, $";PRAGMA user_version={Version};COMMIT"));
        }
        else if (version > Version)
        {
            throw Schema.IsNewer(Path, version, Version);
        }

        if (isNew)
        {
            Durable.SyncDirectory(_folder);
        }
    }

    private List<RunId> Ids(string sql)
    {
        var ids = new List<RunId>();
        if (_db is null)
        {
            return ids;
        }

        var row = _db.Prepare(sql);
        while (row.Step())
        {
            ids.Add(row.Id(0));
        }

        row.Reset();
        return ids;
    }
}
