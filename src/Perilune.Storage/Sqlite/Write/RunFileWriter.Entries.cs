using Perilune.Model;
using Perilune.Model.Merging;
using Perilune.Model.Traces;
using Perilune.Storage.Sqlite.Bodies;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Write;

internal sealed partial class RunFileWriter
{
    /// <summary>The entry of an id, from memory or the file; a new one when nothing is known of it.</summary>
    private RunEntry Entry(RunId id)
    {
        var entry = _entries.Find(id);
        if (entry is null)
        {
            entry = LoadMessage(id) ?? LoadRun(id) ?? LoadPending(id) ?? new RunEntry(new RunState { Id = id });
            _entries.Add(entry);
        }

        return entry;
    }

    private RunEntry? LoadRun(RunId id)
    {
        var row = _db.Prepare("SELECT seq, trace, thread, sibling, user, is_orphan, start, state, input, output, error, params, is_root FROM run WHERE id = ?1").Bind(1, id);
        if (!row.Step())
        {
            row.Reset();
            return null;
        }

        var payloads = new StatePayloads(Rope.FromColumn(row.Bytes(8)), Rope.FromColumn(row.Bytes(9)), Rope.FromColumn(row.Bytes(10)), Rope.FromColumn(row.Bytes(11)), default);
        var (seq, trace, thread, sibling, start) = (row.Int64(0), row.Id(1), row.NullableId(2), row.NullableId(3), row.Int64(6));
        var (user, orphan, state, isRoot) = (row.NullableInt64(4), row.Int64(5) == 1, row.Blob(7).ToArray(), row.Int64(12) == 1);
        row.Reset();
        var entry = new RunEntry(StateReader.Read(id, state, payloads, _terms.ValueOf))
        {
            Stored = EntryKind.Run,
            Seq = seq,
            Sibling = sibling,
            IsPlaced = true,
            IsOrphan = orphan,
            StoredStart = start,
            CountedRoot = isRoot,
        };
        entry.Place = new TracePlace(trace, thread, user is { } u ? _terms.ValueOf(u) : null, HasParent: entry.Parent is not null && !orphan);
        entry.PlacedAs = entry.ToNode(entry.Parent);
        entry.CountedType = TermOf(entry.Type) ?? 0;
        entry.StoredTags = entry.State.Tags.Merged;
        entry.StoredThread = entry.EndsChat ? entry.Parent : null;
        return entry;
    }

    private RunEntry? LoadMessage(RunId id)
    {
        var row = _db.Prepare("SELECT thread, chat, body, state FROM message WHERE id = ?1 AND state IS NOT NULL").Bind(1, id);
        if (!row.Step())
        {
            row.Reset();
            return null;
        }

        var (thread, chat, body, state) = (row.Id(0), row.NullableId(1), row.Bytes(2), row.Blob(3).ToArray());
        row.Reset();
        return new RunEntry(StateReader.Read(id, state, default, _terms.ValueOf))
        {
            Stored = EntryKind.Message,
            StoredThread = thread,
            Chat = chat,
            Body = Rope.FromColumn(body),
        };
    }

    private RunEntry? LoadPending(RunId id)
    {
        if (!_anyPending)
        {
            return null;
        }

        var row = _db.Prepare("SELECT state FROM pending WHERE id = ?1").Bind(1, id);
        var state = row.Step() ? row.Blob(0).ToArray() : null;
        row.Reset();
        return state is null ? null : new RunEntry(StateReader.Read(id, state, default, _terms.ValueOf)) { Stored = EntryKind.Pending };
    }

    private void Store(RunEntry entry)
    {
        var kind = entry.Kind;
        if (entry.Stored != kind && entry.Stored is EntryKind.Run or EntryKind.Pending)
        {
            Unstore(entry);
        }

        switch (kind)
        {
            case EntryKind.Run:
                StoreRun(entry);
                break;
            case EntryKind.Pending:
                _anyPending = true;
                _db.Prepare("INSERT OR REPLACE INTO pending(id, state) VALUES(?1, ?2)").Bind(1, entry.State.Id).Bind(2, _states.Write(entry.State)).Run();
                break;
            case EntryKind.Message or EntryKind.None:
                break;
        }

        entry.Stored = kind;
    }

