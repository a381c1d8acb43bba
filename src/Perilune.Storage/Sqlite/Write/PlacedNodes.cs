using System.Runtime.InteropServices;
using Perilune.Model;
using Perilune.Model.Traces;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Settling;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Write;

/// <summary>A row of <c>run</c> as far as its place goes. There may be millions, hence no class.</summary>
internal readonly record struct PlacedNode(long Seq, RunId Id, RunId? SentParent, string? Type, RunLabels Own, Instant Start, RunId? OwnThread, TracePlace Place, bool WasOrphan)
{
    /// <summary>The parent with message ids resolved to their chat.</summary>
    public RunId? Parent { get; init; }

    public bool IsOrphan { get; init; }

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
    private readonly List<RunId> _newNodes = [];
    private readonly List<RunId> _newTraces = [];
    private readonly List<RunId> _newThreads = [];
    private readonly HashSet<RunId> _largeTraces = [];

    public IReadOnlyDictionary<RunId, PlacedNode> All => _nodes;

    /// <summary>The traces of which all runs were added, as rows have them.</summary>
    public IEnumerable<RunId> Traces => _traces;

    public IEnumerable<RunId> Threads => _threads;

    /// <summary>The row of a run as it is now; null when it is gone.</summary>
    public static PlacedNode? Find(Database db, Terms terms, RunId id)
    {
        var row = db.Prepare(Columns + "id = ?1").Bind(1, id);
        var node = row.Step() ? Read(row, terms) : (PlacedNode?)null;
        row.Reset();
        return node;
    }

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

        _newNodes.ForEach(node => _nodes.Remove(node));
        _traces.ExceptWith(_newTraces);
        _threads.ExceptWith(_newThreads);
        _largeTraces.UnionWith(_newTraces);
        return false;
    }

    /// <summary>Where all that was added is to stand.</summary>
    public Dictionary<RunId, TracePlace> Resolve() =>
        TraceTree.Resolve(_nodes.Values.Select(n => new TraceNode(n.Id, n.Parent, n.Type, n.Own, n.Start, n.OwnThread)), _nodes.Count);

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

        return AddTraces("is_orphan = 1 AND (parent = ?1 OR parent IN (SELECT id FROM message WHERE chat = ?1 AND thread = ?2) OR parent IN (SELECT alias FROM message WHERE chat = ?1 AND thread = ?2))", id, node.SentParent ?? id);
    }

    private bool AddThread(RunId thread)
    {
        if (!_threads.Add(thread))
        {
            return true;
        }

        _newThreads.Add(thread);
        return AddRuns("thread = ?1", thread)
            && AddTraces("parent = ?1 AND type = (SELECT id FROM term WHERE value = 'chat') AND id IN (SELECT chat FROM message WHERE thread = ?2)", thread, thread);
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
        return AddRuns("trace = ?1", trace);
    }

    private bool AddRuns(string where, RunId id)
    {
        var row = db.Prepare(Columns + where).Bind(1, id);
        while (_newNodes.Count <= most && row.Step())
        {
            var node = Read(row, terms);
            if (_nodes.TryAdd(node.Id, node))
            {
                _newNodes.Add(node.Id);
            }
        }

        row.Reset();
        return _newNodes.Count <= most;
    }

    // The traces of these runs, of which each may have one of its own.
    private bool AddTraces(string where, RunId first, RunId second)
    {
        var traces = new List<RunId>();
        var row = db.Prepare("SELECT trace FROM run WHERE " + where).Bind(1, first).Bind(2, second);
        while (traces.Count <= most && row.Step())
        {
            traces.Add(row.Id(0));
        }

        row.Reset();
        return traces.Count <= most && traces.TrueForAll(AddTrace);
    }

    // Resolves parents, and adds those that were missing with their traces.
    private bool AddAbove()
    {
        for (var i = 0; i < _newNodes.Count; i++)
        {
            var node = _nodes[_newNodes[i]];
            if (node.OwnThread is { } thread && !_nodes.ContainsKey(thread) && Single(thread) is { } conversation && !AddTrace(conversation.Place.TraceId))
            {
                return false;
            }

            if (node.SentParent is not { } sent)
            {
                continue;
            }

            var parent = _nodes.ContainsKey(sent) ? sent : Resolve(sent) ?? sent;
            if (!_nodes.ContainsKey(parent) && Single(parent) is { } above && !AddTrace(above.Place.TraceId))
            {
                return false;
            }

            CollectionsMarshal.GetValueRefOrNullRef(_nodes, node.Id) = node with { Parent = parent, IsOrphan = !_nodes.ContainsKey(parent) };
        }

        return true;
    }

    private PlacedNode? Single(RunId id) => _nodes.TryGetValue(id, out var known) ? known : Find(db, terms, id);

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

    private static PlacedNode Read(Statement row, Terms terms)
    {
        var place = new TracePlace(row.Id(6), row.NullableId(7), LabelColumns.Read(row, 8, 11, 12, terms.ValueOf), HasParent: false);
        return new PlacedNode(row.Int64(0), row.Id(1), row.NullableId(2), LabelColumns.Term(row.NullableInt64(3), terms.ValueOf), LabelColumns.Read(row, 4, 13, 14, terms.ValueOf), new Instant(row.Int64(5)), row.NullableId(10), place, row.Int64(9) == 1);
    }
}
