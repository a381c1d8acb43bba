using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Maintenance;

/// <summary>SQLite's own check of a file: every page, every index entry.</summary>
public static class DatabaseCheck
{
    /// <summary>What is wrong with the database at <paramref name="path"/>, the first hundred things at most.</summary>
    public static IReadOnlyList<string> Run(string path)
    {
        var problems = new ProblemList();
        problems.Guard("The file", () =>
        {
            using var db = Database.OpenGuest(path);
            Run(db, problems);
        });
        return problems.First;
    }

    internal static void Run(Database db, ProblemList problems) => problems.Guard("The file", () =>
    {
        using var found = db.PrepareOnce("PRAGMA integrity_check(100)");
        while (found.Step())
        {
            var line = found.Text(0);
            problems.Expect(line == "ok", $"SQLite finds the file damaged: {line}");
        }
    });
}
