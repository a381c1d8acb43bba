using Microsoft.Extensions.Logging.Abstractions;
using Perilune.Storage;
using Perilune.Storage.Sqlite;

namespace Perilune.Ingest.Tests.Replay;

public sealed class SqliteFixtureReplayTests : FixtureReplay, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("perilune-replay-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    protected override Task<IRunStore> OpenAsync() =>
        Task.FromResult<IRunStore>(new SqliteRunStore(_folder, NullLogger<SqliteRunStore>.Instance));
}
