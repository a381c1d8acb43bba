using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Server.Features.Traces;

internal sealed class TraceReader(IRunStore store)
{
    public async Task<Trace?> FindAsync(Guid project, RunId id, CancellationToken cancellationToken)
    {
        var runs = await store.SubtreeAsync(project, id, RunDetail.None, cancellationToken);
        return runs.FirstOrDefault(r => r.Id == id) is { } root ? Trace.Of(root, runs) : null;
    }

    public Task<Run?> FindRunAsync(Guid project, RunId id, CancellationToken cancellationToken) => store.FindAsync(project, id, cancellationToken);
}
