using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Perilune.Control.Data;

namespace Perilune.Control.Tests;

public sealed partial class SchemaTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary><c>PERILUNE_ACCEPT_SNAPSHOTS=1</c> writes the script anew, after a migration was added.</summary>
    [Fact]
    public async Task New_files_are_made_by_the_script_of_all_migrations()
    {
        await using var db = new ControlDbDesign().CreateDbContext([]);
        var expected = db.GetService<IMigrator>().GenerateScript();
        if (Environment.GetEnvironmentVariable("PERILUNE_ACCEPT_SNAPSHOTS") is "1")
        {
            await File.WriteAllTextAsync(ScriptPath(), expected, Cancel);
            return;
        }

        // Which EF Core wrote it makes no difference.
        Assert.Equal(ProductVersion().Replace(expected, "'"), ProductVersion().Replace(await File.ReadAllTextAsync(ScriptPath(), Cancel), "'"));
        Assert.Equal(db.Database.GetMigrations(), ControlSchema.Known);
    }

    [Theory]
    [InlineData("20261124123544_Initial")]
    [InlineData("20261127055855_Retention")]
    public async Task Files_of_older_programs_become_like_new_ones(string migration)
    {
        await using var older = ControlPlane.Create();
        await using (var db = Open(older))
        {
            await db.GetService<IMigrator>().MigrateAsync(migration, Cancel);
        }

        await using var fresh = ControlPlane.Create();

        Assert.NotNull((await older.SetUpAsync()).Created);
        Assert.NotNull((await fresh.SetUpAsync()).Created);

        Assert.Equal(Tables(fresh), Tables(older));
        await using var model = Open(fresh);
        Assert.Empty(await model.Database.GetPendingMigrationsAsync(Cancel));
    }

    private static ControlDb Open(ControlPlane control) =>
        new(new DbContextOptionsBuilder<ControlDb>().UseSqlite($"Data Source={control.DatabasePath};Pooling=False").Options);

    private static List<string> Tables(ControlPlane control)
    {
        using var file = new SqliteConnection($"Data Source={control.DatabasePath};Pooling=False");
        file.Open();

        // The lock of a migration stays behind, empty.
        return file.Query("SELECT name || ': ' || sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> '__EFMigrationsLock' ORDER BY name", row => row.GetString(0));
    }

    private static string ScriptPath([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "../../src/Perilune.Control/Sqlite/new.sql");

    [GeneratedRegex(@", '\d+\.\d+\.\d+[^']*'", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ProductVersion();
}
