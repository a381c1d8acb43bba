using Perilune.Model;
using Perilune.Model.Merging;
using Perilune.Storage.Sqlite.Bodies;
using Perilune.Storage.Sqlite.Periods;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Write;

/// <summary>What a file knows of an id, on its way to another file: its state with all payloads in it.</summary>
/// <param name="Cost">As it was priced, by <paramref name="PricedAs"/>.</param>
internal sealed record MovedEntry(RunState State, RawJson Message, long? Cost, PricedCall? PricedAs);

internal sealed partial class RunFileWriter
{
    // Ids that events of the running transaction have named, stored or not.
    private readonly HashSet<RunId> _named = [];

    /// <summary>Remembers that an event applied to this file speaks of the id.</summary>
    public void Name(RunId id)
    {
        _named.Add(id);
        File.Filter?.Add(id);
    }

    /// <summary>Whether anything here is the id, waits for it, or belongs to it.</summary>
    public bool Knows(RunId id) => _named.Contains(id) || IsAwaited(id) || Any(id);

    /// <summary>The greatest start of its runs; null when it has none.</summary>
    public Instant? LastStart => _db.ScalarInt64("SELECT EXISTS(SELECT 1 FROM run)") == 1 ? new Instant(_db.ScalarInt64("SELECT max(start) FROM run INDEXED BY run_start")) : null;

    /// <summary>A filter of all ids that <see cref="Knows"/> is true of.</summary>
    public IdFilter NewFilter()
    {
        var filter = new IdFilter(_db.ScalarInt64("SELECT (SELECT count(*) FROM run) + 2 * (SELECT count(*) FROM message)"));
        using var row = _db.PrepareOnce("""
            SELECT id FROM run INDEXED BY run_id UNION ALL SELECT parent FROM run WHERE is_orphan = 1 AND parent IS NOT NULL
            UNION ALL SELECT own_thread FROM run WHERE own_thread IS NOT NULL
            UNION ALL SELECT id FROM message UNION ALL SELECT alias FROM message WHERE alias IS NOT NULL UNION ALL SELECT DISTINCT thread FROM message
            UNION ALL SELECT id FROM pending
            """);
        while (row.Step())
        {
            filter.Add(row.Id(0));
        }

        foreach (var id in _named)
        {
            filter.Add(id);
        }

        return filter;
    }

    /// <summary>Everything that hangs together with the id through parents, threads and messages. After <see cref="Flush"/>.</summary>
    public List<RunId> Connected(RunId id)
    {
        var (found, seen, open) = (new List<RunId>(), new HashSet<RunId>(), new Queue<RunId>());
        Visit(id);
        while (open.TryDequeue(out var next))
        {
            if (Exists(next))
            {
                found.Add(next);
            }

            Follow(next, "SELECT trace FROM run WHERE id = ?1 UNION ALL SELECT thread FROM run WHERE id = ?1 UNION ALL SELECT parent FROM run WHERE id = ?1");
            Follow(next, "SELECT id FROM run WHERE trace = ?1 UNION ALL SELECT id FROM run WHERE thread = ?1 UNION ALL SELECT id FROM run WHERE is_orphan = 1 AND parent = ?1");
            Follow(next, "SELECT own_thread FROM run WHERE id = ?1 UNION ALL SELECT id FROM run WHERE own_thread = ?1");
            Follow(next, "SELECT thread FROM message WHERE id = ?1 UNION ALL SELECT chat FROM message WHERE id = ?1 UNION ALL SELECT alias FROM message WHERE id = ?1");
            Follow(next, "SELECT id FROM message WHERE thread = ?1 UNION ALL SELECT id FROM message WHERE alias = ?1");
        }

        return found;

        void Follow(RunId from, string sql)
        {
            var row = _db.Prepare(sql).Bind(1, from);
            while (row.Step())
            {
                if (row.NullableId(0) is { } to)
                {
                    Visit(to);
                }
            }

            row.Reset();
        }

        void Visit(RunId to)
        {
            if (seen.Add(to))
            {
                open.Enqueue(to);
            }
        }
    }

    /// <summary>What is stored of these ids, to be put into another file. Chats are left out: they are folded anew there.</summary>
    public List<MovedEntry> Read(IReadOnlyList<RunId> ids)
    {
        var bodies = new BodyReader(_db);
        var moved = new List<MovedEntry>(ids.Count);
        foreach (var id in ids)
        {
            var entry = Entry(id);
            if (entry.Kind == EntryKind.None)
            {
                continue;
            }

            // Decoded from its own encoding, so that the two files share nothing that changes.
            var state = entry.State;
            var payloads = new StatePayloads(Whole(state.Input), Whole(state.Output), Whole(state.Error), Whole(state.Params), Whole(state.Attributes), default);
            var copy = StateReader.Read(id, _states.Write(state), payloads, _terms.ValueOf);
            moved.Add(new MovedEntry(copy, entry.Body is Rope message ? bodies.Read(message.Encoded) : default, entry.Cost, entry.PricedAs));
        }

        return moved;

        // Of a message, only the message itself is kept, whatever else was sent under its id.
        object? Whole(Stamped<Payload> field) => field.Value.Stored is Rope rope ? bodies.Read(rope.Encoded) : null;
    }

    /// <summary>Takes in what another file knew. Between flushes.</summary>
    public void Put(IEnumerable<MovedEntry> moved)
    {
        var scratch = new List<Range>();
        foreach (var (state, message, cost, pricedAs) in moved)
        {
            Name(state.Id);
            if (state.Parent.IsSet)
            {
                Name(state.Parent.Value);
            }

            if (state.TraceThread.IsSet)
            {
                Name(state.TraceThread.Value);
            }

            var entry = Touch(state.Id);
            entry.State = state;
            (entry.Cost, entry.PricedAs) = (cost, pricedAs);
            state.Input = Prepared(state.Input);
            state.Output = Prepared(state.Output);
            state.Error = Prepared(state.Error);
            state.Params = Prepared(state.Params);
            state.Attributes = Prepared(state.Attributes);
            if (message.HasValue)
            {
                entry.Body = PreparedPayload.Of(message, File.Window, scratch);
                Name(AliasOf(state));
            }
        }

        Stamped<Payload> Prepared(Stamped<Payload> field) => field.IsSet
            ? field with { Value = new Payload(default, PreparedPayload.Of(field.Value.Json, File.Window, scratch)) }
            : field;
    }

    private bool Any(RunId id)
    {
        var row = _db.Prepare("""
            SELECT 1 FROM run WHERE id = ?1 UNION ALL SELECT 1 FROM message WHERE id = ?1 UNION ALL SELECT 1 FROM pending WHERE id = ?1
            UNION ALL SELECT 1 FROM message WHERE alias = ?1 UNION ALL SELECT 1 FROM message WHERE thread = ?1
            UNION ALL SELECT 1 FROM run WHERE own_thread = ?1 LIMIT 1
            """).Bind(1, id);
        var any = row.Step();
        row.Reset();
        return any;
    }

    private bool Exists(RunId id)
    {
        var row = _db.Prepare("SELECT 1 FROM run WHERE id = ?1 UNION ALL SELECT 1 FROM message WHERE id = ?1 UNION ALL SELECT 1 FROM pending WHERE id = ?1 LIMIT 1").Bind(1, id);
        var exists = row.Step();
        row.Reset();
        return exists;
    }
}
