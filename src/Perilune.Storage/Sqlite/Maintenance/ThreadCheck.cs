using Perilune.Model;
using Perilune.Model.Merging;
using Perilune.Storage.Sqlite.Bodies;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Maintenance;

/// <summary>Folds each thread's messages anew and compares the chats that are stored.</summary>
internal sealed class ThreadCheck(Database db, Terms terms, BodyUse bodies, ProblemList problems)
{
    private sealed record Message(ThreadItem Item, RunId? Chat, byte[]? Body, RunState? State);

    private readonly StateWriter _states = new(value => Terms.Lookup(db, value) ?? -1);

    public long Messages { get; private set; }

    public void Run()
    {
        using var next = db.PrepareOnce("SELECT DISTINCT thread FROM message INDEXED BY message_thread ORDER BY thread");
        while (next.Step())
        {
            var thread = next.Id(0);
            problems.Guard($"Thread {thread}", () => Check(thread));
        }
    }

    private void Check(RunId thread)
    {
        var messages = Load(thread);
        Messages += messages.Count;
        foreach (var chat in ChatFold.Fold(messages.Values.Select(m => m.Item)))
        {
            var own = RunProjection.OwnMessages(chat);
            foreach (var id in own)
            {
                problems.Expect(messages[id].Chat == chat.Id, $"Message {id} is stored as part of chat {messages[id].Chat}; its thread {thread} says {chat.Id}.");
            }

            CheckChat(thread, chat, RunProjection.ToChatState(chat, thread, own, id => messages[id].State!), messages);
        }
    }

    private void CheckChat(RunId thread, Chat chat, RunState state, Dictionary<RunId, Message> messages)
    {
        state.Input = Joined(chat.Questions);
        state.Output = Joined(chat.Answers);
        var row = db.Prepare("SELECT sibling, state, input, output FROM run WHERE id = ?1").Bind(1, chat.Id);
        if (!row.Step())
        {
            problems.Add($"Chat {chat.Id} of thread {thread} is missing from the runs.");
        }
        else
        {
            problems.Expect(
                row.NullableId(0) == chat.SiblingId && row.Blob(1).SequenceEqual(_states.Write(state)) && Same(row.Bytes(2), state.Input) && Same(row.Bytes(3), state.Output),
                $"Chat {chat.Id} of thread {thread} is not what its messages say.");
        }

        row.Reset();

        Stamped<Payload> Joined(IReadOnlyList<RunId> ids) => ids.Count == 0
            ? default
            : new Stamped<Payload>(new Payload(default, Join(ids.Select(id => messages[id].Body))), state.Type.Stamp);
    }

    private static bool Same(byte[]? stored, Stamped<Payload> field) =>
        field.IsSet ? stored is not null && stored.AsSpan().SequenceEqual(((Rope)field.Value.Stored!).Encoded) : stored is null;

    private static Rope Join(IEnumerable<byte[]?> messages)
    {
        var rope = new RopeBuilder();
        var isFirst = true;
        foreach (var message in messages)
        {
            rope.Literal(isFirst ? "["u8 : ","u8).Append(new Rope(message ?? throw new InvalidDataException("a message has no content")));
            isFirst = false;
        }

        return rope.Literal("]"u8).Build();
    }

    private Dictionary<RunId, Message> Load(RunId thread)
    {
        var messages = new Dictionary<RunId, Message>();
        using var row = db.PrepareOnce("SELECT id, time, role, retry, chat, body, state FROM message WHERE thread = ?1");
        row.Bind(1, thread);
        while (row.Step())
        {
            var id = row.Id(0);
            var state = row.IsNull(6) ? null : StateReader.Read(id, row.Blob(6), default, terms.ValueOf);
            var role = row.IsNull(2) ? null : row.Int64(2) == 1 ? "assistant" : "user";
            var item = new ThreadItem(id, new Instant(row.Int64(1)), role, row.Int64(3) == 1);
            messages[id] = new Message(item, row.NullableId(4), row.Bytes(5), state);
            bodies.Refer(row.Bytes(5), $"Message {id}");
            problems.Expect(Repeats(item, thread, state), $"Message {id} of thread {thread}: its columns are not what its state says.");
        }

        return messages;
    }

    private bool Repeats(ThreadItem item, RunId thread, RunState? state)
    {
        if (state is not null)
        {
            return state.Message.Value is { } sent && state.Parent.IsSet && state.Parent.Value == thread && item.Time == state.Start && item.IsRetry == sent.IsRetry
                && item.IsAnswer == new ThreadItem(item.Id, item.Time, sent.Role, sent.IsRetry).IsAnswer;
        }

        var row = db.Prepare("SELECT 1 FROM run WHERE id = ?1 AND parent = ?2").Bind(1, item.Id).Bind(2, thread);
        var isEvent = item.Role is null && row.Step();
        row.Reset();
        return isEvent;
    }
}
