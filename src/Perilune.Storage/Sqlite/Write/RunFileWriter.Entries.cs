using Perilune.Model;
using Perilune.Model.Merging;
using Perilune.Model.Traces;
using Perilune.Storage.Sqlite.Bodies;
using Perilune.Storage.Sqlite.Counting;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Write;

internal sealed partial class RunFileWriter
{
    private const string InsertRun =
        "INSERT INTO run(seq, duration, status, tokens, cost, state, input, output, error, params, attributes, sibling, id, trace, parent, thread, start, type, name, user, own_user, is_root, is_orphan, call, own_thread, env, own_env, tags, own_tags) " +
        "VALUES(?1, ?2, ?3, ?4, ?22, ?5, ?6, ?7, ?8, ?9, ?23, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?24, ?25, ?26, ?27, ?28, ?29)";

    private const string UpdateRunContent =
        "UPDATE run SET duration = ?2, status = ?3, tokens = ?4, cost = ?22, state = ?5, input = ?6, output = ?7, error = ?8, params = ?9, attributes = ?23, sibling = ?10 WHERE seq = ?1";

    private const string UpdateRun =
        "UPDATE run SET duration = ?2, status = ?3, tokens = ?4, cost = ?22, state = ?5, input = ?6, output = ?7, error = ?8, params = ?9, attributes = ?23, sibling = ?10, " +
        "id = ?11, trace = ?12, parent = ?13, thread = ?14, start = ?15, type = ?16, name = ?17, user = ?18, own_user = ?19, is_root = ?20, is_orphan = ?21, call = ?24, own_thread = ?25, env = ?26, own_env = ?27, tags = ?28, own_tags = ?29 WHERE seq = ?1";

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
        var row = _db.Prepare("SELECT seq, trace, thread, sibling, user, is_orphan, start, state, input, output, error, params, attributes, is_root, cost, call, is_repeat, env, tags FROM run WHERE id = ?1").Bind(1, id);
        if (!row.Step())
        {
            row.Reset();
            return null;
        }

