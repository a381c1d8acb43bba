using System.Globalization;
using Perilune.Model.Pricing;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Periods;
using Perilune.Storage.Sqlite.Settling;
using Perilune.Storage.Sqlite.Write;

namespace Perilune.Storage.Sqlite.Maintenance;

/// <summary>The folder of one project below <c>projects</c>, named by the project's id.</summary>
public static class ProjectFolder
{
    private const string FileOfVersion1 = "runs.db";

    public static IEnumerable<string> All(string dataFolder)
    {
        var projects = Path.Combine(dataFolder, "projects");
        return Directory.Exists(projects) ? Directory.EnumerateDirectories(projects).Where(p => Guid.TryParse(Path.GetFileName(p), out _)).Order(StringComparer.Ordinal) : [];
    }

    public static IEnumerable<string> RunFiles(string folder) =>
        Directory.EnumerateFiles(folder).Where(path => Period.TryParse(Path.GetFileName(path), out _)).Order(StringComparer.Ordinal);

    /// <summary>
    /// The databases whose data is nowhere else, in the order to copy them in while the project is written to: older run
    /// files first, since runs only ever move to newer ones, and last what was decided about all of them.
    /// </summary>
    public static IEnumerable<string> Databases(string folder) =>
        RunFiles(folder).Concat(new[] { Path.Combine(folder, ProjectFile.Name) }.Where(File.Exists));

    /// <summary>Brings run files that were copied one after another to one state: what was deleted or moved meanwhile is so in all.</summary>
    public static void Reconcile(string folder)
    {
        using var files = new RunFiles(folder);
        using var writer = new ProjectWriter(Guid.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), files, static () => PriceBook.Default, SettleLimits.Default);
        writer.Distrust();
        writer.InTransaction(_ => { });
    }

    /// <summary>Gives the single run file that the first version made per project the name of its period.</summary>
    internal static void Adopt(string folder)
    {
        var path = Path.Combine(folder, FileOfVersion1);
        if (!File.Exists(path))
        {
            return;
        }

        string name;
        using (var db = Database.OpenWriter(path))
        {
            if (Schema.IsMissing(db))
            {
                name = Period.MonthOf(Model.Instant.From(new DateTimeOffset(File.GetCreationTimeUtc(path), TimeSpan.Zero))).FileName;
            }
            else
            {
                name = Period.MonthOf(new Model.Instant(db.ScalarInt64("SELECT coalesce(max(start), 0) FROM run"))).FileName;
                using var shared = new ProjectFile(folder);
                shared.AddDeleted(Ids(db));
                shared.Commit();
                shared.Settle();
            }

            db.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        File.Move(path, Path.Combine(folder, name));
        Durable.SyncDirectory(folder);
    }

    private static List<Model.RunId> Ids(Database db)
    {
        var ids = new List<Model.RunId>();
        using var row = db.PrepareOnce("SELECT id FROM deleted");
        while (row.Step())
        {
            ids.Add(row.Id(0));
        }

        return ids;
    }
}
