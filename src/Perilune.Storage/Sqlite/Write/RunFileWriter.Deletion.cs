using Perilune.Model;

namespace Perilune.Storage.Sqlite.Write;

internal sealed partial class RunFileWriter
{
    /// <summary>Removes these runs (a whole subtree) and the messages of chats among them; later events about them are dropped.</summary>
    public void Delete(IReadOnlyList<Run> runs)
    {
        foreach (var run in runs)
        {
            foreach (var message in run.Type == RunTypes.Chat ? MessagesOf(run.Id) : [])
            {
                Forget(message);
            }

            // A chat folded from messages has a row of its own beside the entry of its first message.
            if (run.Type == RunTypes.Chat && Entry(run.Id).Kind != EntryKind.Run && ChatEntry(run.Id) is { } chat)
            {
                Unstore(chat);
            }

            Forget(run.Id);
            _threadsToSettle.Add(run.Id);
            if (run.ThreadId is { } thread)
            {
                _threadsToSettle.Add(thread);
            }
        }

        var rest = _db.Prepare("SELECT id FROM run WHERE trace = ?1 OR (is_orphan = 0 AND parent = ?1)");
        foreach (var id in runs.SelectMany(r => new[] { r.Id, r.TraceId }).Distinct())
        {
            rest.Bind(1, id);
            while (rest.Step())
            {
                _toSettle.Add(rest.Id(0));
            }

            rest.Reset();
        }

        _anyDeleted = true;
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

    private void Forget(RunId id)
    {
        var entry = Entry(id);
        if (entry.StoredThread is { } thread)
        {
            _threadsToFold.Add(thread);
            _db.Prepare("DELETE FROM message WHERE id = ?1").Bind(1, id).Run();
        }

        if (entry.Stored is EntryKind.Run or EntryKind.Pending)
        {
            Unstore(entry);
        }

        _entries.Remove(id);
        _db.Prepare("INSERT OR IGNORE INTO deleted(id) VALUES(?1)").Bind(1, id).Run();
    }

    private bool IsDeleted(RunId id)
    {
        if (!_anyDeleted)
        {
            return false;
        }

        var row = _db.Prepare("SELECT 1 FROM deleted WHERE id = ?1").Bind(1, id);
        var deleted = row.Step();
        row.Reset();
        return deleted;
    }
}
