using Perilune.Model;
using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Settling;

/// <summary>What of a file has to be settled around an id.</summary>
internal enum UnsettledKind
{
    /// <summary>The places of what hangs together with the run.</summary>
    Run,

    /// <summary>The places of what is in the thread.</summary>
    Thread,

    /// <summary>The places of what is in the trace.</summary>
    Trace,

    /// <summary>Which calls of the trace repeat others.</summary>
    Calls,
}

internal readonly record struct UnsettledId(UnsettledKind Kind, RunId Id);

/// <summary>
/// The table <c>unsettled</c>, for the file's writer: around which ids the rows may not say yet what they are to say,
/// because that concerns more of them than one transaction should rewrite.
/// </summary>
internal sealed class Unsettled
{
    private readonly Database _db;

    // What was added since the running pass began: that one does not know it.
    private readonly HashSet<(UnsettledId Id, bool IsOpen)> _added = [];

    public Unsettled(Database db)
    {
        _db = db;
        Reload();
    }

    /// <summary>Whether there is anything. Readers of rows go by what is there; only what settles needs to know.</summary>
    public bool Any { get; private set; }

    public static bool IsAny(Database db) => db.ScalarInt64("SELECT EXISTS(SELECT 1 FROM unsettled)") == 1;

    /// <summary>Everything that was added up to the row with this number, each once.</summary>
    public static HashSet<UnsettledId> Read(Database db, long last = long.MaxValue)
    {
        var ids = new HashSet<UnsettledId>();
        using var row = db.PrepareOnce("SELECT kind, run FROM unsettled WHERE id <= ?1").Bind(1, last);
        while (row.Step())
        {
            ids.Add(new UnsettledId((UnsettledKind)row.Int64(0), row.Id(1)));
        }

        return ids;
    }

    /// <param name="id">Around what.</param>
    /// <param name="isOpen">False when it was settled, but among rows that were not: whoever settles these looks at it again.</param>
    public void Add(UnsettledId id, bool isOpen)
    {
        if (_added.Add((id, isOpen)))
        {
            _db.Prepare("INSERT INTO unsettled(kind, run, is_open) VALUES(?1, ?2, ?3)").Bind(1, (long)id.Kind).Bind(2, id.Id).Bind(3, isOpen ? 1 : 0).Run();
            Any = true;
        }
    }

    /// <summary>The number of the last row; what is added from now on is a matter of the next pass.</summary>
    public long BeginPass()
    {
        _added.Clear();
        return _db.ScalarInt64("SELECT max(id) FROM unsettled");
    }

    /// <summary>
    /// Forgets what a pass knew that found every row as it is to be. What was settled since then was settled among such
    /// rows and is forgotten, too, unless something else is open by now.
    /// </summary>
    public void EndPass(long last)
    {
        _db.Prepare("DELETE FROM unsettled WHERE id <= ?1").Bind(1, last).Run();
        _db.Execute("DELETE FROM unsettled WHERE NOT EXISTS(SELECT 1 FROM unsettled WHERE is_open = 1)");
        Reload();
    }

    public void Clear()
    {
        _db.Execute("DELETE FROM unsettled");
        Reload();
    }

    /// <summary>Reads anew what is there, after a rollback.</summary>
    public void Reload()
    {
        _added.Clear();
        Any = IsAny(_db);
    }
}
