using Perilune.Model;
using Perilune.Model.Traces;
using Perilune.Storage.Sqlite.Counting;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Write;

namespace Perilune.Storage.Sqlite.Settling;

/// <summary>A row as it was, and where it is to stand.</summary>
internal readonly record struct PlannedMove(PlacedNode Node, TracePlace Place);

/// <summary>What is to be done in a trace whose calls were looked at.</summary>
internal readonly record struct PlannedCalls(RunId Trace, CallStacks.Answer Answer);

/// <summary>
/// What a file's rows are to say around what is unsettled, as of one moment, worked out on a connection beside the
/// file's writer.
/// </summary>
/// <param name="Moves">Rows that say something else. Calls are looked at once there are none.</param>
/// <param name="Traces">The traces and threads of the runs that were looked at, as they are and as they are to be.</param>
/// <param name="TooLarge">What concerns more runs than are settled.</param>
internal sealed record SettlePlan(IReadOnlyList<PlannedMove> Moves, IReadOnlyList<PlannedCalls> Calls, IReadOnlySet<RunId> Traces, IReadOnlyList<UnsettledId> TooLarge)
{
    /// <param name="path">The run file.</param>
    /// <param name="last">Up to which row of <c>unsettled</c>.</param>
    /// <param name="most">Runs to look at, at most.</param>
    /// <param name="stop">Ends it at once.</param>
    public static SettlePlan Make(string path, long last, int most, CancellationToken stop)
    {
        using var db = Database.OpenReader(path);
        using var interrupt = stop.Register(static db => ((Database)db!).Interrupt(), db);
        db.Execute("BEGIN");
        try
        {
            return Make(db, Unsettled.Read(db, last), most, stop);
        }
        finally
        {
            db.EndRead();
        }
    }

    private static SettlePlan Make(Database db, IReadOnlySet<UnsettledId> unsettled, int most, CancellationToken stop)
    {
        var (terms, tooLarge) = (new Terms(db), new List<UnsettledId>());
        var nodes = new PlacedNodes(db, terms, most);
        foreach (var id in unsettled.Where(id => id.Kind != UnsettledKind.Calls))
        {
            stop.ThrowIfCancellationRequested();
            if (!nodes.TryAdd(id))
            {
                tooLarge.Add(id);
            }
        }

        var places = TraceTree.Resolve(nodes.Tree());
        var traces = nodes.All.SelectMany(node => new[] { node.Place.TraceId, places[node.Id].TraceId }).Concat(nodes.Threads).ToHashSet();
        var moves = nodes.All.Where(node => node.Differs(places[node.Id])).Select(node => new PlannedMove(node, places[node.Id])).ToList();
        return new SettlePlan(moves, moves.Count == 0 ? CallsOf(db, terms, unsettled, most, tooLarge, stop) : [], traces, tooLarge);
    }

    private static List<PlannedCalls> CallsOf(Database db, Terms terms, IEnumerable<UnsettledId> unsettled, int most, List<UnsettledId> tooLarge, CancellationToken stop)
    {
        var (stacks, calls) = (new CallStacks(db, terms.ValueOf), new List<PlannedCalls>());
        foreach (var id in unsettled.Where(id => id.Kind == UnsettledKind.Calls))
        {
            stop.ThrowIfCancellationRequested();
            if (stacks.Read(id.Id, most) is { } answer)
            {
                calls.Add(new PlannedCalls(id.Id, answer));
            }
            else
            {
                tooLarge.Add(id);
            }
        }

        return calls;
    }
}
