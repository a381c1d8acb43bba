using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite;

/// <summary>The strings of a file as small numbers, for the file's writer.</summary>
internal sealed class Terms(Database db)
{
    private const int CacheLimit = 100_000;
    private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _values = [];

    public long IdOf(string value)
    {
        if (_ids.TryGetValue(value, out var id))
        {
            return id;
        }

        id = Lookup(db, value) ?? Insert(value);
        Remember(id, value);
        return id;
    }

    public string ValueOf(long id)
    {
        if (_values.TryGetValue(id, out var value))
        {
            return value;
        }

        value = Value(db, id);
        Remember(id, value);
        return value;
    }

    /// <summary>Forgets everything, after a rollback may have taken terms back.</summary>
    public void Clear()
    {
        _ids.Clear();
        _values.Clear();
    }

    public static long? Lookup(Database db, string value)
    {
        var statement = db.Prepare("SELECT id FROM term WHERE value = ?1").Bind(1, value);
        long? id = statement.Step() ? statement.Int64(0) : null;
        statement.Reset();
        return id;
    }

    public static string Value(Database db, long id)
    {
        var statement = db.Prepare("SELECT value FROM term WHERE id = ?1").Bind(1, id);
        var value = statement.Step() ? statement.Text(0) : throw new InvalidDataException($"Term {id} is missing: the run file is damaged.");
        statement.Reset();
        return value;
    }

    private long Insert(string value)
    {
        var statement = db.Prepare("INSERT INTO term(value) VALUES(?1) RETURNING id").Bind(1, value);
        statement.Step();
        var id = statement.Int64(0);
        statement.Step();
        statement.Reset();
        return id;
    }

    private void Remember(long id, string value)
    {
        if (_ids.Count >= CacheLimit)
        {
            Clear();
        }

        _ids[value] = id;
        _values[id] = value;
    }
}
