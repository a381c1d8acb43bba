using Perilune.Model;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Read;

/// <summary>A model call of a file: where it stands by its start, what it was priced at, and by what.</summary>
internal readonly record struct CallRow(RunPosition At, long? Cost, PricedCall? Call);

/// <summary>Reads the model calls of a file by their start.</summary>
internal static class CallRows
{
    private static readonly string[] s_types = [RunTypes.Llm, RunTypes.Embedding];

    /// <summary>Before all runs of a time.</summary>
    public static RunPosition Before(Instant start) => new(start.Micros - 1, new RunId(ulong.MaxValue, ulong.MaxValue));

    /// <summary>Calls after <paramref name="low"/> and before <paramref name="high"/>.</summary>
    public static IEnumerable<CallRow> Between(RunFileReader file, RunPosition low, RunPosition high, bool newestFirst)
    {
        var streams = s_types.Select(type => Terms.Lookup(file.Db, type)).OfType<long>().Select(type => Open(file.Db, type, low, high, newestFirst)).ToList();
        try
        {
            streams.RemoveAll(stream => !Step(stream));
            while (streams.Count > 0)
            {
                var next = newestFirst ? streams.MaxBy(At)! : streams.MinBy(At)!;
                var (at, cost) = (At(next), next.NullableInt64(2));
                yield return new CallRow(at, cost, PricedCall.Of(StateReader.Read(at.Id, next.Blob(3), default, file.Rows.Term)));
                if (!Step(next))
                {
                    streams.Remove(next);
                }
            }
        }
        finally
        {
            streams.ForEach(stream => stream.Dispose());
        }
    }

    private static Statement Open(Database db, long type, RunPosition low, RunPosition high, bool newestFirst) => db
        .PrepareOnce("SELECT id, start, cost, state FROM run INDEXED BY run_type WHERE type = ?1 AND (start, id) > (?2, ?3) AND (start, id) < (?4, ?5) ORDER BY " + (newestFirst ? "start DESC, id DESC" : "start, id"))
        .Bind(1, type).Bind(2, low.Value).Bind(3, low.Id).Bind(4, high.Value).Bind(5, high.Id);

    private static bool Step(Statement stream)
    {
        if (stream.Step())
        {
            return true;
        }

        stream.Dispose();
        return false;
    }

    private static RunPosition At(Statement stream) => new(stream.Int64(1), stream.Id(0));
}
