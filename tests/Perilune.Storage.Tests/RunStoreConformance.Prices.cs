using System.Globalization;
using CsCheck;
using Perilune.Model;

namespace Perilune.Storage.Tests;

public abstract partial class RunStoreConformance
{
    private sealed record SetPrices(int Book) : Step;

    private sealed record Reprice(PriceSpan Span) : Step;

    private static readonly Gen<PriceSpan> Spans = Gen.Select(Gen.Int[-6, 9], Gen.Int[0, 15]).Select((from, to) => new PriceSpan(
        from < 0 ? null : EventGen.Origin + TimeSpan.FromSeconds(from), to > 9 ? null : EventGen.Origin + TimeSpan.FromSeconds(to)));

    private static Gen<Step> StepsWithPrices => Gen.Frequency(
        (6, Steps),
        (2, Gen.Int[0, ChangingPrices.Books.Count - 1].Select(book => (Step)new SetPrices(book))),
        (2, Spans.Select(span => (Step)new Reprice(span))));

    [Fact]
    public Task Keeps_the_cost_of_the_day_until_it_is_priced_anew_and_counts_it_so() => Gen.Select(StepsWithPrices.List[2, Size + 3], Gen.Bool).SampleAsync(
        (steps, all) => CheckAsync(steps, async history =>
        {
            // When everything was priced anew last, the check of the files finds no cost of another price.
            var (expected, actual) = await RunAsync(all ? [.. history, new Reprice(new PriceSpan(null, null))] : history, CountScenario.DescribeAsync, Instant.MinValue, expectsPrices: all);
            AssertSame(expected, actual);
        }),
        iter: Histories / 4,
        time: Seconds,
        threads: 2,
        print: history => Print(history.Item1));

    // The steps differ between stores; what they come to does not.
    private static async Task<string> RepriceAsync(IRunStore store, PriceSpan span, CancellationToken cancellationToken)
    {
        var preview = await store.PreviewPricesAsync(StoreScenario.Project, span, TimeSpan.FromMinutes(5), cancellationToken);
        Assert.Null(preview.LookedBackTo);
        var (sum, next) = (default(PriceChange), (string?)null);
        do
        {
            var step = await store.RepriceAsync(StoreScenario.Project, span, next, cancellationToken);
            (sum, next) = (sum.Plus(step.Change), step.Next);
        }
        while (next is not null);

        // What was announced is what was done, and there is nothing left to do.
        Assert.Equal(preview.Total, sum);
        var again = await store.PreviewPricesAsync(StoreScenario.Project, span, TimeSpan.FromMinutes(5), cancellationToken);
        Assert.Equal((preview.Total.Calls, 0), (again.Total.Calls, again.Total.Changed));
        return string.Create(CultureInfo.InvariantCulture, $"{sum} {string.Join(", ", preview.Models)}");
    }
}
