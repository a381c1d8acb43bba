using Microsoft.Extensions.Logging.Abstractions;
using Perilune.Storage.Sqlite;

namespace Perilune.Storage.Tests;

public sealed class SqliteRunStoreTests : RunStoreConformance
{
    protected override IRunStore Open(string folder) => new SqliteRunStore(folder, NullLogger<SqliteRunStore>.Instance);
}
