using CsCheck;

namespace Perilune.Storage.Tests;

public abstract partial class RunStoreConformance
{
    // From seconds to weeks between the moments that events speak of: many in one quarter of an hour, or months and changes of clocks apart.
    private static readonly Gen<TimeSpan> Strides = Gen.Int[0, 4].Select(i => new[]
    {
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(397), TimeSpan.FromMinutes(15), TimeSpan.FromHours(7.25), TimeSpan.FromDays(19.8),
    }[i]);

    [Fact]
    public Task Counts_what_a_recount_counts() => Gen.Select(Steps.List[1, Size], Pasts, Strides, Gen.Int[-9, 9]).SampleAsync(
        (steps, past, stride, forgotten) => CheckAsync(Stretched(steps, past, stride), async history =>
        {
            var (expected, actual) = await RunAsync(history, CountScenario.DescribeAsync, EventGen.Origin + (forgotten * stride));
            AssertSame(expected, actual);
        }),
        iter: Histories / 2,
        time: Seconds,
        threads: 2,
        print: history => $"{history.Item3} apart, forgotten before {history.Item4}:\n{Print(Stretched(history.Item1, history.Item2, history.Item3))}");

    private static List<Step> Stretched(List<Step> steps, (int Steps, int Forgotten) past, TimeSpan stride) =>
        WithPast([.. steps.Select(step => Stretch(step, stride))], past, stride);

    private static Step Stretch(Step step, TimeSpan stride) =>
        step is Ingest ingest ? new Ingest([.. ingest.Events.Select(e => EventGen.Stretch(e, stride))]) : step;
}
