using System.Buffers;
using Perilune.Storage.Sqlite.Counting;
using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Maintenance;

/// <summary>The counts of a file against a recount of its runs. The ledger may say more than the runs, which can be deleted.</summary>
internal sealed class CountCheck(Database db, Terms terms, UnsettledRows unsettled, ProblemList problems)
{
    public void Run()
    {
        Repeats();
        var recount = new FileCounts(db, terms);
        foreach (var (day, run) in CountBuilder.Runs(db, terms.ValueOf))
        {
            recount.Add(run, 1);
            recount.AddToLedger(day, run.Type, 1);
        }

        // What waits to be added to the rows is not in them yet.
        recount.Change.AddWaiting(db, sign: -1);
        Sums(recount.Change);
        Users(recount.Change);
        Totals(recount.Change);
        Active(recount.Change);
        foreach (var ((day, type), runs) in recount.Change.Ledger)
        {
            var row = db.Prepare("SELECT runs FROM ledger WHERE day = ?1 AND type = ?2").Bind(1, day).Bind(2, type);
            var stored = row.Step() ? row.Int64(0) : 0;
            row.Reset();
            problems.Expect(stored >= runs, $"The ledger of day {day} and type {type} says {stored} runs where there are {runs}.");
        }
    }

    private void Repeats()
    {
        var stacks = new CallStacks(db, terms.ValueOf);
        foreach (var trace in CallStacks.TracesWithCalls(db).Where(trace => !unsettled.HasCallsOf(trace)))
        {
            var answer = stacks.Read(trace)!.Value;
            problems.Expect(stacks.IsStacked(trace) || !answer.IsStacked, $"Trace {trace} may hold repeated calls, and is not kept as such.");
            foreach (var (_, id, isRepeat) in answer.Wrong)
            {
                problems.Add($"Run {id} is {(isRepeat ? "not " : "")}kept as a repeat of another run's call.");
            }
        }

        using var row = db.PrepareOnce("SELECT id, trace FROM run WHERE is_repeat = 1 AND trace NOT IN (SELECT trace FROM stacked)");
        while (row.Step())
        {
            problems.Expect(
                unsettled.HasCallsOf(row.Id(1)),
                $"Run {row.Id(0)} is kept as a repeat of another run's call, in a trace that has no such calls.");
        }
    }

    private void Sums(CountChange recount)
    {
        var (scratch, expected) = (new ArrayBufferWriter<byte>(), 0);
        foreach (var (cell, sums) in recount.AllSums().Where(row => !row.Sums.IsNothing))
        {
            expected++;
            var row = db.Prepare("SELECT data FROM rollup WHERE day = ?1 AND kind = ?2 AND part = ?3 AND type = ?4 AND value = ?5")
                .Bind(1, cell.Place.Day).Bind(2, (long)cell.Kind).Bind(3, cell.Place.Part).Bind(4, cell.Type).Bind(5, cell.Value);
            var isRight = row.Step() && row.Blob(0).SequenceEqual(SumsCodec.Write(sums, scratch));
            row.Reset();
            problems.Expect(isRight, $"The sums {cell} are not those of the runs.");
        }

        var stored = db.ScalarInt64("SELECT count(*) FROM rollup");
        problems.Expect(stored == expected, $"There are {stored} sums where a recount makes {expected}.");
    }

    private void Users(CountChange recount)
    {
        var (scratch, expected) = (new ArrayBufferWriter<byte>(), 0);
        foreach (var (day, user, quarters) in recount.UserDays())
        {
            expected++;
            var row = db.Prepare("SELECT data FROM user_day WHERE day = ?1 AND user = ?2").Bind(1, day).Bind(2, user);
            var isRight = row.Step() && row.Blob(0).SequenceEqual(UserDays.Write(quarters, scratch));
            row.Reset();
            problems.Expect(isRight, $"What user {user} did on day {day} is not what the runs say.");
        }

        var stored = db.ScalarInt64("SELECT count(*) FROM user_day");
        problems.Expect(stored == expected, $"There are {stored} days of users where a recount makes {expected}.");
    }

    private void Active(CountChange recount)
    {
        var (scratch, expected) = (new ArrayBufferWriter<byte>(), 0);
        foreach (var users in recount.UserDays().GroupBy(entry => (entry.Day, Part: DayUsers.PartOf(entry.User)), entry => entry.User))
        {
            expected++;
            var row = db.Prepare("SELECT data FROM day_user WHERE day = ?1 AND part = ?2").Bind(1, users.Key.Day).Bind(2, users.Key.Part);
            var isRight = row.Step() && row.Blob(0).SequenceEqual(DayUsers.Write([.. users], scratch));
            row.Reset();
            problems.Expect(isRight, $"Who did anything on day {users.Key.Day} is not what the runs say.");
        }

        var stored = db.ScalarInt64("SELECT count(*) FROM day_user");
        problems.Expect(stored == expected, $"There are {stored} rows of users by day where a recount makes {expected}.");
    }

    private void Totals(CountChange recount)
    {
        var (scratch, expected) = (new ArrayBufferWriter<byte>(), 0);
        foreach (var (user, sums) in recount.UserTotals())
        {
            expected++;
            var row = db.Prepare("SELECT data FROM user_total WHERE user = ?1").Bind(1, user);
            var isRight = row.Step() && row.Blob(0).SequenceEqual(UserDays.WriteTotal(sums, scratch));
            row.Reset();
            problems.Expect(isRight, $"What user {user} did in all is not what the runs say.");
        }

        var stored = db.ScalarInt64("SELECT count(*) FROM user_total");
        problems.Expect(stored == expected, $"There are {stored} totals of users where a recount makes {expected}.");
    }
}
