using Perilune.Model;

namespace Perilune.Server.Features.Traces;

/// <summary>A run with its payloads, and what ran below it.</summary>
public sealed record TranscriptItem(Run Run, IReadOnlyList<TranscriptItem> Children)
{
    public string Name => !string.IsNullOrWhiteSpace(Run.Name) ? Run.Name : Run.Type.Length > 0 ? Run.Type : "unnamed";

    public long? Tokens => Sum(r => r.Usage?.Total);

    public long? Cost => Sum(r => r.Cost);

    private long? Sum(Func<Run, long?> value) => Children.Count == 0 ? value(Run) : Amounts.Sum(Calls().Select(value));

    private IEnumerable<Run> Calls() => Children.SelectMany(c => c.Calls()).Concat(RunTypes.IsModelCall(Run.Type) && !Run.IsRepeat ? [Run] : []);
}

/// <param name="Omitted">Runs that are not in it: a transcript is read, and nobody reads thousands of turns.</param>
public sealed record TraceTranscript(TranscriptItem Root, int Omitted)
{
    public const int MaxRuns = 200;

    /// <param name="runs">The first runs of the trace in reading order, with their payloads.</param>
    internal static TraceTranscript Of(Trace trace, IReadOnlyList<Run> runs)
    {
        var children = runs.Where(r => r.ParentId is not null && r.Id != trace.Root.Id).ToLookup(r => r.ParentId!.Value);
        var seen = new HashSet<RunId>();
        var root = Item(runs.FirstOrDefault(r => r.Id == trace.Root.Id) ?? trace.Root, 0);
        return new TraceTranscript(root, trace.Rows.Count - seen.Count);

        // Deeper than any reader follows, and short of what a stack holds.
        TranscriptItem Item(Run run, int depth)
        {
            seen.Add(run.Id);
            return new TranscriptItem(run, depth > 30 ? [] : [.. children[run.Id].Where(r => !seen.Contains(r.Id)).Select(r => Item(r, depth + 1))]);
        }
    }
}
