using Perilune.Model;

namespace Perilune.Storage.Sqlite.Read;

/// <summary>Sums over traces and threads, by their index.</summary>
internal static class SumRuns
{
    private const string Sums = """
        SELECT count(*), count(CASE WHEN type = ?3 THEN 1 END), count(CASE WHEN status = 3 THEN 1 END),
          sum(CASE WHEN type IN (?4, ?5) THEN tokens END), sum(CASE WHEN type IN (?4, ?5) THEN cost END)
        FROM run
        """;

    public static IReadOnlyDictionary<RunId, RunTotals> Read(RunFileReader file, RunGroup group, IReadOnlyCollection<RunId> ids)
    {
        var sums = file.Db.Prepare(Sums + (group == RunGroup.Trace ? " INDEXED BY run_trace WHERE trace = ?1" : " INDEXED BY run_thread WHERE thread = ?1 AND id <> ?2"));
        var totals = new Dictionary<RunId, RunTotals>(ids.Count);
        foreach (var id in ids)
        {
            sums.Bind(1, id)
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
                totals[id] = new RunTotals((int)sums.Int64(0), (int)sums.Int64(1), (int)sums.Int64(2), sums.NullableInt64(3), sums.NullableInt64(4));
            }

            sums.Reset();
        }

        return totals;
    }
}
