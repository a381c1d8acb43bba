using Perilune.Model.Counting;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>Counts the runs of a file from scratch: those of a file that was written before there were counts.</summary>
internal static class CountBuilder
{
    private const int RunsAtOnce = 20_000;

    public static void Build(Database db)
    {
        var terms = new Terms(db);
        var counts = new FileCounts(db, terms);
        foreach (var chunk in Runs(db, terms.ValueOf).Chunk(RunsAtOnce))
        {
            foreach (var (day, run) in chunk)
            {
                counts.Add(run, 1);
                counts.AddToLedger(day, run.Type, 1);
            }

            counts.Write();
        }
    }

    /// <summary>Every run that counts, and the day since 1970 on which the first event about it was accepted.</summary>
    public static IEnumerable<(long Day, CountedRun Run)> Runs(Database db, Func<long, string> term)
    {
        using var row = db.PrepareOnce("SELECT id, user, cost, state FROM run NOT INDEXED");
        while (row.Step())
        {
            var state = StateReader.Read(row.Id(0), row.Blob(3), default, term);
            var user = row.NullableInt64(1) is { } id ? term(id) : null;
            if (RunProjection.ToCounted(state, user, row.NullableInt64(2)) is { } run)
            {
                yield return (CountCell.DayOf(Quarter.Of(state.FirstReceived).Number), run);
            }
        }
    }
}
