using Perilune.Model;
using Perilune.Model.Traces;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Settling;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Write;

/// <summary>A row of <c>run</c> as far as its place goes.</summary>
internal sealed record PlacedNode(long Seq, RunId Id, RunId? SentParent, string? Type, RunLabels Own, Instant Start, RunId? OwnThread, TracePlace Place, bool WasOrphan)
{
    /// <summary>The parent with message ids resolved to their chat.</summary>
    public RunId? Parent { get; set; }

    public bool IsOrphan { get; set; }

    public bool Differs(TracePlace place) =>
        place.TraceId != Place.TraceId || place.ThreadId != Place.ThreadId || place.Labels != Place.Labels || IsOrphan != WasOrphan;

    /// <summary>Whether the row still says what <paramref name="before"/> read in it.</summary>
    public bool Is(PlacedNode before) => this with { Parent = before.Parent, IsOrphan = before.IsOrphan } == before;
}

/// <summary>Collects from a file the runs whose places depend on each other, as they stand within the running transaction.</summary>
/// <param name="db">The file.</param>
/// <param name="terms">Its strings.</param>
/// <param name="most">How many runs one addition may bring.</param>
internal sealed class PlacedNodes(Database db, Terms terms, int most = int.MaxValue)
{
    private const string Columns = "SELECT seq, id, parent, type, own_user, start, trace, thread, user, is_orphan, own_thread, env, tags, own_env, own_tags FROM run WHERE ";
    private readonly Dictionary<RunId, PlacedNode> _nodes = [];
    private readonly HashSet<RunId> _traces = [];
    private readonly HashSet<RunId> _threads = [];

    // What the running addition has brought.
    private readonly List<PlacedNode> _newNodes = [];
    private readonly List<RunId> _newTraces = [];
    private readonly List<RunId> _newThreads = [];
    private readonly HashSet<RunId> _largeTraces = [];

    public IEnumerable<PlacedNode> All => _nodes.Values;

    /// <summary>The traces of which all runs were added, as rows have them.</summary>
    public IEnumerable<RunId> Traces => _traces;

    public IEnumerable<RunId> Threads => _threads;

    /// <summary>The row of a run as it is now; null when it is gone.</summary>
    public static PlacedNode? Find(Database db, Terms terms, RunId id) => new PlacedNodes(db, terms).Single(id);

    /// <summary>
    /// Adds what has to be looked at when something around the id changed: what may stand elsewhere now, and all that stands
    /// above it. False when that is more than may be added; then nothing is.
    /// </summary>
    public bool TryAdd(UnsettledId id)
    {
        _newNodes.Clear();
        _newTraces.Clear();
        _newThreads.Clear();
        var fits = id.Kind switch
        {
            UnsettledKind.Thread => AddThread(id.Id),
            UnsettledKind.Trace => AddTrace(id.Id),
            _ => AddAround(id.Id),
        };
        if (fits && AddAbove())
        {
            return true;
        }

        _newNodes.ForEach(node => _nodes.Remove(node.Id));
        _traces.ExceptWith(_newTraces);
        _threads.ExceptWith(_newThreads);
        _largeTraces.UnionWith(_newTraces);
        return false;
    }

    /// <summary>What the tree of all that was added is made of.</summary>
    public List<TraceNode> Tree() => [.. _nodes.Values.Select(n => new TraceNode(n.Id, n.Parent, n.Type, n.Own, n.Start, n.OwnThread))];

    // The run, its trace, its parent's trace, and the traces of those that waited for it.
    private bool AddAround(RunId id)
    {
        if (Single(id) is not { } node)
        {
            return true;
        }

        if (!AddTrace(node.Place.TraceId) ||
            (RunTypes.IsConversation(node.Type) && !(AddThread(node.Place.ThreadId ?? node.SentParent ?? node.Id) && AddThread(node.Id))) ||
            (node.SentParent is { } sent && Resolve(sent) is { } parent && Single(parent) is { } above && !AddTrace(above.Place.TraceId)))
        {
            return false;
        }

        // As many as there may be: each of these may be a trace of its own.
        return Query("is_orphan = 1 AND (parent = ?1 OR parent IN (SELECT id FROM message WHERE chat = ?1 AND thread = ?2) OR parent IN (SELECT alias FROM message WHERE chat = ?1 AND thread = ?2))", id, node.SentParent ?? id) is { } waiting
            && waiting.TrueForAll(run => AddTrace(run.Place.TraceId));
    }