        var payloads = new StatePayloads(Rope.FromColumn(row.Bytes(8)), Rope.FromColumn(row.Bytes(9)), Rope.FromColumn(row.Bytes(10)), Rope.FromColumn(row.Bytes(11)), Rope.FromColumn(row.Bytes(12)), default);
        var (seq, trace, thread, sibling, start) = (row.Int64(0), row.Id(1), row.NullableId(2), row.NullableId(3), row.Int64(6));
        var (orphan, state, isRoot) = (row.Int64(5) == 1, row.Blob(7).ToArray(), row.Int64(13) == 1);
        var (cost, call, isRepeat) = (row.NullableInt64(14), row.NullableInt64(15), row.Int64(16) == 1);
        var labels = LabelColumns.Read(row, 4, 17, 18, _terms.ValueOf);
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
            Cost = cost,
            StoredCall = call,
            IsRepeat = isRepeat,
        };
        entry.PricedAs = PricedCall.Of(entry.State);
        entry.Place = new TracePlace(trace, thread, labels, HasParent: entry.Parent is not null && !orphan);
        entry.PlacedAs = entry.ToNode(entry.Parent);
        entry.CountedType = TermOf(entry.Type) ?? 0;
        entry.StoredTags = labels.Tags;
        entry.StoredThread = entry.EndsChat ? entry.Parent : null;
        entry.StoredKeys = KeysOf(entry);
        SetCounted(entry);
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

        // Chats are joined anew each time they are written.
        var saysMore = state.Input.Value.Stored is PreparedPayload || state.Output.Value.Stored is PreparedPayload || state.Error.Value.Stored is PreparedPayload || entry.Type == RunTypes.Chat;
        state.Input = Stored(state.Input);
        state.Output = Stored(state.Output);
        state.Error = Stored(state.Error);
        state.Params = Stored(state.Params);
        state.Attributes = Stored(state.Attributes);

        Price(entry);
        entry.IsRepeat = !isNew && entry.IsRepeat;

        // Naming an indexed column in SET rewrites its index even when the value stays: most updates name none.
        var keys = KeysOf(entry);
        var call = CallStacks.HashOf(state);
        NoteCalls(entry, keys, isNew ? null : entry.StoredKeys, call);
        var writesKeys = isNew || keys != entry.StoredKeys || call != entry.StoredCall;
        var row = _db.Prepare(isNew ? InsertRun : writesKeys ? UpdateRun : UpdateRunContent)
            .Bind(1, entry.Seq)
            .Bind(2, state.End is { } end ? end.Micros - state.Start.Micros : null)
            .Bind(3, (long)state.Status)
            .Bind(4, state.Usage.Value?.Total)
            .Bind(5, _states.Write(state))
            .Bind(6, RopeOf(state.Input))
            .Bind(7, RopeOf(state.Output))
            .Bind(8, RopeOf(state.Error))
            .Bind(9, RopeOf(state.Params))
            .Bind(10, entry.Sibling)
            .Bind(22, entry.Cost)
            .Bind(23, RopeOf(state.Attributes));
        if (writesKeys)
        {
            row.Bind(11, state.Id)
                .Bind(12, keys.Trace)
                .Bind(13, keys.Parent)
                .Bind(14, keys.Thread)
                .Bind(15, keys.Start)
                .Bind(16, TermOf(keys.Type))
                .Bind(17, TermOf(keys.Name))
                .Bind(18, TermOf(keys.Labels.User))
                .Bind(19, TermOf(keys.Own.User))
                .Bind(20, keys.IsRoot ? 1 : 0)
                .Bind(21, keys.IsOrphan ? 1 : 0)
                .Bind(24, call)
                .Bind(25, keys.OwnThread)
                .Bind(26, TermOf(keys.Labels.Environment))
                .Bind(27, TermOf(keys.Own.Environment))
                .Bind(28, LabelColumns.Encode(keys.Labels.Tags, _terms))
                .Bind(29, LabelColumns.Encode(keys.Own.Tags, _terms));
        }

        row.Run();
        entry.StoredKeys = keys;
        entry.StoredCall = call;
        if (saysMore && !isNew)
        {
            _db.Prepare("INSERT INTO change(run) VALUES(?1)").Bind(1, entry.Seq).Run();
        }

        StoreTags(entry, keys.Start, isNew);
        Count(entry, isNew);
        Recount(entry, isNew);
    }

    private static RunKeys KeysOf(RunEntry entry) => new(
        entry.Place.TraceId, entry.Parent, entry.Place.ThreadId, entry.ListedAt.Micros, entry.Type, entry.State.Name.Value,
        entry.Place.Labels, entry.Own, entry.OwnThread, IsRoot(entry.State.Id, entry.Place, entry.Type), entry.IsOrphan);

    private void StoreTags(RunEntry entry, long start, bool isNew)
    {
        var tags = entry.Place.Labels.Tags;
        if (!isNew && start == entry.StoredStart && tags.Equals(entry.StoredTags))
        {
            return;
        }

        if (!isNew)
        {
            RemoveTags(entry.StoredTags, entry.StoredStart, entry.Seq);
        }

        AddTags(tags, start, entry.Seq);

        entry.StoredTags = tags;
        entry.StoredStart = start;
    }

    private void AddTags(TagList tags, long start, long seq)
    {
        foreach (var tag in tags)
        {
            _db.Prepare("INSERT OR IGNORE INTO run_tag(tag, start, seq) VALUES(?1, ?2, ?3)").Bind(1, _terms.IdOf(tag)).Bind(2, start).Bind(3, seq).Run();
        }
    }

    private void RemoveTags(TagList tags, long start, long seq)
    {
        foreach (var tag in tags)
        {
            _db.Prepare("DELETE FROM run_tag WHERE tag = ?1 AND start = ?2 AND seq = ?3").Bind(1, _terms.IdOf(tag)).Bind(2, start).Bind(3, seq).Run();
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
            RemoveTags(entry.StoredTags, entry.StoredStart, entry.Seq);
            Uncount(entry);
            TakeBack(entry);
            _db.Prepare("DELETE FROM run WHERE seq = ?1").Bind(1, entry.Seq).Run();
            if (entry.Seq == _lastSeq)
            {
                _db.Prepare("INSERT OR REPLACE INTO ceiling(id, run) VALUES(1, ?1)").Bind(1, _lastSeq).Run();
            }
        }

        (entry.Stored, entry.PricedAs) = (EntryKind.None, null);
    }

    private long LastSeq() => Math.Max(_db.ScalarInt64("SELECT max(seq) FROM run"), _db.ScalarInt64("SELECT run FROM ceiling"));

    private Stamped<Payload> Stored(Stamped<Payload> field) =>
        field.IsSet && field.Value.Stored is PreparedPayload prepared
            ? field with { Value = new Payload(default, prepared.Store(_bodies)) }
            : field;

    private static byte[]? RopeOf(Stamped<Payload> field) => field.IsSet ? ((Rope)field.Value.Stored!).Encoded : null;

    private long? TermOf(string? value) => value is null ? null : _terms.IdOf(value);

    private static bool IsRoot(RunId id, TracePlace place, string? type) => place.TraceId == id && RunScopes.IsTraceRoot(type ?? "");
}
