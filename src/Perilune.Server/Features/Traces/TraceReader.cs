using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Server.Features.Traces.Messages;
using Perilune.Storage;

namespace Perilune.Server.Features.Traces;

internal sealed class TraceReader(IRunStore store)
{
    private const int MaxMedia = 100;

    /// <summary>Of a trace in hexadecimal, as spans have it in their id before a hyphen and their own.</summary>
    private const int TraceIdLength = 32;
    private const int SpanIdLength = TraceIdLength + 1 + 16;

    /// <param name="plumbing">Whether plumbing is shown that has nothing else below.</param>
    public async Task<Trace?> FindAsync(Guid project, RunId id, bool plumbing, CancellationToken cancellationToken)
    {
        var runs = await store.SubtreeAsync(project, id, RunDetail.None, cancellationToken);
        if (runs.FirstOrDefault(r => r.Id == id) is not { } root)
        {
            return null;
        }

        var shown = plumbing ? runs : Trace.WithoutPlumbing(root, runs);
        return Trace.Of(root, shown) with { Hidden = runs.Count - shown.Count };
    }

    public Task<Run?> FindRunAsync(Guid project, RunId id, CancellationToken cancellationToken) => store.FindAsync(project, id, cancellationToken);

    /// <summary>How far it is with runs of the trace that are being moved; null when none are.</summary>
    public RunMoves? MovesOf(Guid project, RunId trace) => store.MovesOf(project, trace);

    /// <summary>The media that the run's messages refer to; of a medium, itself.</summary>
    public async Task<RunMedia> MediaAsync(Guid project, Run run, CancellationToken cancellationToken)
    {
        var stored = new Dictionary<string, StoredMedium>(StringComparer.Ordinal);
        foreach (var id in MediaReference.In(run.Input, run.Output).Take(MaxMedia))
        {
            foreach (var owner in OwnersOf(run))
            {
                // Without its payload: the page shows where to find it.
                var medium = MediaRuns.IdOf(owner, id);
                if ((await store.SubtreeAsync(project, medium, RunDetail.None, cancellationToken)).FirstOrDefault(r => r.Id == medium) is { Name: { } type } found)
                {
                    stored[id] = new StoredMedium(medium, type, MediaRuns.BytesOf(found.Metadata));
                    break;
                }
            }
        }

        return new RunMedia(project, stored);
    }

    /// <summary>The trace as it reads from top to bottom. Only the first runs are asked for their payloads.</summary>
    public async Task<TraceTranscript> TranscriptAsync(Guid project, Trace trace, CancellationToken cancellationToken)
    {
        var runs = new List<Run>();
        foreach (var row in trace.Rows.Take(TraceTranscript.MaxRuns))
        {
            runs.Add(await store.FindAsync(project, row.Run.Id, cancellationToken) ?? row.Run);
        }

        return TraceTranscript.Of(trace, runs);
    }

    /// <summary>What the model call sent that the one before it did not; null when there is none before it.</summary>
    public async Task<TurnChanges?> ChangesAsync(Guid project, Run run, CancellationToken cancellationToken)
    {
        if (run.Type != RunTypes.Llm || await PreviousAsync(project, run, cancellationToken) is not { } previous)
        {
            return null;
        }

        return await store.FindAsync(project, previous.Id, cancellationToken) is { } whole ? TurnChanges.Of(whole, run) : null;
    }

    /// <summary>What media that the run refers to may be below: the run itself; of a medium, what that is below; of a span, its trace.</summary>
    private static IEnumerable<RunId> OwnersOf(Run run)
    {
        yield return run.Id;
        if (run is { Type: RunTypes.Plumbing, ParentId: { } above })
        {
            yield return above;
        }

        if (run.ClientId is { Length: SpanIdLength } span && span[TraceIdLength] == '-')
        {
            yield return MediaRuns.HolderOf(span[..TraceIdLength]);
        }
    }

    /// <summary>The call before: of the same parent, else of the trace, else of the thread.</summary>
    private async Task<Run?> PreviousAsync(Guid project, Run run, CancellationToken cancellationToken)
    {
        var trace = await store.SubtreeAsync(project, run.TraceId, RunDetail.None, cancellationToken);
        var before = trace.Where(r => r.Type == RunTypes.Llm && r.Id != run.Id && r.Start < run.Start).OrderByDescending(r => r.Start).ToList();
        if ((before.Find(r => r.ParentId == run.ParentId) ?? before.FirstOrDefault()) is { } near)
        {
            return near;
        }

        if (run.ThreadId is not { } thread)
        {
            return null;
        }

        var earlier = new AndFilter(
        [
            new FieldFilter(FilterField.Thread, null, FilterOperator.Is, new() { Text = thread.ToString() }),
            new FieldFilter(FilterField.Type, null, FilterOperator.Is, new() { Text = RunTypes.Llm }),
            new FieldFilter(FilterField.Start, null, FilterOperator.Less, new() { Time = run.ListedAt }),
        ]);
        var page = await store.ListAsync(project, new RunQuery { Filter = earlier, Limit = 1, Detail = RunDetail.None }, cancellationToken);
        return page.Runs.Count > 0 ? page.Runs[0] : null;
    }
}
