using System.Collections.Frozen;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Server.Features.Threads;

/// <summary>A thread in the order it happened.</summary>
/// <param name="Totals">Over the whole thread; null while it is empty.</param>
public sealed record ThreadReplay(Run Thread, IReadOnlyList<ThreadEntry> Entries, RunTotals? Totals = null)
{
    public int Turns => Entries.Count(e => e is Turn or Exchange);

    /// <param name="chosen">Chats to show in place of the latest of their versions.</param>
    internal static ThreadReplay Of(Run thread, IReadOnlyList<Run> runs, IReadOnlySet<RunId> chosen)
    {
        var byParent = runs.Where(r => r.ParentId is not null).OrderBy(r => r.Start).ToLookup(r => r.ParentId!.Value);
        var entries = new List<ThreadEntry>();
        foreach (var versions in runs.Where(r => r.Type == RunTypes.Chat).GroupBy(r => r.SiblingId ?? r.Id))
        {
            List<Run> ordered = [.. versions.OrderBy(r => r.Start).ThenBy(r => r.Id)];
            var shown = ordered.FindIndex(r => chosen.Contains(r.Id));
            shown = shown < 0 ? ordered.Count - 1 : shown;
            entries.Add(new Turn(ordered[0].Start, ordered[shown], ordered, shown, [.. byParent[ordered[shown].Id]]));
        }

        var traces = runs.ToLookup(r => r.TraceId);
        entries.AddRange(runs
            .Where(r => r.Type != RunTypes.Chat && r.ParentId == thread.Id)
            .Select(r => (ThreadEntry?)Exchange.Of(r, traces[r.Id]) ?? new Happening(r.Start, r)));
        return new ThreadReplay(thread, [.. entries.OrderBy(e => e.Time)]);
    }
}

public abstract record ThreadEntry(Instant Time);

/// <summary>A question and its answer.</summary>
/// <param name="Versions">The original and its retries, oldest first.</param>
/// <param name="Shown">Index of <paramref name="Chat"/> in <paramref name="Versions"/>.</param>
/// <param name="Traces">What ran to find the answer.</param>
/// <param name="Uses">What each of these traces used.</param>
public sealed record Turn(Instant Time, Run Chat, IReadOnlyList<Run> Versions, int Shown, IReadOnlyList<Run> Traces) : ThreadEntry(Time)
{
    public IReadOnlyDictionary<RunId, RunTotals> Uses { get; init; } = FrozenDictionary<RunId, RunTotals>.Empty;
}

/// <summary>A custom event, or a run that hangs on the thread itself and in which nothing is said.</summary>
public sealed record Happening(Instant Time, Run Run) : ThreadEntry(Time);
