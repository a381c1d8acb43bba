using Perilune.Model;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Settling;
using Perilune.Storage.Sqlite.Write;

namespace Perilune.Storage.Sqlite.Maintenance;

/// <summary>The rows of a file that may not say yet what they are to say, because they were still being settled when it was closed.</summary>
internal sealed class UnsettledRows
{
    private readonly HashSet<RunId> _runs = [];
    private readonly HashSet<RunId> _traces = [];

    public UnsettledRows(Database db, Terms terms)
    {
        var nodes = new PlacedNodes(db, terms);
        foreach (var id in Unsettled.Read(db))
        {
            if (id.Kind == UnsettledKind.Calls)
            {
                _traces.Add(id.Id);
            }
            else
            {
                nodes.TryAdd(id);
            }
        }

        _traces.UnionWith(nodes.Traces);
        foreach (var node in nodes.All.Values)
        {
            _runs.Add(node.Id);
            _traces.Add(node.Place.TraceId);
        }
    }

    public long Runs => _runs.Count;

    public bool Contains(RunId run) => _runs.Contains(run);

    /// <summary>Whether which calls of the trace repeat others may not be known yet.</summary>
    public bool HasCallsOf(RunId trace) => _traces.Contains(trace);
}
