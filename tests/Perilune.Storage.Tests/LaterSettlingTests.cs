using Microsoft.Extensions.Logging.Abstractions;
using Perilune.Model.Pricing;
using Perilune.Storage.Sqlite;
using Perilune.Storage.Sqlite.Settling;

namespace Perilune.Storage.Tests;

/// <summary>The same answers when nearly everything that comes late is too much for a transaction, and settled a row at a time.</summary>
public sealed class LaterSettlingTests : SqliteRunStoreTests
{
    protected override IRunStore Open(string folder, IProjectPrices prices) =>
        new SqliteRunStore(folder, NullLogger<SqliteRunStore>.Instance, prices, new SettleLimits(AtOnce: 2, Step: 1));

    protected override Task SettledAsync(IRunStore store, CancellationToken cancellationToken) =>
        ((SqliteRunStore)store).SettledAsync(StoreScenario.Project, cancellationToken);
}
