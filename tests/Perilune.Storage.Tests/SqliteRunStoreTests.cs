using Microsoft.Extensions.Logging.Abstractions;
using Perilune.Model.Pricing;
using Perilune.Storage.Sqlite;
using Perilune.Storage.Sqlite.Maintenance;

namespace Perilune.Storage.Tests;

public class SqliteRunStoreTests : RunStoreConformance
{
    protected override IRunStore Open(string folder, IProjectPrices prices) => new SqliteRunStore(folder, NullLogger<SqliteRunStore>.Instance, prices);

    protected override void Inspect(string folder, PriceBook? prices)
    {
        var project = Path.Combine(folder, "projects", StoreScenario.Project.ToString());
        if (!Directory.Exists(project))
        {
            return;
        }

        foreach (var file in Directory.GetFiles(project, "runs-*.db"))
        {
            var report = RunFileCheck.Run(file, progress: null, prices);
            Assert.True(report.Problems.Count == 0, string.Join("\n", report.Problems));
            Assert.True(prices is null || report.OtherPrices == 0, $"{report.OtherPrices} costs are of other prices.");
        }

        Assert.Equal([], ProjectCheck.Run(project));
    }
}
