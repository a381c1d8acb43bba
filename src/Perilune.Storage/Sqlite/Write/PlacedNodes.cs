using Perilune.Model;
using Perilune.Model.Traces;
using Perilune.Storage.Sqlite.Native;
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
}

/// <summary>Collects from a file the runs whose places depend on each other, as they stand within the running transaction.</summary>
internal sealed class PlacedNodes(Database db, Terms terms)
{
    private const string Columns = "SELECT seq, id, parent, type, own_user, start, trace, thread, user, is_orphan, own_thread, env, tags, own_env, own_tags FROM run WHERE ";
    private readonly Dictionary<RunId, PlacedNode> _nodes = [];
    private readonly HashSet<RunId> _traces = [];
    private readonly HashSet<RunId> _threads = [];

    public IEnumerable<PlacedNode> All => _nodes.Values;

    /// <summary>The run, its trace, its parent's trace, and the traces of those that waited for it.</summary>
    public void AddAround(RunId id)
    {
        if (Single(id) is not { } node)
        {
            return;
        }

        AddTrace(node.Place.TraceId);
        if (RunTypes.IsConversation(node.Type))
        {
            AddThread(node.Place.ThreadId ?? node.SentParent ?? node.Id);
            AddThread(node.Id);
        }

        if (node.SentParent is { } sent && Resolve(sent) is { } parent && Single(parent) is { } above)
        {
            AddTrace(above.Place.TraceId);
        }

        foreach (var waiting in Query("is_orphan = 1 AND (parent = ?1 OR parent IN (SELECT id FROM message WHERE chat = ?1 AND thread = ?2) OR parent IN (SELECT alias FROM message WHERE chat = ?1 AND thread = ?2))", id, node.SentParent ?? id))
        {
            AddTrace(waiting.Place.TraceId);
        }
    }

    public void AddThread(RunId thread)
    {
        if (_threads.Add(thread))
        {
            AddAll(Query("thread = ?1", thread, thread));
            foreach (var node in Query("parent = ?1 AND type = (SELECT id FROM term WHERE value = 'chat') AND id IN (SELECT chat FROM message WHERE thread = ?1)", thread, thread))
            {
                AddTrace(node.Place.TraceId);
            }
        }
    }

    /// <summary>Resolves parents and adds those above that were missing; returns what the tree is made of.</summary>
    public List<TraceNode> Complete()
    {
        var open = new Queue<PlacedNode>(_nodes.Values);
        while (open.TryDequeue(out var node))
        {
            if (node.OwnThread is { } thread && !_nodes.ContainsKey(thread) && Single(thread) is { } conversation)
            {
                AddTrace(conversation.Place.TraceId).ToList().ForEach(open.Enqueue);
            }

            if (node.SentParent is not { } sent)
            {
                continue;
            }

            node.Parent = _nodes.ContainsKey(sent) ? sent : Resolve(sent) ?? sent;
            if (!_nodes.ContainsKey(node.Parent.Value) && Single(node.Parent.Value) is { } above)
            {
                foreach (var added in AddTrace(above.Place.TraceId))
                {
                    open.Enqueue(added);
                }
            }

            node.IsOrphan = !_nodes.ContainsKey(node.Parent.Value);
        }

        return [.. _nodes.Values.Select(n => new TraceNode(n.Id, n.Parent, n.Type, n.Own, n.Start, n.OwnThread))];
    }

    /// <summary>The runs of a trace; returns those that are new.</summary>
    public IReadOnlyList<PlacedNode> AddTrace(RunId trace) => _traces.Add(trace) ? AddAll(Query("trace = ?1", trace, trace)) : [];

    private List<PlacedNode> AddAll(List<PlacedNode> nodes) => [.. nodes.Where(node => _nodes.TryAdd(node.Id, node))];

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

    private List<PlacedNode> Query(string where, RunId first, RunId second)
    {
        var found = new List<PlacedNode>();
        var row = db.Prepare(Columns + where).Bind(1, first);
        if (where.Contains("?2", StringComparison.Ordinal))
        {
            row.Bind(2, second);
        }

        while (row.Step())
        {
            var place = new TracePlace(row.Id(6), row.NullableId(7), LabelColumns.Read(row, 8, 11, 12, terms.ValueOf), HasParent: false);
            found.Add(new PlacedNode(row.Int64(0), row.Id(1), row.NullableId(2), Term(row.NullableInt64(3)), LabelColumns.Read(row, 4, 13, 14, terms.ValueOf), new Instant(row.Int64(5)), row.NullableId(10), place, row.Int64(9) == 1));
        }

        row.Reset();
        return found;
    }

    private string? Term(long? id) => id is { } value ? terms.ValueOf(value) : null;
}
