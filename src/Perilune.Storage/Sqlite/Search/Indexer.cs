using Perilune.Storage.Sqlite.Bodies;
using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Search;

/// <summary>
/// Brings an index up to its run file. Reads little at a time and ends the read before it goes on, because an open read
/// keeps the run file's log from being reset; writes a turn's work and how far it got in one transaction.
/// </summary>
internal sealed class Indexer
{
    private const int RowsPerRead = 500;
    private const int BytesPerRead = 1 << 20;
    private const int BodiesPerTurn = 4000;
    private const int RunsPerTurn = 4000;
    private readonly Database _index;
    private readonly Database _runs;
    private readonly ReuseWriter _reuse;
    private readonly WordBag _bag = new();
    private readonly List<(long Id, Range At)> _bodies = new(RowsPerRead);
    private byte[] _stored = new byte[64 << 10];
    private byte[] _text = new byte[16 << 10];
    private readonly List<(long Id, long Run, byte[]?[] Ropes)> _rows = new(RowsPerRead);
    private readonly List<long> _ids = [];
    private SearchProgress _done;
    private long _lastLiteral;

    /// <param name="index">The index, to be written.</param>
    /// <param name="runs">The run file, to be read.</param>
    public Indexer(Database index, Database runs)
    {
        (_index, _runs) = (index, runs);
        SearchSchema.Ensure(index);
        if (!SearchProgress.Read(index).IsOf(runs))
        {
            SearchSchema.Reset(index);
        }

        _reuse = new ReuseWriter(index);
        Load();
    }

    /// <summary>Indexes some of what waits. True when there may be more.</summary>
    public bool Turn()
    {
        if (_done.Body >= _runs.ScalarInt64("SELECT max(id) FROM body") &&
            _done.Run >= _runs.ScalarInt64("SELECT max(seq) FROM run") &&
            _done.Change >= _runs.ScalarInt64("SELECT max(id) FROM change"))
        {
            return false;
        }

        var before = _done;
        _index.Execute("BEGIN IMMEDIATE");
        try
        {
            // Documents in the order of their numbers: FTS5 writes out what it has whenever a number is not greater than the last.
            var more = Repeat(AddBodies, BodiesPerTurn / RowsPerRead);
            more |= Repeat(AddRuns, RunsPerTurn / RowsPerRead);
            more |= Repeat(AddChanges, RunsPerTurn / RowsPerRead);
            _done.Write(_index);
            _index.Execute("COMMIT");
            return more && _done != before;
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    private static bool Repeat(Func<bool> step, int times)
    {
        for (var i = 0; i < times; i++)
        {
            if (!step())
            {
                return false;
            }
        }

        return true;
    }

    private bool AddBodies()
    {
        _bodies.Clear();
        var bytes = 0;
        var row = _runs.Prepare("SELECT id, data FROM body WHERE id > ?1 ORDER BY id LIMIT 500").Bind(1, _done.Body);
        while (bytes < BytesPerRead && row.Step())
        {
            var data = row.Blob(1);
            if (bytes + data.Length > _stored.Length)
            {
                Array.Resize(ref _stored, Math.Max(_stored.Length * 2, bytes + data.Length));
            }

            data.CopyTo(_stored.AsSpan(bytes));
            _bodies.Add((row.Int64(0), bytes..(bytes + data.Length)));
            bytes += data.Length;
        }

        row.Reset();
        foreach (var (id, at) in _bodies)
        {
            _bag.Clear();
            AddTexts(_stored.AsSpan(at));
            Store(id);
        }

        if (_bodies.Count > 0)
        {
            _done = _done with { Body = _bodies[^1].Id, Mark = SearchProgress.MarkOf(_stored.AsSpan(_bodies[^1].At)) };
        }

        // A large document is rare.
        _stored = _stored.Length > 2 * BytesPerRead ? new byte[64 << 10] : _stored;
        _text = _text.Length > BytesPerRead ? new byte[16 << 10] : _text;

        return bytes >= BytesPerRead || _bodies.Count == RowsPerRead;
    }

    private bool AddRuns()
    {
        Read("SELECT seq, seq, input, output, error FROM run WHERE seq > ?1 ORDER BY seq LIMIT 500", _done.Run);
        foreach (var (_, run, ropes) in _rows)
        {
            if (!AddRun(run, ropes))
            {
                return false;
            }

            _done = _done with { Run = run };
        }

        return _rows.Count == RowsPerRead;
    }

    private bool AddChanges()
    {
        Read("SELECT c.id, c.run, r.input, r.output, r.error FROM change c LEFT JOIN run r ON r.seq = c.run WHERE c.id > ?1 ORDER BY c.id LIMIT 500", _done.Change);
        foreach (var (id, run, ropes) in _rows)
        {
            // A run that was not come to yet will be read as it is then.
            if (run <= _done.Run && !AddRun(run, ropes))
            {
                return false;
            }

            _done = _done with { Change = id };
        }

        return _rows.Count == RowsPerRead;
    }

    private void Read(string sql, long after)
    {
        _rows.Clear();
        var row = _runs.Prepare(sql).Bind(1, after);
        while (row.Step())
        {
            _rows.Add((row.Int64(0), row.Int64(1), [row.Bytes(2), row.Bytes(3), row.Bytes(4)]));
        }

        row.Reset();
    }

    // False when the run holds bodies that were not come to yet.
    private bool AddRun(long run, byte[]?[] ropes)
    {
        _ids.Clear();
        _bag.Clear();
        foreach (var rope in ropes)
        {
            foreach (var segment in new Rope(rope ?? []))
            {
                if (segment.Body != 0)
                {
                    _ids.Add(segment.Body);
                }
                else
                {
                    _bag.Add(segment.Literal);
                }
            }
        }

        _ids.Sort();
        if (_ids.Count > 0 && _ids[^1] > _done.Body)
        {
            return false;
        }

        if (!_bag.IsEmpty)
        {
            _index.Prepare("INSERT INTO literal(id, run) VALUES(?1, ?2)").Bind(1, ++_lastLiteral).Bind(2, run).Run();
            Store(SearchSchema.FirstLiteral + _lastLiteral);
        }

        _reuse.Add(run, [.. Distinct(_ids)]);
        return true;

        static IEnumerable<long> Distinct(List<long> sorted) => sorted.Where((id, i) => i == 0 || id != sorted[i - 1]);
    }

    private void AddTexts(ReadOnlySpan<byte> data)
    {
        try
        {
            _bag.Add(_text.AsSpan(0, BodyCodec.Decode(data, ref _text)));
        }
        catch (Exception e) when (e is ZstdSharp.ZstdException or IndexOutOfRangeException or ArgumentException or InvalidDataException)
        {
            // A damaged body has no words; verify names it.
        }
    }

    private void Store(long document)
    {
        if (!_bag.IsEmpty)
        {
            _index.Prepare("INSERT INTO word(rowid, words) VALUES(?1, ?2)").Bind(1, document).BindText(2, _bag.Utf8).Run();
        }
    }

    private void Rollback()
    {
        try
        {
            _index.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has already rolled back, as it does when the disk is full.
        }

        Load();
        _reuse.Forget();
    }

    private void Load()
    {
        _done = SearchProgress.Read(_index);
        _lastLiteral = _index.ScalarInt64("SELECT max(id) FROM literal");
    }
}
