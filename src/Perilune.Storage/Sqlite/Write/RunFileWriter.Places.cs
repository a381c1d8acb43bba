using Perilune.Model;
using Perilune.Model.Traces;
using Perilune.Storage.Sqlite.Settling;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Write;

internal sealed partial class RunFileWriter
{
    private const int MaxDepth = 64;
    private readonly HashSet<RunId> _placing = [];

    /// <summary>
    /// Places an entry from its parent alone, when that cannot change the place of any other run. False when the whole
    /// trace has to be resolved; the entry then has a provisional place.
    /// </summary>
    private bool PlaceFast(RunEntry entry, int depth)
    {
        var node = entry.ToNode(entry.Parent);
        if (entry.IsPlaced)
        {
            return IsSamePlace(entry, node);
        }

        entry.IsPlaced = true;
        entry.PlacedAs = node;
        entry.Place = TraceTree.PlaceAtTop(node);
        var parent = SeeParent(entry);
        if (IsAwaited(node.Id))
        {
            return false;
        }

        if (entry.Parent is not { } parentId || parent is null)
        {
            return node.Thread is null;
        }

        // A parent that is itself being placed stands below this run: a cycle.
        _placing.Add(node.Id);
        var isParentSettled = !_placing.Contains(parentId) && (parent.IsPlaced || (depth < MaxDepth && PlaceFast(parent, depth + 1)));
        _placing.Remove(node.Id);
        if (!isParentSettled)
        {
            _toSettle.Add(parent.State.Id);
        }

        if (_toSettle.Contains(parent.State.Id))
        {
            return false;
        }

        entry.Place = TraceTree.PlaceBelow(node, parent.ToNode(null), parent.Place);

        // A chat or thread inside a run's trace takes its ancestors' user, but not that of the trace's earliest run.
        if (entry.IsConversation && entry.Place.TraceId != node.Id)
        {
            return false;
        }

        if (node.Thread is not null && node.Thread != entry.Place.ThreadId)
        {
            return false;
        }

        if (entry.Place.TraceId == node.Id)
        {
            return true;
        }

        return IsSettled(static labels => labels.User) && IsSettled(static labels => labels.Environment);

        // Above stands a value that the trace has, unless that is a conversation, which takes none from runs beside it.
        bool IsSettled(Func<RunLabels, string?> of) => of(node.Own) is { } own
            ? IsSpread(entry.Place.TraceId, own, of)
            : of(entry.Place.Labels) is not null || !parent.IsConversation;
    }

    // What a run says spreads to runs of the trace that have no such value, unless the root has one or all have this one already.
    private bool IsSpread(RunId trace, string own, Func<RunLabels, string?> of) =>
        Entry(trace) is { Kind: EntryKind.Run } root && (of(root.Own) is not null || of(root.Place.Labels) == own);

    // Whoever looks for the file of a run that is waited for goes by this, also where the rest of the place comes later.
    private RunEntry? SeeParent(RunEntry entry)
    {
        var parent = entry.Parent is { } id ? ParentEntry(id) : null;
        entry.IsOrphan = entry.Parent is not null && parent is null;
        return parent;
    }

    private bool IsSamePlace(RunEntry entry, TraceNode node)
    {
        var before = entry.PlacedAs;
        entry.PlacedAs = node;
        if (node.ParentId != before.ParentId)
        {
            SeeParent(entry);
        }

        // What used to hold traces of its own may now be part of one, or the other way round: all below it is affected.
        if (RunTypes.IsConversation(node.Type) != RunTypes.IsConversation(before.Type) && entry.Place.ThreadId is { } thread)
        {
            _threadsToSettle.Add(thread);
        }

        if (node.ParentId != before.ParentId || node.Own != before.Own || node.Thread != before.Thread ||
            (node.Thread is not null && node.Start != before.Start) ||
            RunTypes.IsConversation(node.Type) != RunTypes.IsConversation(before.Type) ||
            (node.Type == RunTypes.Thread) != (before.Type == RunTypes.Thread))
        {
            return false;
        }

        // The earliest run with a user or environment gives it to those without; a start that moves can change which one that is.
        return node.Start == before.Start || entry.IsConversation || (IsSettled(static labels => labels.User) && IsSettled(static labels => labels.Environment));

        bool IsSettled(Func<RunLabels, string?> of) => of(node.Own) is not { } own || IsSpread(entry.Place.TraceId, own, of);
    }

