using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Perilune.Model;
using Perilune.Model.Merging;
using Perilune.Model.Traces;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>
/// Which runs of a trace repeat a call that another one reports (<see cref="CountedCalls"/>). Most traces have no such
/// runs, and their columns tell so; only of the others are the states read.
/// </summary>
internal sealed class CallStacks(Database db, Func<long, string> term)
{
    /// <param name="IsStacked">The trace may hold repeats, now or when one of its runs changes.</param>
    /// <param name="Wrong">The runs whose rows say the opposite of what is so.</param>
    internal readonly record struct Answer(bool IsStacked, IReadOnlyList<(long Seq, RunId Id, bool IsRepeat)> Wrong);

    private readonly record struct Row(long Seq, RunId? Parent, string? Type, string? Name, long? Call, bool IsRepeat);

    /// <summary>What the column <c>call</c> holds: a hash, because ids are long and never asked for by range. Null for runs that are no calls, or have no id.</summary>
    public static long? HashOf(RunState state)
    {
        if (state.CallId.Value is not { } id || !CountedCalls.IsCall(state.Type.Value))
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{state.Type.Value}\0{id}"), hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }

    /// <summary>Works out all traces of a file that was written before repeats were kept.</summary>
    public static void Build(Database db)
    {
        var terms = new Terms(db);
        var calls = new List<(long Seq, long Hash)>();
        using (var row = db.PrepareOnce("SELECT seq, id, state FROM run NOT INDEXED"))
        {
            while (row.Step())
            {
                if (HashOf(StateReader.Read(row.Id(1), row.Blob(2), default, terms.ValueOf)) is { } hash)
                {
                    calls.Add((row.Int64(0), hash));
                }
            }
        }

        foreach (var (seq, hash) in calls)
        {
            db.Prepare("UPDATE run SET call = ?2 WHERE seq = ?1").Bind(1, seq).Bind(2, hash).Run();
        }

        var stacks = new CallStacks(db, terms.ValueOf);
        foreach (var trace in TracesWithCalls(db).ToList())
        {
            stacks.Keep(trace, stacks.Read(trace)!.Value);
        }
    }

    /// <summary>The traces with more than one run that can be a call.</summary>
    public static IEnumerable<RunId> TracesWithCalls(Database db)
    {
        using var row = db.PrepareOnce("SELECT trace FROM run INDEXED BY run_trace WHERE type IN (SELECT id FROM term WHERE value IN (?1, ?2, ?3)) GROUP BY trace HAVING count(*) > 1");
        row.Bind(1, RunTypes.Llm).Bind(2, RunTypes.Embedding).Bind(3, RunTypes.Tool);
        while (row.Step())
        {
            yield return row.Id(0);
        }
    }

    public bool IsStacked(RunId trace)
    {
        var row = db.Prepare("SELECT 1 FROM stacked WHERE trace = ?1").Bind(1, trace);
        var isStacked = row.Step();
        row.Reset();
        return isStacked;
    }

    /// <summary>Whether another run of the trace has the same id of a call.</summary>
    public bool HasOther(long call, RunId trace, RunId run)
    {
        var row = db.Prepare("SELECT 1 FROM run INDEXED BY run_call WHERE call = ?1 AND trace = ?2 AND id <> ?3 LIMIT 1").Bind(1, call).Bind(2, trace).Bind(3, run);
        var hasOther = row.Step();
        row.Reset();
        return hasOther;
    }

    /// <summary>What the rows of a trace are to say; null when they are more than <paramref name="most"/>.</summary>
    public Answer? Read(RunId trace, int most = int.MaxValue)
    {
        if (most < int.MaxValue && HasMore(trace, most))
        {
            return null;
        }

        var rows = new Dictionary<RunId, Row>();
        var row = db.Prepare("SELECT id, seq, parent, type, name, call, is_repeat FROM run WHERE trace = ?1").Bind(1, trace);
        while (row.Step())
        {
            rows[row.Id(0)] = new Row(row.Int64(1), row.NullableId(2), Term(row.NullableInt64(3)), Term(row.NullableInt64(4)), row.NullableInt64(5), row.Int64(6) == 1);
        }

        row.Reset();
        if (!MayHoldRepeats(rows))
        {
            return new Answer(false, [.. rows.Where(r => r.Value.IsRepeat).Select(r => (r.Value.Seq, r.Key, false))]);
        }

        var counted = CountedCalls.Of(Nodes(trace, rows));
        return new Answer(true, [.. rows
            .Select(r => (r.Value.Seq, Id: r.Key, IsRepeat: CountedCalls.IsCall(r.Value.Type) && !counted.Contains(r.Key)))
            .Where(r => r.IsRepeat != rows[r.Id].IsRepeat)]);
    }

    public void MarkStacked(RunId trace) => db.Prepare("INSERT OR IGNORE INTO stacked(trace) VALUES(?1)").Bind(1, trace).Run();

    /// <summary>Writes an answer into the rows.</summary>
    public void Keep(RunId trace, Answer answer)
    {
        if (answer.IsStacked)
        {
            MarkStacked(trace);
        }
        else
        {
            db.Prepare("DELETE FROM stacked WHERE trace = ?1").Bind(1, trace).Run();
        }

        foreach (var (seq, _, isRepeat) in answer.Wrong)
        {
            db.Prepare("UPDATE run SET is_repeat = ?2 WHERE seq = ?1").Bind(1, seq).Bind(2, isRepeat ? 1 : 0).Run();
        }
    }

    private bool HasMore(RunId trace, int most)
    {
        var row = db.Prepare("SELECT count(*) FROM (SELECT 1 FROM run WHERE trace = ?1 LIMIT ?2)").Bind(1, trace).Bind(2, most + 1L);
        row.Step();
        var hasMore = row.Int64(0) > most;
        row.Reset();
        return hasMore;
    }

    // Whatever the times and details, which only the states know: a repeat is a call within one of its type, or has the id of another.
    private static bool MayHoldRepeats(Dictionary<RunId, Row> rows)
    {
        var calls = new HashSet<long>();
        foreach (var row in rows.Values.Where(row => CountedCalls.IsCall(row.Type)))
        {
            if (row.Call is { } call && !calls.Add(call))
            {
                return true;
            }

            var at = row;
            for (var steps = 0; steps < rows.Count && at.Parent is { } parent && rows.TryGetValue(parent, out at); steps++)
            {
                if (at.Type == row.Type && (at.Type != RunTypes.Tool || at.Name == row.Name))
                {
                    return true;
                }

                if (CountedCalls.WorksOnItsOwn(at.Type))
                {
                    break;
                }
            }
        }

        return false;
    }

    private List<CallNode> Nodes(RunId trace, Dictionary<RunId, Row> rows)
    {
        var nodes = new List<CallNode>(rows.Count);
        var row = db.Prepare("SELECT id, state FROM run WHERE trace = ?1").Bind(1, trace);
        while (row.Step())
        {
            var state = StateReader.Read(row.Id(0), row.Blob(1), default, term);

            // Below a chat, the parent that was sent is one of its messages.
            var parent = !state.Parent.IsSet ? (RunId?)null
                : rows.ContainsKey(state.Parent.Value) || state.Id == trace ? state.Parent.Value
                : trace;
            nodes.Add(new CallNode(state.Id, parent, state.Type.Value, state.Name.Value, state.CallId.Value, CountedCalls.DetailOf(state.Usage.Value), state.Start, state.End));
        }

        row.Reset();
        return nodes;
    }

    private string? Term(long? id) => id is { } value ? term(value) : null;
}
