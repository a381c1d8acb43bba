using Perilune.Model;
using Perilune.Storage.Sqlite.Settling;
using Perilune.Storage.Sqlite.Write;

namespace Perilune.Storage.Sqlite;

public sealed partial class SqliteRunStore
{
    public RunMoves? MovesOf(Guid project, RunId? trace) =>
        _projects.TryGetValue(project, out var runs) ? runs.Files.Select(file => file.Settling!.MovesOf(trace)).FirstOrDefault(moves => moves is not null) : null;

    /// <summary>Waits until no run of the project has to take another place.</summary>
    internal async Task SettledAsync(Guid project, CancellationToken cancellationToken)
    {
        while (await IsUnsettledAsync(project, cancellationToken))
        {
            await Task.Delay(1, cancellationToken);
        }
    }

    // What is below a run is known once its rows are settled.
    private async Task SettleAsync(Guid project, CancellationToken cancellationToken)
    {
        if (await IsUnsettledAsync(project, cancellationToken))
        {
            await FreeAsync(Runs(project), () => new PendingWork(writer => writer.SettleAll(), 1));
        }
    }

    private async Task<bool> IsUnsettledAsync(Guid project, CancellationToken cancellationToken)
    {
        var isAny = false;
        await AskAsync(project, file => isAny |= Unsettled.IsAny(file.Db), cancellationToken);
        return isAny;
    }
}
