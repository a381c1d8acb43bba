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

    private const string Trace = " INDEXED BY run_trace WHERE trace = ?1";
    private const string Thread = " INDEXED BY run_thread WHERE thread = ?1 AND id <> ?2";

    public static IReadOnlyDictionary<RunId, RunTotals> Read(RunFileReader file, RunGroup group, IReadOnlyCollection<RunId> ids)
    {
        var members = group == RunGroup.Trace ? Trace : Thread;
        var sums = file.Db.Prepare($"{Sums}{members} AND start >= ?6");
        var last = file.Db.Prepare($"SELECT id FROM run{members} AND start >= ?3 AND type = ?4 ORDER BY start DESC, id DESC LIMIT 1");
        var chat = Terms.Lookup(file.Db, RunTypes.Chat);
        var totals = new Dictionary<RunId, RunTotals>(ids.Count);
        foreach (var id in ids)
        {
            sums.Bind(1, id)
                .Bind(6, file.Since.Micros)
                .Bind(3, chat)
                .Bind(4, Terms.Lookup(file.Db, RunTypes.Llm))
                .Bind(5, Terms.Lookup(file.Db, RunTypes.Embedding));
            if (group == RunGroup.Thread)
            {
                sums.Bind(2, id);
            }

            sums.Step();
            if (sums.Int64(0) > 0)
            {
                totals[id] = new RunTotals((int)sums.Int64(0), (int)sums.Int64(1), (int)sums.Int64(2), Sum(sums, 3), Sum(sums, 5), sums.Int64(1) > 0 ? LastChat(id) : null);
            }

            sums.Reset();
        }

        return totals;

        RunId LastChat(RunId id)
        {
            last.Bind(1, id).Bind(3, file.Since.Micros).Bind(4, chat);
            if (group == RunGroup.Thread)
            {
                last.Bind(2, id);
            }

            last.Step();
            var found = last.Id(0);
            last.Reset();
            return found;
        }
    }

    private static long? Sum(Statement sums, int column) =>
        sums.IsNull(column) ? null : long.CreateSaturating(((Int128)sums.Int64(column) << 32) + sums.Int64(column + 1));
}
