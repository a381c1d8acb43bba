namespace Perilune.Model.Traces;

/// <summary>What of a run decides whether it is counted.</summary>
/// <param name="ParentId">The run above, a chat where a message of it was named.</param>
/// <param name="CallId">The provider's id of the response, or of the tool call.</param>
/// <param name="Detail">How many counts above zero its usage has; see <see cref="CountedCalls.DetailOf"/>.</param>
public readonly record struct CallNode(
    RunId Id, RunId? ParentId, string? Type, string? Name, string? CallId, int Detail, Instant Start, Instant? End)
{
    public static CallNode Of(Run run) => new(run.Id, run.ParentId, run.Type, run.Name, run.CallId, CountedCalls.DetailOf(run.Usage), run.Start, run.End);
}

/// <summary>
/// Which runs of a trace are calls of their own. Libraries on top of each other report one call several times: a model
/// call within another is an attempt of it, or its inside; two with one response id are one; a tool within a tool of the
/// same name, or with its call id, is the same call as seen by client and server. Agents, chains and steps repeat the
/// tokens of the calls below them, and are no calls. A pure function of the set of runs: arrival plays no part.
/// </summary>
public static class CountedCalls
{
    /// <summary>The ids of the runs that count, of those given; runs above or below that are not given play no part.</summary>
    public static HashSet<RunId> Of(IReadOnlyCollection<CallNode> trace)
    {
        var byId = new Dictionary<RunId, CallNode>(trace.Count);
        foreach (var node in trace)
        {
            byId[node.Id] = node;
        }

        var depths = new Dictionary<RunId, int>(byId.Count);
        var cycles = new HashSet<RunId>();
        foreach (var node in byId.Values)
        {
            Measure(node, byId, depths, cycles);
        }

        var counted = new Dictionary<RunId, CallNode>();
        foreach (var node in OneLayer([.. byId.Values.Where(node => IsCall(node.Type))], byId, depths, cycles))
        {
            counted[node.Id] = node;
        }

        foreach (var same in counted.Values.Where(node => node.CallId is not null).GroupBy(node => (node.Type, node.CallId)).ToList())
        {
            var kept = same.OrderByDescending(node => node.Detail).ThenBy(node => depths[node.Id]).ThenBy(node => node.Start).ThenBy(node => node.Id).First();
            foreach (var other in same.Where(node => node.Id != kept.Id))
            {
                counted.Remove(other.Id);
            }
        }

        return [.. counted.Keys];
    }

    /// <summary>
    /// Of calls within calls either the outer one or those inside it: whoever knows the usage in more detail, the outer
    /// one where they know as much.
    /// </summary>
    private static List<CallNode> OneLayer(List<CallNode> calls, Dictionary<RunId, CallNode> byId, Dictionary<RunId, int> depths, HashSet<RunId> cycles)
    {
        var inside = new Dictionary<RunId, List<CallNode>>();
        var top = new List<CallNode>();
        foreach (var call in calls)
        {
            // A cycle of parents has no outside; each of its calls stands for itself.
            if (cycles.Contains(call.Id) || Outer(call, byId) is not { } outer)
            {
                top.Add(call);
            }
            else if (inside.TryGetValue(outer.Id, out var others))
            {
                others.Add(call);
            }
            else
            {
                inside[outer.Id] = [call];
            }
        }

        var settled = new Dictionary<RunId, (int Detail, List<CallNode> Calls)>();
        foreach (var call in calls.OrderByDescending(call => depths[call.Id]))
        {
            var below = inside.GetValueOrDefault(call.Id, []).Where(inner => settled.ContainsKey(inner.Id)).Select(inner => settled[inner.Id]).ToList();
            var best = below.Count == 0 ? 0 : below.Max(inner => inner.Detail);
            settled[call.Id] = best > call.Detail
                ? (best, [.. below.Where(inner => inner.Detail > 0).SelectMany(inner => inner.Calls)])
                : (call.Detail, [call]);
        }

        return [.. top.SelectMany(call => settled[call.Id].Calls)];
    }

    public static int DetailOf(Usage? usage) => usage is null ? 0 : ((ReadOnlySpan<long?>)
    [
        usage.Input, usage.Output, usage.CacheRead, usage.CacheWrite5m, usage.CacheWrite1h, usage.Reasoning, usage.InputAudio, usage.OutputAudio,
        usage.InputImage, usage.OutputImage, usage.InputVideo, usage.OutputVideo, usage.WebSearches,
    ]).ToArray().Count(count => count > 0);

    /// <summary>Whether a run of this type can be a call.</summary>
    public static bool IsCall(string? type) => RunTypes.IsModelCall(type) || type == RunTypes.Tool;

    /// <summary>Whether calls below a run of this type are calls of their own, whatever is above it.</summary>
    public static bool WorksOnItsOwn(string? type) =>
        type is RunTypes.Agent or RunTypes.Chain or RunTypes.Retriever || IsCall(type) || RunTypes.IsConversation(type);

    /// <summary>The call that this one is the inside of; null when it stands for itself.</summary>
    private static CallNode? Outer(CallNode node, Dictionary<RunId, CallNode> byId)
    {
        foreach (var above in Ancestors(node, byId))
        {
            if (above.Type == node.Type)
            {
                var isWithin = node.Start >= above.Start && (above.End is not { } end || node.Start <= end);
                var isSame = node.Type != RunTypes.Tool || (above.Name == node.Name && (above.CallId is null || node.CallId is null || above.CallId == node.CallId));
                return isWithin && isSame ? above : null;
            }

            if (WorksOnItsOwn(above.Type))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>How many runs are above each run on the way of <paramref name="node"/>; 0 within a cycle of parents.</summary>
    private static void Measure(CallNode node, Dictionary<RunId, CallNode> byId, Dictionary<RunId, int> depths, HashSet<RunId> cycles)
    {
        var path = new List<CallNode>();
        var onPath = new HashSet<RunId>();
        var above = -1;
        for (var at = node; ;)
        {
            if (depths.TryGetValue(at.Id, out above))
            {
                break;
            }

            above = -1;
            if (!onPath.Add(at.Id))
            {
                var start = path.FindIndex(other => other.Id == at.Id);
                foreach (var member in path.Skip(start))
                {
                    (depths[member.Id], above) = (0, 0);
                    cycles.Add(member.Id);
                }

                path.RemoveRange(start, path.Count - start);
                break;
            }

            path.Add(at);
            if (at.ParentId is not { } parent || !byId.TryGetValue(parent, out at))
            {
                break;
            }
        }

        for (var i = path.Count - 1; i >= 0; i--)
        {
            depths[path[i].Id] = ++above;
        }
    }

    private static IEnumerable<CallNode> Ancestors(CallNode node, Dictionary<RunId, CallNode> byId)
    {
        // Above may be a cycle; nobody is higher up than there are runs.
        for (var steps = 0; steps < byId.Count && node.ParentId is { } parent && byId.TryGetValue(parent, out node); steps++)
        {
            yield return node;
        }
    }
}
