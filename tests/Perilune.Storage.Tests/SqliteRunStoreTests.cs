using Microsoft.Extensions.Logging.Abstractions;
using Perilune.Storage.Sqlite;
using Perilune.Storage.Sqlite.Maintenance;

namespace Perilune.Storage.Tests;

public sealed class SqliteRunStoreTests : RunStoreConformance
{
    protected override IRunStore Open(string folder) => new SqliteRunStore(folder, NullLogger<SqliteRunStore>.Instance);

    protected override void Inspect(string folder)
    {
        var project = Path.Combine(folder, "projects", StoreScenario.Project.ToString());
        if (!Directory.Exists(project))
        {
            return;
        }

        foreach (var file in Directory.GetFiles(project, "runs-*.db"))
        {
            var report = RunFileCheck.Run(file);
            Assert.True(report.Problems.Count == 0, string.Join("\n", report.Problems));
            Assert.Equal(0, report.OtherPrices);
        }

        Assert.Equal([], ProjectCheck.Run(project));
    }
}
