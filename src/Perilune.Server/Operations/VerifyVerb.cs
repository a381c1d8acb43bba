using System.Globalization;
using Perilune.Control;
using Perilune.Model.Pricing;
using Perilune.Server.Hosting;
using Perilune.Storage.Sqlite.Maintenance;

namespace Perilune.Server.Operations;

/// <summary>Checks a data folder: prints a line per file and one per problem.</summary>
internal static class VerifyVerb
{
    private const string Advice = "Keep the data folder as it is, and restore the last backup to another one. A damaged file can be read in part; nothing of it was changed.";

    /// <summary>Verifies a folder that no server is using.</summary>
    public static int RunAlone(string path)
    {
        if (!File.Exists(Path.Combine(path, DataFiles.Control)))
        {
            throw new StartException($"There is no Perilune data in {path}. Set PERILUNE_DATA to the folder to verify.");
        }

        try
        {
            using var folder = DataFolder.Open(path);
            return Run(path);
        }
        catch (StartException e)
        {
            throw new StartException($"{e.Message} While a server is running, take a backup and verify that: Perilune.Server backup <folder>, then restore or PERILUNE_DATA=<folder>.");
        }
    }

    /// <summary>Verifies a folder that the caller has to itself; 0 when all is well, 2 when not.</summary>
    public static int Run(string path)
    {
        var control = DatabaseCheck.Run(Path.Combine(path, DataFiles.Control));
        var problems = Print(DataFiles.Control, "", control, control.Count);
        var prices = PriceBooks.OfFile(Path.Combine(path, DataFiles.Control));
        foreach (var project in ProjectFolder.All(path))
        {
            var book = prices.For(Guid.Parse(Path.GetFileName(project), CultureInfo.InvariantCulture));
            foreach (var file in ProjectFolder.RunFiles(project))
            {
                problems += Check(path, file, book);
            }

            var together = ProjectCheck.Run(project);
            problems += Print(Path.GetRelativePath(path, project), "all files together: ", together, together.Count);
        }

        Console.WriteLine(problems == 0 ? "Everything is as it should be." : string.Create(CultureInfo.InvariantCulture, $"{problems:N0} problems. {Advice}"));
        return problems == 0 ? 0 : 2;
    }

    private static long Check(string path, string file, PriceBook prices)
    {
        var name = Path.GetRelativePath(path, file);
        var report = RunFileCheck.Run(file, runs => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {runs:N0} runs checked …")), prices);
        return Print(name, Describe(report), report.Problems, report.ProblemCount);
    }

    private static string Describe(FileReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.Runs:N0} runs, {report.Messages:N0} messages, {report.Users:N0} users, {report.Bodies:N0} bodies ({report.UnusedBodies:N0} unused)")
        + (report.OtherPrices == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {report.OtherPrices:N0} runs with a cost that the prices of now do not give"))
        + (report.Unsettled == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {report.Unsettled:N0} runs that were still being moved, whose places were not compared"))
        + ": ";

    private static long Print(string name, string counts, IReadOnlyList<string> problems, long count)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {counts}{(count == 0 ? "ok" : $"{count:N0} problems")}"));
        foreach (var problem in problems)
        {
            Console.WriteLine($"  - {problem}");
        }

        if (count > problems.Count)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  - and {count - problems.Count:N0} more"));
        }

        return count;
    }
}
