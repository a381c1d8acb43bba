using Perilune.Storage;
using Perilune.Storage.Oracle;

namespace Perilune.Ingest.Tests.Replay;

public sealed class OracleFixtureReplayTests : FixtureReplay
{
    protected override Task<IRunStore> OpenAsync() => Task.FromResult<IRunStore>(new OracleRunStore());
}
