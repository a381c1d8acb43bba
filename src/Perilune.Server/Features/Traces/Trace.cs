using Perilune.Model;
using Perilune.Model.Traces;

namespace Perilune.Server.Features.Traces;

/// <summary>A run and what hangs below it, laid out for reading.</summary>
/// <param name="Hidden">Runs that are left out because they only carry others: plumbing (HTTP requests, sockets) with nothing else below, and the inside of tool calls.</param>
public sealed record Trace(Run Root, IReadOnlyList<TraceRow> Rows, Instant Start, Instant End, int Hidden = 0)
{
    private readonly HashSet<RunId> _counted = CountedCalls.Of([.. Rows.Select(row => CallNode.Of(row.Run))]);

    public TimeSpan Span => End - Start;

    public int Errors => Rows.Count(r => r.Run.Status == RunStatus.Error);

    public bool IsRunning => Rows.Any(r => r.Run.Status == RunStatus.Running);

    public long? Tokens => Sum(r => r.Usage?.Total);

    public long? Cost => Sum(r => r.Cost);

    /// <summary>Lays <paramref name="runs"/> out below <paramref name="root"/>: children by start, then id. Runs that lead nowhere are not lost, they follow at the end.</summary>
    internal static Trace Of(Run root, IReadOnlyList<Run> runs)
    {
        var children = runs.Where(r => r.Id != root.Id && r.ParentId is not null)
            .OrderByDescending(r => r.Start).ThenByDescending(r => r.Id)
            .ToLookup(r => r.ParentId!.Value);
        var rows = new List<TraceRow>(runs.Count);
        var seen = new HashSet<RunId>();
        Walk(root);
        foreach (var run in runs.Where(r => !seen.Contains(r.Id)).OrderBy(r => r.Start))
        {
            Walk(run);
        }

        var start = rows.Select(r => r.Run.Start).Aggregate(Instant.Min);
        var end = rows.Select(r => r.Run.End ?? r.Run.Start).Aggregate(Instant.Max);
        return new Trace(root, rows, start, end);

        // Not recursive: a chain of parents can be as long as the trace.
        void Walk(Run top)
        {
            var pending = new Stack<(Run Run, int Depth)>([(top, top.Id == root.Id ? 0 : 1)]);
            while (pending.TryPop(out var next))
            {
                if (!seen.Add(next.Run.Id))
                {
                    continue;
                }

                rows.Add(new TraceRow(next.Run, next.Depth, children.Contains(next.Run.Id)));
                foreach (var child in children[next.Run.Id])
                {
                    pending.Push((child, next.Depth + 1));
                }
            }
        }
    }

    /// <summary>
    /// The runs without plumbing that has nothing but plumbing below, and without the inside of tool calls, such as the
    /// client's and the server's side of what a framework called over MCP: what hangs below those hangs below the call.
    /// </summary>
    internal static IReadOnlyList<Run> WithoutPlumbing(Run root, IReadOnlyList<Run> runs)
    {
        var byId = runs.ToDictionary(run => run.Id);
        var counted = CountedCalls.Of([.. runs.Select(CallNode.Of)]);
        var inside = runs.Where(run => run.Id != root.Id && IsInsideOfTool(run, counted, byId)).Select(run => run.Id).ToHashSet();
        var shown = new HashSet<RunId> { root.Id };
        foreach (var run in runs.Where(run => run.Type != RunTypes.Plumbing && !inside.Contains(run.Id)))
        {
            // Up to where somebody has been already.
            for (var at = run; shown.Add(at.Id) && at.ParentId is { } parent && byId.TryGetValue(parent, out at);)
            {
            }
        }

        return [.. runs.Where(run => shown.Contains(run.Id) && !inside.Contains(run.Id)).Select(Lifted)];

        Run Lifted(Run run)
        {
            var above = run.ParentId;
            for (var steps = 0; steps < inside.Count && above is { } parent && inside.Contains(parent); steps++)
            {
                above = byId[parent].ParentId;
            }

            return above == run.ParentId ? run : run with { ParentId = above };
        }
    }

    // An error inside shows, unless the whole call failed: then it is the same one, seen from further in.
    private static bool IsInsideOfTool(Run run, HashSet<RunId> counted, Dictionary<RunId, Run> byId)
    {
        if (run.Type != RunTypes.Tool || counted.Contains(run.Id))
        {
            return false;
        }

        if (run.Status != RunStatus.Error)
        {
            return true;
        }

        var at = run;
        for (var steps = 0; steps < byId.Count && at.ParentId is { } parent && byId.TryGetValue(parent, out at); steps++)
        {
            if (counted.Contains(at.Id))
            {
                return at.Status == RunStatus.Error;
            }
        }

        return false;
    }

    // Providers bill calls, so only calls are counted: a parent that repeats its children's usage adds nothing.
    private long? Sum(Func<Run, long?> value) =>
        Amounts.Sum(Rows.Where(r => RunTypes.IsModelCall(r.Run.Type) && _counted.Contains(r.Run.Id)).Select(r => value(r.Run))) ?? value(Root);
}
