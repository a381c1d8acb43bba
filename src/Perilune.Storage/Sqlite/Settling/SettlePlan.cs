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
internal sealed class SettlePlan
{
    private readonly PlacedNodes _nodes;
    private readonly Dictionary<RunId, TracePlace> _places;
    private readonly List<RunId> _moved = [];
    private readonly List<UnsettledId> _tooLarge = [];
    private readonly HashSet<RunId> _traces;

    private SettlePlan(Database db, IReadOnlySet<UnsettledId> unsettled, int most, CancellationToken stop)
    {
        var terms = new Terms(db);
        _nodes = new PlacedNodes(db, terms, most);
        foreach (var id in unsettled.Where(id => id.Kind != UnsettledKind.Calls))
        {
            stop.ThrowIfCancellationRequested();
            if (!_nodes.TryAdd(id))
            {
                _tooLarge.Add(id);
            }
        }

        _places = _nodes.Resolve();
        _traces = [.. _nodes.Threads];
        foreach (var (id, node) in _nodes.All)
        {
            var place = _places[id];
            _traces.Add(node.Place.TraceId);
            _traces.Add(place.TraceId);
            if (node.Differs(place))
            {
                _moved.Add(id);
            }
        }

        Calls = _moved.Count == 0 ? CallsOf(db, terms, unsettled, most, stop) : [];
    }

    /// <summary>How many rows are to say something else.</summary>
    public int Moved => _moved.Count;

    /// <summary>These rows.</summary>
    public IEnumerable<PlannedMove> Moves => _moved.Select(id => new PlannedMove(_nodes.All[id], _places[id]));

    /// <summary>What is to be done with calls. They are looked at once no row is to move.</summary>
    public IReadOnlyList<PlannedCalls> Calls { get; }

    /// <summary>The traces and threads of the runs that were looked at, as they are and as they are to be.</summary>
    public IReadOnlySet<RunId> Traces => _traces;

    /// <summary>What concerns more runs than are settled.</summary>
    public IReadOnlyList<UnsettledId> TooLarge => _tooLarge;

    /// <param name="path">The run file.</param>
    /// <param name="last">Up to which row of <c>unsettled</c>.</param>
    /// <param name="most">Runs to look at because of one of them, at most.</param>
    /// <param name="stop">Ends it at once.</param>
    public static SettlePlan Make(string path, long last, int most, CancellationToken stop)
    {
        using var db = Database.OpenGuest(path);
        using var interrupt = stop.Register(static db => ((Database)db!).Interrupt(), db);
        db.Execute("BEGIN");
        try
        {
            return new SettlePlan(db, Unsettled.Read(db, last), most, stop);
        }
        finally
        {
            db.EndRead();
        }
    }

    private List<PlannedCalls> CallsOf(Database db, Terms terms, IEnumerable<UnsettledId> unsettled, int most, CancellationToken stop)
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
                _tooLarge.Add(id);
            }
        }

        return calls;
    }
}
