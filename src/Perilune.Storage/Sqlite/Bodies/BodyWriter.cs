using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Bodies;

/// <summary>Inserts bodies into a file, once per content as far as the window remembers.</summary>
internal sealed class BodyWriter(Database db, BodyWindow window)
{
    private long _last = db.ScalarInt64("SELECT max(id) FROM body");

    public BodyWindow Window => window;

    /// <summary>After a rollback: the window may know bodies that are gone.</summary>
    public void Reset()
    {
        window.Clear();
        _last = db.ScalarInt64("SELECT max(id) FROM body");
    }

    public long Store(UInt128 hash, byte[]? encoded, ReadOnlySpan<byte> content)
    {
        var known = window.Find(hash);
        if (known != 0)
        {
            return known;
        }

        var id = ++_last;
        db.Prepare("INSERT INTO body(id, data) VALUES(?1, ?2)").Bind(1, id).Bind(2, encoded ?? BodyCodec.Encode(content)).Run();
        window.Add(hash, id);
        return id;
    }
}
