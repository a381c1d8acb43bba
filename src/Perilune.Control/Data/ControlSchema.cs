using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Perilune.Control.Data;

/// <summary>
/// The schema of the control database. Migrations are EF Core's; a new file is made by the script of all of them, and one
/// that has them all needs nothing of EF Core.
/// </summary>
internal static class ControlSchema
{
    private static readonly string s_script = ReadScript();

    /// <summary>The migrations that the script holds, in order.</summary>
    public static IReadOnlyList<string> Known { get; } = [.. s_script.Split('\n').Where(line => line.StartsWith("VALUES ('", StringComparison.Ordinal)).Select(line => line.Split('\'')[1])];

    /// <exception cref="ControlStartException">The file was written by a newer program.</exception>
    public static async Task EnsureAsync(SqliteConnection file, Func<ControlDb> open, CancellationToken cancellationToken)
    {
        var tables = file.Query("SELECT name FROM sqlite_master WHERE type = 'table'", row => row.GetString(0));
        if (tables.Count == 0)
        {
            file.Execute(s_script);
            return;
        }

        var applied = tables.Contains("__EFMigrationsHistory") ? file.Query("SELECT MigrationId FROM __EFMigrationsHistory", row => row.GetString(0)) : [];
        if (applied.Find(migration => !Known.Contains(migration, StringComparer.Ordinal)) is { } newer)
        {
            throw new ControlStartException(
                $"{file.DataSource} was written by a newer Perilune (it has the schema change {newer}). Start that version, or restore a backup made before the upgrade.");
        }

        if (applied.Count < Known.Count)
        {
            // A process that was killed while it migrated leaves its lock behind, and EF Core would wait for it forever. The
            // data folder is ours alone, so whatever lock is there is such a one.
            file.Execute("""DROP TABLE IF EXISTS "__EFMigrationsLock" """);
            await using var db = open();
            await db.Database.MigrateAsync(cancellationToken);
        }
    }

    private static string ReadScript()
    {
        using var stream = typeof(ControlSchema).Assembly.GetManifestResourceStream("Perilune.Control.Sqlite.new.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
