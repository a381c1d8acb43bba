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
    public Task Counts_what_a_recount_counts() => Gen.Select(Steps.List[1, Size], Strides, Gen.Int[-9, 9]).SampleAsync(
        async (steps, stride, forgotten) =>
        {
            var (expected, actual) = await RunAsync([.. steps.Select(step => Stretch(step, stride))], CountScenario.DescribeAsync, EventGen.Origin + (forgotten * stride));
            AssertSame(expected, actual);
        },
        iter: Histories / 2,
        time: Seconds,
        threads: 2,
        print: steps => $"{steps.Item2} apart, forgotten before {steps.Item3}:\n{Print([.. steps.Item1.Select(step => Stretch(step, steps.Item2))])}");

    private static Step Stretch(Step step, TimeSpan stride) =>
        step is Ingest ingest ? new Ingest([.. ingest.Events.Select(e => EventGen.Stretch(e, stride))]) : step;
}
