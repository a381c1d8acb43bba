using System.Collections;
using Perilune.Storage.Sqlite.Bodies;
using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Maintenance;

/// <summary>Which bodies a file holds and which are referred to: two bits a body.</summary>
internal sealed class BodyUse(ProblemList problems)
{
    private BitArray _stored = new(0);
    private BitArray _used = new(0);

    public long Stored { get; private set; }

    public long Unused { get; private set; }

    public void Load(Database db)
    {
        var last = db.ScalarInt64("SELECT coalesce(max(id), 0) FROM body");
        if (last is < 0 or >= int.MaxValue)
        {
            problems.Add($"The greatest body number, {last}, is out of range.");
            return;
        }

        (_stored, _used) = (new BitArray((int)last + 1), new BitArray((int)last + 1));
        using var row = db.PrepareOnce("SELECT id, data FROM body");
        while (row.Step())
        {
            var id = row.Int64(0);
            try
            {
                BodyCodec.Decode(row.Blob(1));
            }
            catch (Exception e) when (ProblemList.IsUnreadable(e))
            {
                problems.Add($"Body {id} cannot be unpacked: {e.Message}");
            }

            _stored[(int)id] = true;
            Stored++;
            Unused++;
        }
    }

    /// <summary>Notes what a payload is made of; <paramref name="owner"/> names it in problems.</summary>
    public void Refer(byte[]? rope, string owner)
    {
        if (rope is null)
        {
            return;
        }

        foreach (var segment in new Rope(rope))
        {
            if (segment.Body == 0)
            {
                continue;
            }

            if (segment.Body < 0 || segment.Body >= _stored.Length || !_stored[(int)segment.Body])
            {
                problems.Add($"{owner} refers to body {segment.Body}, which is missing.");
            }
            else if (!_used[(int)segment.Body])
            {
                _used[(int)segment.Body] = true;
                Unused--;
            }
        }
    }
}
