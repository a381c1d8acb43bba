using Perilune.Model;

namespace Perilune.Storage.Sqlite.Write;

/// <summary>Entries used lately, in two generations: when the young one is full it becomes the old one, and the old one goes.</summary>
internal sealed class EntryCache(int generation)
{
    private Dictionary<RunId, RunEntry> _young = [];
    private Dictionary<RunId, RunEntry> _old = [];

    public RunEntry? Find(RunId id)
    {
        if (_young.TryGetValue(id, out var entry))
        {
            return entry;
        }

        if (_old.Remove(id, out entry))
        {
            Add(entry);
        }

        return entry;
    }

    public void Add(RunEntry entry) => _young[entry.State.Id] = entry;

    public void Remove(RunId id)
    {
        _young.Remove(id);
        _old.Remove(id);
    }

    /// <summary>Only between transactions: an entry that was changed but not yet written must not get lost.</summary>
    public void Trim()
    {
        if (_young.Count >= generation)
        {
            (_old, _young) = (_young, new Dictionary<RunId, RunEntry>(generation));
        }
    }

    public void Clear()
    {
        _young.Clear();
        _old.Clear();
    }
}