    /// <summary>The run that a parent id names: a run, or the chat of a message.</summary>
    private RunEntry? ParentEntry(RunId id)
    {
        var entry = Entry(id);
        switch (entry.Kind)
        {
            case EntryKind.Run:
                return entry;
            case EntryKind.Message:
                return entry.Chat is { } chat ? ChatEntry(chat) : null;
            default:
                return ChatOfAlias(id) is { } aliased ? ChatEntry(aliased) : null;
        }
    }

    private RunId? ChatOfAlias(RunId alias)
    {
        var row = _db.Prepare("SELECT chat FROM message WHERE alias = ?1").Bind(1, alias);
        var chat = row.Step() ? row.NullableId(0) : null;
        row.Reset();
        return chat;
    }

    private bool IsAwaited(RunId id)
    {
        var row = _db.Prepare("SELECT 1 FROM run WHERE is_orphan = 1 AND parent = ?1 LIMIT 1").Bind(1, id);
        var awaited = row.Step();
        row.Reset();
        return awaited;
    }

    /// <summary>
    /// Resolves every trace and thread that the touched runs may have changed, and rewrites the rows that moved. What would
    /// concern too many runs is left for later. How many rows that were.
    /// </summary>
    private int SettlePlaces(int atOnce)
    {
        if (_toSettle.Count == 0 && _threadsToSettle.Count == 0 && _tracesToSettle.Count == 0)
        {
            return 0;
        }

        var (nodes, isAmongUnsettled) = (new PlacedNodes(_db, _terms, atOnce), _unsettled.Any);
        Add(UnsettledKind.Thread, _threadsToSettle);
        Add(UnsettledKind.Trace, _tracesToSettle);
        Add(UnsettledKind.Run, _toSettle);
        var (places, moved) = (nodes.Resolve(), 0);
        foreach (var node in nodes.All.Values)
        {
            var place = places[node.Id];
            if (node.Differs(place))
            {
                Move(node, place);
                moved++;
            }
        }

        return moved;

        void Add(UnsettledKind kind, IEnumerable<RunId> ids)
        {
            foreach (var id in ids)
            {
                var unsettled = new UnsettledId(kind, id);
                var isLarge = !nodes.TryAdd(unsettled);
                if (isLarge || isAmongUnsettled)
                {
                    _unsettled.Add(unsettled, isOpen: isLarge);
                }
            }
        }
    }

    private void Move(PlacedNode node, TracePlace place)
    {
        _db.Prepare("UPDATE run SET trace = ?2, thread = ?3, user = ?4, is_root = ?5, is_orphan = ?6, env = ?7, tags = ?8 WHERE seq = ?1")
            .Bind(1, node.Seq)
            .Bind(2, place.TraceId)
            .Bind(3, place.ThreadId)
            .Bind(4, TermOf(place.Labels.User))
            .Bind(5, IsRoot(node.Id, place, node.Type) ? 1 : 0)
            .Bind(6, node.IsOrphan ? 1 : 0)
            .Bind(7, TermOf(place.Labels.Environment))
            .Bind(8, LabelColumns.Encode(place.Labels.Tags, _terms))
            .Run();
        MoveTags(node, place);
        CountMove(node, place);
        RecountMove(node, place);
        Moved(node, place);

        // What is no call may have been one, and a repeat.
        if (node.Place.TraceId != place.TraceId && (_anyStacked || CountedCalls.IsCall(node.Type)))
        {
            _callsToSettle.Add(node.Place.TraceId);
            _callsToSettle.Add(place.TraceId);
        }
    }

    private void Moved(PlacedNode node, TracePlace place)
    {
        var entry = node.Type == RunTypes.Chat && _chats.TryGetValue(node.Id, out var chat) ? chat : _entries.Find(node.Id);
        if (entry is { Kind: EntryKind.Run })
        {
            entry.Place = place;
            entry.Counted = entry.Counted is { } run ? run.With(place.Labels) : null;
            entry.IsOrphan = node.IsOrphan;
            entry.CountedRoot = IsRoot(node.Id, place, node.Type);
            entry.StoredKeys = KeysOf(entry);
            entry.StoredTags = place.Labels.Tags;
        }
    }

    private void MoveTags(PlacedNode node, TracePlace place)
    {
        if (!node.Place.Labels.Tags.Equals(place.Labels.Tags))
        {
            RemoveTags(node.Place.Labels.Tags, node.Start.Micros, node.Seq);
            AddTags(place.Labels.Tags, node.Start.Micros, node.Seq);
        }
    }
}
