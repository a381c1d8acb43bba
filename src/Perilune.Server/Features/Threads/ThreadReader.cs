using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Server.Features.Threads;

internal sealed class ThreadReader(IRunStore store)
{
    public async Task<ThreadReplay?> FindAsync(Guid project, RunId id, IReadOnlySet<RunId> chosen, CancellationToken cancellationToken)
    {
        var runs = await store.SubtreeAsync(project, id, RunDetail.Full, cancellationToken);
        return runs.FirstOrDefault(r => r.Id == id) is { Type: RunTypes.Thread } thread ? ThreadReplay.Of(thread, runs, chosen) : null;
    }
}
