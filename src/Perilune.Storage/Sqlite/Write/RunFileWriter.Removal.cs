using Perilune.Model;

namespace Perilune.Storage.Sqlite.Write;

internal sealed partial class RunFileWriter
{
    /// <summary>The ids of these runs, and those of the messages of chats among them.</summary>
    public List<RunId> WithMessages(IReadOnlyList<Run> runs)
    {
        var ids = new List<RunId>(runs.Count);
        foreach (var run in runs)
        {
            ids.AddRange(run.Type == RunTypes.Chat ? MessagesOf(run.Id) : []);
            ids.Add(run.Id);
        }

        return ids;
    }

    /// <summary>Takes these ids out of the file, and places what hung together with them anew. Between flushes.</summary>
    /// <param name="ids">Runs, messages, and what waits for its run.</param>
    /// <param name="isDeletion">They are deleted, not moved: what was accepted stays in the ledger.</param>
    public void Remove(IReadOnlyList<RunId> ids, bool isDeletion)
    {
        _isDeleting = isDeletion;
        var around = new HashSet<RunId>();
        foreach (var id in ids)
        {
            var entry = Entry(id);

            // A chat folded from messages has a row of its own beside the entry of its first message.
            var chat = entry.Kind == EntryKind.Run ? null : ChatEntry(id);
            foreach (var row in new[] { entry, chat })
            {
                if (row is { Stored: EntryKind.Run })
                {
                    around.Add(id);
                    around.Add(row.Place.TraceId);
                    _callsToSettle.Add(row.Place.TraceId);
                    _threadsToSettle.Add(id);
                    if (row.Place.ThreadId is { } thread)
                    {
                        _threadsToSettle.Add(thread);
                    }
                }
            }

            if (entry.StoredThread is not null)
            {
                // What was sent as a child of a message stands below its chat, which may stay without it.
                around.Add(id);
                around.Add(AliasOf(entry.State));
            }

            if (chat is not null)
            {
                Unstore(chat);
            }

            Forget(entry);
        }

        _isDeleting = false;
        SettleAround(around);
    }

    private void SettleAround(IEnumerable<RunId> ids)
    {
        var rest = _db.Prepare("SELECT id FROM run WHERE trace = ?1 OR (is_orphan = 0 AND parent = ?1)");
        foreach (var id in ids)
        {
            rest.Bind(1, id);
            while (rest.Step())
            {
                _toSettle.Add(rest.Id(0));
            }

            rest.Reset();
        }
    }

    private List<RunId> MessagesOf(RunId chat)
    {
        var ids = new List<RunId>();
        var row = _db.Prepare("SELECT id FROM message WHERE chat = ?1 AND thread = (SELECT parent FROM run WHERE id = ?1)").Bind(1, chat);
        while (row.Step())
        {
            ids.Add(row.Id(0));
        }

        row.Reset();
        return ids;
    }

    private void Forget(RunEntry entry)
    {
        var id = entry.State.Id;
        if (entry.StoredThread is { } thread)
        {
            _threadsToFold.Add(thread);
            if (entry.Chat is { } chat)
            {
                _formerChats.Add(chat);
            }

            _db.Prepare("DELETE FROM message WHERE id = ?1").Bind(1, id).Run();
        }

        if (entry.Stored is EntryKind.Run or EntryKind.Pending)
        {
            Unstore(entry);
        }

        _entries.Remove(id);
    }
}
