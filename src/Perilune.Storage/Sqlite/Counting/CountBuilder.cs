using Perilune.Model.Counting;
using Perilune.Model.Merging;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>Counts the runs of a file from scratch, where the file was written before they were counted like this.</summary>
internal static class CountBuilder
{
    private const int RunsAtOnce = 20_000;

    /// <summary>
    /// Sums, users' days and totals, days' users. The ledger stays, which also knows of runs that were deleted; what waits to be added
    /// to it is.
    /// </summary>
    public static void BuildSums(Database db)
    {
        var terms = new Terms(db);
        var counts = new FileCounts(db, terms);
        counts.Fold();
        db.Execute("DELETE FROM rollup; DELETE FROM user_day; DELETE FROM user_total; DELETE FROM day_user");
        foreach (var chunk in Runs(db, terms.ValueOf).Chunk(RunsAtOnce))
        {
            foreach (var (_, run) in chunk)
            {
                counts.Add(run, 1);
            }

            counts.Fold();
        }
    }

    public static void BuildLedger(Database db)
    {
        var terms = new Terms(db);
        using var row = db.PrepareOnce("SELECT id, state FROM run NOT INDEXED");
        while (row.Step())
        {
            var state = StateReader.Read(row.Id(0), row.Blob(1), default, terms.ValueOf);
            if (!state.IsStructural.Value)
            {
                db.Prepare("INSERT INTO ledger(day, type, runs) VALUES(?1, ?2, 1) ON CONFLICT DO UPDATE SET runs = runs + 1")
                    .Bind(1, DayOf(state)).Bind(2, state.Type.Value is { Length: > 0 } type ? terms.IdOf(type) : 0).Run();
            }
        }
    }

    /// <summary>Every run that counts, and the day since 1970 on which the first event about it was accepted.</summary>
    public static IEnumerable<(long Day, CountedRun Run)> Runs(Database db, Func<long, string> term)
    {
        using var row = db.PrepareOnce("SELECT id, user, cost, state, is_repeat, env, tags FROM run NOT INDEXED");
        while (row.Step())
        {
            var state = StateReader.Read(row.Id(0), row.Blob(3), default, term);
            if (RunProjection.ToCounted(state, LabelColumns.Read(row, 1, 5, 6, term), row.NullableInt64(2), row.Int64(4) == 1) is { } run)
            {
                yield return (DayOf(state), run);
            }
        }
    }

    private static long DayOf(RunState state) => CountCell.DayOf(Quarter.Of(state.FirstReceived).Number);
}
