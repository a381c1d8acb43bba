using System.Collections;
using Perilune.Model;
using Perilune.Model.Merging;
using Perilune.Storage.Sqlite.Bodies;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Write;

internal sealed partial class RunFileWriter
{
    /// <summary>Everything that is this user's: runs, chats with their messages, single messages, what waits for its run.</summary>
    public List<RunId> IdsOfUser(string user)
    {
        var ids = new HashSet<RunId>();
        if (Terms.Lookup(_db, user) is not { } term)
        {
            return [];
        }

        var row = _db.Prepare("SELECT id FROM run WHERE user = ?1").Bind(1, term);
        while (row.Step())
        {
            ids.Add(row.Id(0));
        }

        row.Reset();
        var chats = ids.SelectMany(MessagesOf).ToList();
        ids.UnionWith(chats);
        ids.UnionWith(StatedBy(user, "SELECT id, state FROM message WHERE state IS NOT NULL"));
        ids.UnionWith(StatedBy(user, "SELECT id, state FROM pending"));
        return [.. ids];
    }

    public void RemoveUser(string user)
    {
        _users.Remove(user);
        _seenUsers.Remove(user);
        _db.Prepare("DELETE FROM user WHERE term = (SELECT id FROM term WHERE value = ?1)").Bind(1, user).Run();
    }

    /// <summary>
    /// Deletes the bodies and strings that nothing refers to any more. Their numbers are not given again, since readers
    /// may remember what they meant: the last one stays, with other content.
    /// </summary>
    public void Sweep()
    {
        // What waits to be counted names terms, too.
        _counts.Fold();
        var (bodies, terms) = (new NumberSet(), new NumberSet());
        MarkRuns(bodies, terms);
        MarkStates(bodies, terms, "SELECT body, state FROM message");
        MarkStates(bodies, terms, "SELECT NULL, state FROM pending");
        foreach (var column in Schema.TermColumns)
        {
            using var row = _db.PrepareOnce(column);
            while (row.Step())
            {
                terms.Add(row.NullableInt64(0) ?? 0);
            }
        }

        DeleteUnused("body", bodies);
        DeleteUnused("term", terms);
        var lastBody = _db.ScalarInt64("SELECT max(id) FROM body");
        if (!bodies.Contains(lastBody))
        {
            _db.Prepare("UPDATE body SET data = ?1 WHERE id = ?2").Bind(1, BodyCodec.Encode("null"u8)).Bind(2, lastBody).Run();
        }

        if (!terms.Contains(_db.ScalarInt64("SELECT max(id) FROM term")))
        {
            _db.Execute("UPDATE term SET value = hex(randomblob(16)) WHERE id = (SELECT max(id) FROM term)");
        }

        _entries.Clear();
        _terms.Clear();
        _bodies.Reset();
    }

    /// <summary>Rewrites the file without what was deleted, and empties its log. Outside of transactions.</summary>
    public void Compact() => File.Log.Without(() => _db.Execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"));

    private List<RunId> StatedBy(string user, string sql)
    {
        var ids = new List<RunId>();
        using var row = _db.PrepareOnce(sql);
        while (row.Step())
        {
            if (StateReader.Read(row.Id(0), row.Blob(1), default, _terms.ValueOf).User.Value == user)
            {
                ids.Add(row.Id(0));
            }
        }

        return ids;
    }

    private void MarkRuns(NumberSet bodies, NumberSet terms)
    {
        using var row = _db.PrepareOnce("SELECT state, input, output, error, params, attributes FROM run");
        while (row.Step())
        {
            MarkState(terms, row.Blob(0));
            for (var i = 1; i <= 5; i++)
            {
                MarkRope(bodies, row.Blob(i));
            }
        }
    }

    private void MarkStates(NumberSet bodies, NumberSet terms, string sql)
    {
        using var row = _db.PrepareOnce(sql);
        while (row.Step())
        {
            MarkRope(bodies, row.Blob(0));
            MarkState(terms, row.Blob(1));
        }
    }

    private static void MarkState(NumberSet terms, ReadOnlySpan<byte> state)
    {
        if (!state.IsEmpty)
        {
            StateReader.Read(RunId.None, state, default, term =>
            {
                terms.Add(term);
                return "";
            });
        }
    }

    private static void MarkRope(NumberSet bodies, ReadOnlySpan<byte> rope)
    {
        var segments = new RopeReader(rope);
        while (segments.MoveNext())
        {
            bodies.Add(segments.Current.Body);
        }
    }

    private void DeleteUnused(string table, NumberSet used)
    {
        var unused = new List<long>();
        using (var row = _db.PrepareOnce($"SELECT id FROM {table} WHERE id < (SELECT max(id) FROM {table})"))
        {
            while (row.Step())
            {
                if (!used.Contains(row.Int64(0)))
                {
                    unused.Add(row.Int64(0));
                }
            }
        }

        var delete = _db.Prepare($"DELETE FROM {table} WHERE id = ?1");
        foreach (var id in unused)
        {
            delete.Bind(1, id).Run();
        }
    }

    /// <summary>A set of small numbers: a bit each.</summary>
    private sealed class NumberSet
    {
        private readonly BitArray _bits = new(1024);

        public void Add(long number)
        {
            if (number >= _bits.Length)
            {
                _bits.Length = (int)Math.Max(number + 1, Math.Min(_bits.Length * 2L, int.MaxValue));
            }

            _bits[(int)number] = true;
        }

        public bool Contains(long number) => number < _bits.Length && _bits[(int)number];
    }
}
