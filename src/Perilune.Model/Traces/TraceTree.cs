namespace Perilune.Model.Traces;

/// <summary>What of a run decides its place.</summary>
/// <param name="ParentId">As sent, message ids resolved to their chat.</param>
/// <param name="Own">What the run says of itself.</param>
/// <param name="Thread">The thread that the run says its trace is part of.</param>
public readonly record struct TraceNode(RunId Id, RunId? ParentId, string? Type, RunLabels Own, Instant Start, RunId? Thread);

/// <summary>Where a run belongs, and what it goes by there.</summary>
/// <param name="HasParent">The parent is known and the link was not cut.</param>
public readonly record struct TracePlace(RunId TraceId, RunId? ThreadId, RunLabels Labels, bool HasParent);

/// <summary>
/// Resolves parents into traces and threads. A run whose parent is unknown is a root until the parent arrives. A trace
/// ends below a chat or thread. A cycle of parents is cut above its least id. A trace whose root stands in no thread is part
/// of the one that its earliest run says it is, if any says so.
/// </summary>
public static class TraceTree
{
    /// <summary>Places every node; those that the nodes name as parents but that are not among them are unknown.</summary>
    public static Dictionary<RunId, TracePlace> Resolve(IReadOnlyCollection<TraceNode> nodes) => Resolve(nodes, nodes.Count);

    /// <summary>The same for nodes that are made one by one.</summary>
    public static Dictionary<RunId, TracePlace> Resolve(IEnumerable<TraceNode> nodes, int count)
    {
        var byId = new Dictionary<RunId, TraceNode>(count);
        foreach (var node in nodes)
        {
            byId[node.Id] = node;
        }

        var places = Place(byId);
        if (PutIntoThreads(byId, places))
        {
            places = Place(byId);
        }

        Fill(byId, places, static labels => labels.User, static (labels, user) => labels with { User = user });
        Fill(byId, places, static labels => labels.Environment, static (labels, environment) => labels with { Environment = environment });
        return places;
    }

    private static Dictionary<RunId, TracePlace> Place(Dictionary<RunId, TraceNode> byId)
    {
        var cut = CycleCuts(byId);
        var places = new Dictionary<RunId, TracePlace>(byId.Count);
        var path = new List<TraceNode>();
        foreach (var node in byId.Values)
        {
            path.Clear();
            for (var at = node; !places.ContainsKey(at.Id);)
            {
                path.Add(at);
                if (cut.Contains(at.Id) || at.ParentId is not { } parent || !byId.TryGetValue(parent, out at))
                {
                    break;
                }
            }

            for (var i = path.Count - 1; i >= 0; i--)
            {
                places[path[i].Id] = Place(path[i], cut, byId, places);
            }
        }

        return places;
    }

    /// <summary>Lets the roots of traces that say so stand below their threads. False when there is none.</summary>
    private static bool PutIntoThreads(Dictionary<RunId, TraceNode> byId, Dictionary<RunId, TracePlace> places)
    {
        var earliest = new Dictionary<RunId, TraceNode>();
        foreach (var node in byId.Values)
        {
            if (node.Thread is not null && places[node.Id] is { ThreadId: null, TraceId: var trace } &&
                (!earliest.TryGetValue(trace, out var best) || (node.Start, node.Id).CompareTo((best.Start, best.Id)) < 0))
            {
                earliest[trace] = node;
            }
        }

        var any = false;
        foreach (var (trace, node) in earliest)
        {
            // One whose parent is known was cut off from it, and a thread within the trace cannot hold it.
            var (root, thread) = (byId[trace], node.Thread!.Value);
            if (!RunTypes.IsConversation(root.Type) && (root.ParentId is not { } parent || !byId.ContainsKey(parent)) &&
                places.TryGetValue(thread, out var place) && place.TraceId != trace)
            {
                byId[trace] = root with { ParentId = thread };
                any = true;
            }
        }

        return any;
    }

    private static TracePlace Place(TraceNode node, HashSet<RunId> cut, Dictionary<RunId, TraceNode> byId, Dictionary<RunId, TracePlace> places)
    {
        var parent = default(TraceNode);
        var hasParent = !cut.Contains(node.Id) && node.ParentId is { } id && byId.TryGetValue(id, out parent);
        return hasParent ? PlaceBelow(node, parent, places[parent.Id]) : PlaceAtTop(node);
    }

    /// <summary>The place of a node whose parent is unknown or cut off.</summary>
    public static TracePlace PlaceAtTop(TraceNode node) =>
        new(node.Id, node.Type == RunTypes.Thread ? node.Id : null, node.Own, HasParent: false);

    /// <summary>The place of a node below a placed parent, before runs without any user or environment take their trace's earliest.</summary>
    public static TracePlace PlaceBelow(TraceNode node, TraceNode parent, TracePlace above)
    {
        // Threads and the chats in them hold traces; a chat or thread that some run itself started is part of that run's trace.
        var holdsTraces = RunTypes.IsConversation(parent.Type) && above.ThreadId is not null && above.TraceId == parent.Id;
        return new TracePlace(
            holdsTraces ? node.Id : above.TraceId,
            node.Type == RunTypes.Thread ? node.Id : above.ThreadId,
            node.Own.Below(above.Labels),
            HasParent: true);
    }

    // Runs of a trace that neither name a user (or environment) nor stand below one that does take that of its earliest run that has one.
    private static void Fill(
        Dictionary<RunId, TraceNode> byId, Dictionary<RunId, TracePlace> places, Func<RunLabels, string?> value, Func<RunLabels, string?, RunLabels> with)
    {
        if (places.Values.All(p => value(p.Labels) is not null) || byId.Values.All(n => value(n.Own) is null))
        {
            return;
        }

        var earliest = new Dictionary<RunId, TraceNode>();
        foreach (var node in byId.Values)
        {
            if (value(node.Own) is null || RunTypes.IsConversation(node.Type))
            {
                continue;
            }

            var trace = places[node.Id].TraceId;
            if (!earliest.TryGetValue(trace, out var best) || (node.Start, node.Id).CompareTo((best.Start, best.Id)) < 0)
            {
                earliest[trace] = node;
            }
        }

        foreach (var (id, place) in places)
        {
            if (value(place.Labels) is null && !RunTypes.IsConversation(byId[id].Type) && earliest.TryGetValue(place.TraceId, out var source))
            {
                places[id] = place with { Labels = with(place.Labels, value(source.Own)) };
            }
        }
    }

    private static HashSet<RunId> CycleCuts(Dictionary<RunId, TraceNode> byId)
    {
        var cuts = new HashSet<RunId>();
        var settled = new HashSet<RunId>(byId.Count);
        var path = new List<RunId>();
        var onPath = new HashSet<RunId>();
        foreach (var node in byId.Values)
        {
            path.Clear();
            onPath.Clear();
            for (var at = node; settled.Add(at.Id);)
            {
                path.Add(at.Id);
                onPath.Add(at.Id);
                if (at.ParentId is not { } parent || !byId.TryGetValue(parent, out at))
                {
                    break;
                }

                if (onPath.Contains(at.Id))
                {
                    cuts.Add(path[path.IndexOf(at.Id)..].Min());
                    break;
                }
            }
        }

        return cuts;
    }
}
