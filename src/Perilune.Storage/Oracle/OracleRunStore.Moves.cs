using Perilune.Model;

namespace Perilune.Storage.Oracle;

public sealed partial class OracleRunStore
{
    // Everything is worked out when it is asked for.
    public RunMoves? MovesOf(Guid project, RunId? trace) => null;
}
