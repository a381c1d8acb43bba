using CsCheck;
using Perilune.Model.Counting;

namespace Perilune.Model.Tests.Counting;

public sealed class SumsTests
{
    private static readonly Gen<long> Durations = Gen.OneOf(Gen.Long[0, 100], Gen.Long[0, 60_000_000], Gen.Long[0, 1L << 39]);

    [Fact]
    public void Buckets_are_narrow_and_follow_each_other() => Durations.Sample(micros =>
    {
        var bucket = DurationScale.IndexOf(micros);
        var (start, end) = (DurationScale.Start(bucket), DurationScale.Start(bucket + 1));
        Assert.InRange(micros, start, end - 1);
        Assert.True(end - start <= Math.Max(1, start / 16), $"{start} to {end}");
        Assert.InRange(bucket, 0, DurationScale.Count - 1);
    });

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1L << 40)]
    public void Longer_durations_are_in_the_last_bucket(long micros) => Assert.Equal(DurationScale.Count - 1, DurationScale.IndexOf(micros));

    [Fact]
    public void A_percentile_lies_in_the_bucket_of_the_duration_it_stands_for() =>
        Gen.Select(Durations.List[1, 60], Gen.Double[0, 1]).Sample((durations, share) =>
        {
            var histogram = new Histogram();
            durations.ForEach(micros => histogram.Add(DurationScale.IndexOf(micros), 1));
            var exact = durations.Order().ElementAt(Math.Max(0, (int)Math.Ceiling(share * durations.Count) - 1));
            Assert.Equal(DurationScale.IndexOf(exact), DurationScale.IndexOf((long)histogram.Percentile(share)!.Value.TotalMicroseconds));
        });

    [Fact]
    public void What_is_taken_out_is_as_if_it_had_never_been_added() =>
        Gen.Select(Runs.List[0, 20], Runs.List[0, 20]).Sample((kept, removed) =>
        {
            var sums = RunSums.Of(kept.Concat(removed));
            removed.ForEach(run => sums.Add(run, -1));
            Assert.Equal(Text(RunSums.Of(kept)), Text(sums));
        });

    [Fact]
    public void Parts_add_up_to_the_whole() =>
        Gen.Select(Runs.List[0, 20], Runs.List[0, 20]).Sample((some, others) =>
        {
            var sums = RunSums.Of(some);
            sums.Add(RunSums.Of(others));
            Assert.Equal(Text(RunSums.Of(some.Concat(others))), Text(sums));
        });

    [Theory]
    [InlineData("""{"thumb":"up"}""", "up")]
    [InlineData("""{"comment":{"thumb":"up"},"thumb":"down"}""", "down")]
    [InlineData("""{"thumb":null}""", null)]
    [InlineData("""{"thumb":["up"]}""", null)]
    [InlineData("""{"comment":"thumb"}""", null)]
    [InlineData("null", null)]
    [InlineData("\"thumb\"", null)]
    public void Reads_thumbs(string feedback, string? thumb) => Assert.Equal(thumb, CountedRun.ThumbOf(RawJson.Parse(feedback)));

    private static readonly Gen<CountedRun> Runs =
        from status in Gen.Int[0, 4]
        from type in Gen.Int[0, 2]
        from times in Gen.Select(Durations, Gen.Bool, Gen.Long[0, 5_000_000])
        from usage in Gen.Select(Gen.Long, Gen.Long[0, 1000], Gen.Bool)
        select CountedRun.Of(
            new CountedRun
            {
                Quarter = default,
                Type = new[] { RunTypes.Llm, RunTypes.Embedding, RunTypes.Tool }[type],
                Status = (RunStatus)status,
                Duration = times.Item2 ? times.Item1 : null,
                FirstToken = times.Item3,
            },
            usage.Item3 ? new Usage(usage.Item1, usage.Item2, usage.Item2) { Reasoning = usage.Item2, CacheWrite1h = 1 } : null,
            usage.Item3 ? long.MaxValue : null);

    private static string Text(RunSums sums) => string.Join(' ',
        sums.Runs, sums.Errors, sums.Successes, sums.Calls, sums.Priced, sums.Input, sums.Output, sums.CacheRead, sums.CacheWrite, sums.Reasoning, sums.Cost,
        string.Join(',', sums.Latency.Items), string.Join(',', sums.FirstToken.Items), sums.Latency.Total);
}
