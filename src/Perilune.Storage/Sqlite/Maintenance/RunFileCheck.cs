using Perilune.Model.Pricing;
using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Maintenance;

/// <summary>
/// Checks a run file that nobody writes to: SQLite's structures, then everything that one part says about another.
/// Memory is two bits per body and the largest trace or thread.
/// </summary>
public static class RunFileCheck
{
    /// <param name="path">The file.</param>
    /// <param name="progress">Called now and then with the number of runs checked.</param>
    /// <param name="prices">What to compare costs with; null for the bundled prices.</param>
    public static FileReport Run(string path, Action<long>? progress = null, PriceBook? prices = null)
    {
        var problems = new ProblemList();
        FileReport? report = null;
        problems.Guard("The file", () =>
        {
            using var db = Database.OpenGuest(path);
            report = Run(db, problems, progress, prices ?? PriceBook.Default);
        });
        return (report ?? new FileReport(0, 0, 0, 0, 0, 0, 0, [], 0)) with { Problems = problems.First, ProblemCount = problems.Count };
    }

    private static FileReport? Run(Database db, ProblemList problems, Action<long>? progress, PriceBook prices)
    {
        var version = db.ScalarInt64("PRAGMA user_version");
        if (version != Schema.Version)
        {
            problems.Add($"The file has version {version}; this program writes and checks version {Schema.Version}.");
            return null;
        }

        DatabaseCheck.Run(db, problems);
        var terms = new Terms(db);
        var bodies = new BodyUse(problems);
        var runs = new RunRowCheck(db, terms, bodies, prices, problems);
        var threads = new ThreadCheck(db, terms, bodies, problems);
        var unsettled = new UnsettledRows(db, terms);
        var tables = new TableCheck(db, terms, problems);
        problems.Guard("The bodies", () => bodies.Load(db));
        problems.Guard("The runs", () => runs.Run(progress));
        problems.Guard("The traces", new PlaceCheck(db, terms, unsettled, problems).Run);
        problems.Guard("The threads", threads.Run);
        tables.Run();
        problems.Guard("The counts", new CountCheck(db, terms, unsettled, problems).Run);
        return new FileReport(runs.Runs, threads.Messages, tables.Users, bodies.Stored, bodies.Unused, runs.OtherPrices, unsettled.Runs, [], 0);
    }
}
