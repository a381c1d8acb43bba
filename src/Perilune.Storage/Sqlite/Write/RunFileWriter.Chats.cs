using Perilune.Model;
using Perilune.Model.Merging;
using Perilune.Storage.Sqlite.Bodies;

namespace Perilune.Storage.Sqlite.Write;

internal sealed partial class RunFileWriter
{
    private readonly Dictionary<RunId, RunEntry> _chats = [];
    private readonly HashSet<RunId> _formerChats = [];

    private enum Role
    {
        Question = 0,
        Answer = 1,
    }

    /// <summary>Writes the touched messages and thread events into <c>message</c>, and notes which threads to fold anew.</summary>
    private void StoreMessages()
    {
        for (var i = 0; i < _touched.Count; i++)
        {
            var entry = _touched[i];
            var thread = entry.Kind == EntryKind.Message || entry.EndsChat ? entry.Parent : null;
            if (entry.StoredThread is { } old && old != thread)
            {
                _threadsToFold.Add(old);
                _threadsToSettle.Add(old);
                if (entry.Chat is { } formerChat)
                {
                    _formerChats.Add(formerChat);
                }

                _db.Prepare("DELETE FROM message WHERE id = ?1").Bind(1, entry.State.Id).Run();
                entry.StoredThread = null;
            }

            if (thread is not { } current)
            {
                continue;
            }

            _threadsToFold.Add(current);
            StoreMessage(entry, current);
            entry.StoredThread = current;
        }
    }

    private void StoreMessage(RunEntry entry, RunId thread)
    {
        var state = entry.State;
        if (entry.Body is PreparedPayload prepared)
        {
            entry.Body = prepared.Store(_bodies);
            state.Message = state.Message with { Value = state.Message.Value with { Raw = default } };
        }

        var message = state.Message.Value;
        var isAnswer = message is not null && new ThreadItem(state.Id, state.Start, message.Role, message.IsRetry).IsAnswer;
        _db.Prepare("INSERT OR REPLACE INTO message(id, thread, time, role, retry, chat, alias, body, state) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
            .Bind(1, state.Id)
            .Bind(2, thread)
            .Bind(3, state.Start.Micros)
            .Bind(4, message is null ? null : (long)(isAnswer ? Role.Answer : Role.Question))
            .Bind(5, message is { IsRetry: true } ? 1 : 0)
            .Bind(6, entry.Chat)
            .Bind(7, message is null ? null : AliasOf(state))
            .Bind(8, (entry.Body as Rope)?.Encoded)
            .Bind(9, message is null ? null : _states.Write(state))
            .Run();
    }

    private void FoldThreads()
    {
        foreach (var thread in _threadsToFold)
        {
            FoldThread(thread);
        }

        foreach (var id in _formerChats.Where(id => !_chats.ContainsKey(id)))
        {
            RemoveChat(id);
        }
    }

    private void FoldThread(RunId thread)
    {
        var (items, chatOf) = ThreadItems(thread);
        var before = chatOf.Values.OfType<RunId>().CountBy(chat => chat).ToDictionary();
        var retries = items.Where(item => item.IsRetry).Select(item => item.Id).ToHashSet();
        foreach (var chat in ChatFold.Fold(items))
        {
            // A retry depends on the chat before it, which may have changed without any message of its own.
            var own = RunProjection.OwnMessages(chat);
            var changed = retries.Contains(chat.Id)
                || _formerChats.Contains(chat.Id)
                || before.GetValueOrDefault(chat.Id) != own.Count
                || own.Any(id => _touchedIds.Contains(id) || chatOf[id] != chat.Id);
            if (changed)
            {
                WriteChat(thread, chat, own);
            }

            before.Remove(chat.Id);
        }

        _formerChats.UnionWith(before.Keys);
    }

    private (List<ThreadItem> Items, Dictionary<RunId, RunId?> ChatOf) ThreadItems(RunId thread)
    {
        var items = new List<ThreadItem>();
        var chatOf = new Dictionary<RunId, RunId?>();
        var row = _db.Prepare("SELECT id, time, role, retry, chat FROM message WHERE thread = ?1").Bind(1, thread);
        while (row.Step())
        {
            var role = row.IsNull(2) ? null : row.Int64(2) == (long)Role.Answer ? "assistant" : "user";
            items.Add(new ThreadItem(row.Id(0), new Instant(row.Int64(1)), role, row.Int64(3) == 1));
            chatOf[row.Id(0)] = row.NullableId(4);
        }

        row.Reset();
        return (items, chatOf);
    }

    private void WriteChat(RunId thread, Chat chat, IReadOnlyList<RunId> own)
    {
        foreach (var id in own)
        {
            var message = Entry(id);
            var isMoved = message.Chat != chat.Id;
            if (isMoved)
            {
                // What was sent as a child of the message goes with it. A chat whose thread is not there is a trace of its own.
                if (message.Chat is { } former)
                {
                    _threadsToSettle.Add(thread);
                    _tracesToSettle.Add(former);
                }

                message.Chat = chat.Id;
                _db.Prepare("UPDATE message SET chat = ?2 WHERE id = ?1").Bind(1, id).Bind(2, chat.Id).Run();
            }

            // Also below another chat, when what waited for the message has not yet been settled there.
            if ((isMoved || _touchedIds.Contains(id)) && (IsAwaited(id) || IsAwaited(AliasOf(message.State))))
            {
                _toSettle.Add(chat.Id);
            }
        }

        var state = RunProjection.ToChatState(chat, thread, own, id => Entry(id).State);
        state.Input = Joined(chat.Questions, state.Type.Stamp);
        state.Output = Joined(chat.Answers, state.Type.Stamp);
        var entry = ChatEntry(chat.Id) ?? new RunEntry(state);
        entry.State = state;
        entry.Sibling = chat.SiblingId;
        _chats[chat.Id] = entry;
        _touched.Add(entry);
    }

    // A chat's row carries the id of its first message, whose own entry is the message: chats are looked up apart.
    private RunEntry? ChatEntry(RunId id) => _chats.TryGetValue(id, out var entry) ? entry : LoadRun(id);

    private void RemoveChat(RunId id)
    {
        if (LoadRun(id) is not { } entry || entry.Type != RunTypes.Chat)
        {
            return;
        }

        Unstore(entry);
        _tracesToSettle.Add(entry.Place.TraceId);
        if (entry.Parent is { } thread)
        {
            _threadsToSettle.Add(thread);
        }
    }

    private RunId AliasOf(RunState message) => RunId.FromPython(message.ClientId ?? message.Id.ToString(), _project.ToString());

    private Stamped<Payload> Joined(IReadOnlyList<RunId> messages, Stamp stamp)
    {
        if (messages.Count == 0)
        {
            return default;
        }

        var rope = new RopeBuilder();
        for (var i = 0; i < messages.Count; i++)
        {
            rope.Literal(i == 0 ? "["u8 : ","u8).Append((Rope)Entry(messages[i]).Body!);
        }

        return new Stamped<Payload>(new Payload(default, rope.Literal("]"u8).Build()), stamp);
    }
}
