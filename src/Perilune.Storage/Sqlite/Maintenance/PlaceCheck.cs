using Perilune.Model;
using Perilune.Model.Traces;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Settling;
using Perilune.Storage.Sqlite.Write;

namespace Perilune.Storage.Sqlite.Maintenance;

/// <summary>Resolves each trace anew, with the traces above it, and compares where its runs are said to stand.</summary>
internal sealed class PlaceCheck(Database db, Terms terms, UnsettledRows unsettled, ProblemList problems)
{
    public void Run()
    {
        using var next = db.PrepareOnce("SELECT DISTINCT trace FROM run INDEXED BY run_trace ORDER BY trace");
        while (next.Step())
        {
            Check(next.Id(0));
        }
    }

    private void Check(RunId trace)
    {
        var nodes = new PlacedNodes(db, terms);
        nodes.TryAdd(new UnsettledId(UnsettledKind.Trace, trace));
        var places = nodes.Resolve();
        foreach (var node in nodes.All.Values.Where(n => n.Place.TraceId == trace && !unsettled.Contains(n.Id)))
        {
            var place = places[node.Id];
            problems.Expect(
                !node.Differs(place),
                $"Run {node.Id} stands in {Describe(node.Place, node.WasOrphan)}; its parents say {Describe(place, node.IsOrphan)}.");
        }
    }

    private static string Describe(TracePlace place, bool isOrphan) =>
        $"trace {place.TraceId}, thread {place.ThreadId?.ToString() ?? "none"}, user '{place.Labels.User}', environment '{place.Labels.Environment}', tags '{place.Labels.Tags}'{(isOrphan ? ", waiting for its parent" : "")}";
}