    private void StoreRun(RunEntry entry)
    {
        var isNew = entry.Stored != EntryKind.Run;
        entry.Seq = isNew ? ++_lastSeq : entry.Seq;
        var state = entry.State;
        var sql = isNew
            ? "INSERT INTO run(seq, id, trace, parent, thread, sibling, start, duration, type, status, name, user, own_user, tokens, cost, is_root, is_orphan, state, input, output, error, params) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, NULL, ?15, ?16, ?17, ?18, ?19, ?20, ?21)"
            : "UPDATE run SET id = ?2, trace = ?3, parent = ?4, thread = ?5, sibling = ?6, start = ?7, duration = ?8, type = ?9, status = ?10, name = ?11, user = ?12, own_user = ?13, tokens = ?14, is_root = ?15, is_orphan = ?16, state = ?17, input = ?18, output = ?19, error = ?20, params = ?21 WHERE seq = ?1";
        var start = entry.ListedAt.Micros;
        state.Input = Stored(state.Input);
        state.Output = Stored(state.Output);
        state.Error = Stored(state.Error);
        state.Params = Stored(state.Params);
        _db.Prepare(sql)
            .Bind(1, entry.Seq)
            .Bind(2, state.Id)
            .Bind(3, entry.Place.TraceId)
            .Bind(4, entry.Parent)
            .Bind(5, entry.Place.ThreadId)
            .Bind(6, entry.Sibling)
            .Bind(7, start)
            .Bind(8, state.End is { } end ? end.Micros - state.Start.Micros : null)
            .Bind(9, TermOf(state.Type.Value))
            .Bind(10, (long)state.Status)
            .Bind(11, TermOf(state.Name.Value))
            .Bind(12, TermOf(entry.Place.User))
            .Bind(13, TermOf(state.User.Value))
            .Bind(14, state.Usage.Value?.Total)
            .Bind(15, IsRoot(entry.State.Id, entry.Place, entry.Type) ? 1 : 0)
            .Bind(16, entry.IsOrphan ? 1 : 0)
            .Bind(17, _states.Write(state))
            .Bind(18, RopeOf(state.Input))
            .Bind(19, RopeOf(state.Output))
            .Bind(20, RopeOf(state.Error))
            .Bind(21, RopeOf(state.Params))
            .Run();
        StoreTags(entry, start, isNew);
        Count(entry, isNew);
    }

    private void StoreTags(RunEntry entry, long start, bool isNew)
    {
        var tags = entry.State.Tags.Merged;
        if (!isNew && start == entry.StoredStart && tags.SequenceEqual(entry.StoredTags))
        {
            return;
        }

        if (!isNew)
        {
            RemoveTags(entry);
        }

        foreach (var tag in tags)
        {
            _db.Prepare("INSERT OR IGNORE INTO run_tag(tag, start, seq) VALUES(?1, ?2, ?3)").Bind(1, _terms.IdOf(tag)).Bind(2, start).Bind(3, entry.Seq).Run();
        }

        entry.StoredTags = tags;
        entry.StoredStart = start;
    }

    private void RemoveTags(RunEntry entry)
    {
        foreach (var tag in entry.StoredTags)
        {
            _db.Prepare("DELETE FROM run_tag WHERE tag = ?1 AND start = ?2 AND seq = ?3").Bind(1, _terms.IdOf(tag)).Bind(2, entry.StoredStart).Bind(3, entry.Seq).Run();
        }
    }

    private void Unstore(RunEntry entry)
    {
        if (entry.Stored == EntryKind.Pending)
        {
            _db.Prepare("DELETE FROM pending WHERE id = ?1").Bind(1, entry.State.Id).Run();
        }
        else
        {
            RemoveTags(entry);
            Uncount(entry);
            _db.Prepare("DELETE FROM run WHERE seq = ?1").Bind(1, entry.Seq).Run();
        }

        entry.Stored = EntryKind.None;
    }

    private Stamped<Payload> Stored(Stamped<Payload> field) =>
        field.IsSet && field.Value.Stored is PreparedPayload prepared
            ? field with { Value = new Payload(default, prepared.Store(_bodies)) }
            : field;

    private static byte[]? RopeOf(Stamped<Payload> field) => field.IsSet ? ((Rope)field.Value.Stored!).Encoded : null;

    private long? TermOf(string? value) => value is null ? null : _terms.IdOf(value);

    private static bool IsRoot(RunId id, TracePlace place, string? type) => place.TraceId == id && RunScopes.IsTraceRoot(type ?? "");
}