    private bool AddThread(RunId thread)
    {
        if (!_threads.Add(thread))
        {
            return true;
        }

        _newThreads.Add(thread);
        return AddAll(Query("thread = ?1", thread, thread))
            && Query("parent = ?1 AND type = (SELECT id FROM term WHERE value = 'chat') AND id IN (SELECT chat FROM message WHERE thread = ?1)", thread, thread) is { } chats
            && chats.TrueForAll(chat => AddTrace(chat.Place.TraceId));
    }

    private bool AddTrace(RunId trace)
    {
        if (_largeTraces.Contains(trace))
        {
            return false;
        }

        if (!_traces.Add(trace))
        {
            return true;
        }

        _newTraces.Add(trace);
        return AddAll(Query("trace = ?1", trace, trace));
    }

    // Resolves parents, and adds those that were missing with their traces.
    private bool AddAbove()
    {
        for (var i = 0; i < _newNodes.Count; i++)
        {
            var node = _newNodes[i];
            if (node.OwnThread is { } thread && !_nodes.ContainsKey(thread) && Single(thread) is { } conversation && !AddTrace(conversation.Place.TraceId))
            {
                return false;
            }

            if (node.SentParent is not { } sent)
            {
                continue;
            }

            node.Parent = _nodes.ContainsKey(sent) ? sent : Resolve(sent) ?? sent;
            if (!_nodes.ContainsKey(node.Parent.Value) && Single(node.Parent.Value) is { } above && !AddTrace(above.Place.TraceId))
            {
                return false;
            }

            node.IsOrphan = !_nodes.ContainsKey(node.Parent.Value);
        }

        return true;
    }

    private bool AddAll(List<PlacedNode>? nodes)
    {
        if (nodes is null)
        {
            return false;
        }

        foreach (var node in nodes)
        {
            if (_nodes.TryAdd(node.Id, node))
            {
                _newNodes.Add(node);
            }
        }

        return _newNodes.Count <= most;
    }

    private PlacedNode? Single(RunId id) => _nodes.TryGetValue(id, out var node) ? node : Query("id = ?1", id, id) is [var only] ? only : null;

    // The chat of a message or of its alias; a run's own id otherwise.
    private RunId? Resolve(RunId sent)
    {
        if (Single(sent) is not null)
        {
            return sent;
        }

        var row = db.Prepare("SELECT chat FROM message WHERE id = ?1 AND chat IS NOT NULL UNION ALL SELECT chat FROM message WHERE alias = ?1").Bind(1, sent);
        var chat = row.Step() ? row.NullableId(0) : null;
        row.Reset();
        return chat;
    }

    // Null when there are more than one addition may bring.
    private List<PlacedNode>? Query(string where, RunId first, RunId second)
    {
        var found = new List<PlacedNode>();
        var row = db.Prepare(Columns + where).Bind(1, first);
        if (where.Contains("?2", StringComparison.Ordinal))
        {
            row.Bind(2, second);
        }

        while (found.Count <= most && row.Step())
        {
            var place = new TracePlace(row.Id(6), row.NullableId(7), LabelColumns.Read(row, 8, 11, 12, terms.ValueOf), HasParent: false);
            found.Add(new PlacedNode(row.Int64(0), row.Id(1), row.NullableId(2), Term(row.NullableInt64(3)), LabelColumns.Read(row, 4, 13, 14, terms.ValueOf), new Instant(row.Int64(5)), row.NullableId(10), place, row.Int64(9) == 1));
        }

        row.Reset();
        return found.Count <= most ? found : null;
    }

    private string? Term(long? id) => id is { } value ? terms.ValueOf(value) : null;
}
