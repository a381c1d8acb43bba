using Perilune.Model;
using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Read;

/// <summary>Sums over traces and threads, by their index.</summary>
internal static class SumRuns
{
    // In two halves: SQLite fails where a sum does not fit into 64 bits.
    private const string Sums = """
        SELECT count(*), count(CASE WHEN type = ?3 THEN 1 END), count(CASE WHEN status = 3 THEN 1 END),
          sum(CASE WHEN is_repeat = 0 AND type IN (?4, ?5) THEN tokens >> 32 END), sum(CASE WHEN is_repeat = 0 AND type IN (?4, ?5) THEN tokens & 0xffffffff END),
          sum(CASE WHEN is_repeat = 0 AND type IN (?4, ?5) THEN cost >> 32 END), sum(CASE WHEN is_repeat = 0 AND type IN (?4, ?5) THEN cost & 0xffffffff END)
        FROM run
        """;

    public static IReadOnlyDictionary<RunId, RunTotals> Read(RunFileReader file, RunGroup group, IReadOnlyCollection<RunId> ids)
    {
        var sums = file.Db.Prepare(Sums + (group == RunGroup.Trace ? " INDEXED BY run_trace WHERE trace = ?1" : " INDEXED BY run_thread WHERE thread = ?1 AND id <> ?2") + " AND start >= ?6");
        var totals = new Dictionary<RunId, RunTotals>(ids.Count);
        foreach (var id in ids)
        {
            sums.Bind(1, id)
                .Bind(6, file.Since.Micros)
                .Bind(3, Terms.Lookup(file.Db, RunTypes.Chat))
                .Bind(4, Terms.Lookup(file.Db, RunTypes.Llm))
                .Bind(5, Terms.Lookup(file.Db, RunTypes.Embedding));
            if (group == RunGroup.Thread)
            {
                sums.Bind(2, id);
            }

            sums.Step();
            if (sums.Int64(0) > 0)
            {
                totals[id] = new RunTotals((int)sums.Int64(0), (int)sums.Int64(1), (int)sums.Int64(2), Sum(sums, 3), Sum(sums, 5));
            }

            sums.Reset();
        }

        return totals;
    }

    private static long? Sum(Statement sums, int column) =>
        sums.IsNull(column) ? null : long.CreateSaturating(((Int128)sums.Int64(column) << 32) + sums.Int64(column + 1));
}
