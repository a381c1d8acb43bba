using Perilune.Model;

namespace Perilune.Storage.Tests;

public abstract partial class RunStoreConformance
{
    /// <summary>
    /// Runs a history. Of a long one that fails, steps and events are taken away for as long as what is left fails too: ten
    /// thousand operations come down to a handful in a minute or two.
    /// </summary>
    private static async Task CheckAsync(List<Step> history, Func<List<Step>, Task> run)
    {
        if (Seconds < 0)
        {
            await run(history);
        }
        else if (await FailureAsync(history, run) is { } failure)
        {
            var (reduced, reason) = await ReduceAsync(history, failure, run);
            Assert.Fail($"{Print(reduced)}\n{reason}");
        }
    }

    private static async Task<string?> FailureAsync(List<Step> history, Func<List<Step>, Task> run)
    {
        try
        {
            await run(history);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return e.Message;
        }
    }

    private static async Task<(List<Step> History, string Failure)> ReduceAsync(List<Step> history, string failure, Func<List<Step>, Task> run)
    {
        (history, failure) = await WithoutAsync(history, failure, history.Count / 2, FailsAsync);
        for (var i = history.Count - 1; i >= 0; i--)
        {
            if (history[i] is Ingest { Events.Count: > 1 } ingest)
            {
                List<Step> With(IReadOnlyList<RunEvent> events) => [.. history.Take(i), new Ingest(events), .. history.Skip(i + 1)];
                var (kept, reason) = await WithoutAsync([.. ingest.Events], failure, ingest.Events.Count / 2, events => FailsAsync(With(events)));
                (history, failure) = (With(kept), reason);
            }
        }

        return (history, failure);

        Task<string?> FailsAsync(List<Step> steps) => FailureAsync(steps, run);
    }

    /// <summary>Takes away ever shorter stretches, one after the other, as long as it goes on failing without them.</summary>
    private static async Task<(List<T> Items, string Failure)> WithoutAsync<T>(List<T> items, string failure, int longest, Func<List<T>, Task<string?>> fails)
    {
        for (var length = longest; length >= 1; length /= 2)
        {
            for (var at = 0; at < items.Count;)
            {
                List<T> without = [.. items.Take(at), .. items.Skip(at + length)];
                if (without.Count > 0 && await fails(without) is { } reason)
                {
                    (items, failure) = (without, reason);
                }
                else
                {
                    at += length;
                }
            }
        }

        return (items, failure);
    }
}
