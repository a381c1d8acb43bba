using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Server.Features.Threads;

internal sealed class ThreadReader(IRunStore store)
{
    /// <summary>How far it is with runs of the thread that are being moved; null when none are.</summary>
    public RunMoves? MovesOf(Guid project, RunId thread) => store.MovesOf(project, thread);

    public async Task<ThreadReplay?> FindAsync(Guid project, RunId id, IReadOnlySet<RunId> chosen, CancellationToken cancellationToken)
    {
        var runs = await store.SubtreeAsync(project, id, RunDetail.Full, cancellationToken);
        if (runs.FirstOrDefault(r => r.Id == id) is not { Type: RunTypes.Thread } thread)
        {
            return null;
        }

        var replay = ThreadReplay.Of(thread, runs, chosen);
        var traces = replay.Entries.OfType<Turn>().SelectMany(t => t.Traces).Concat(replay.Entries.OfType<Exchange>().Select(e => e.Root)).Select(r => r.Id).ToHashSet();
        var uses = await store.TotalsAsync(project, RunGroup.Trace, traces, cancellationToken);
        var totals = await store.TotalsAsync(project, RunGroup.Thread, [id], cancellationToken);
        return replay with
        {
            Entries =
            [
                .. replay.Entries.Select(e => e switch
                {
                    Turn turn => turn with { Uses = uses },
                    Exchange exchange => exchange with { Use = uses.GetValueOrDefault(exchange.Root.Id) },
                    _ => e,
                }),
            ],
            Totals = totals.GetValueOrDefault(id),
        };
    }
}
