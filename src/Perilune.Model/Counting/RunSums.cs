namespace Perilune.Model.Counting;

/// <summary>
/// Sums over runs. All are exact: tokens and money add up in 128 bits, since clients may report any number.
/// </summary>
public sealed class RunSums
{
    public long Runs { get; set; }

    public long Errors { get; set; }

    public long Successes { get; set; }

    /// <summary>Model calls, whose tokens and cost the sums below are.</summary>
    public long Calls { get; set; }

    /// <summary>Model calls whose cost is known.</summary>
    public long Priced { get; set; }

    public Int128 Input { get; set; }

    public Int128 Output { get; set; }

    /// <summary>Part of <see cref="Input"/>.</summary>
    public Int128 CacheRead { get; set; }

    /// <summary>Part of <see cref="Input"/>.</summary>
    public Int128 CacheWrite { get; set; }

    /// <summary>Part of <see cref="Output"/>.</summary>
    public Int128 Reasoning { get; set; }

    /// <summary>Nano-USD of the priced calls.</summary>
    public Int128 Cost { get; set; }

    /// <summary>Durations of runs that ended.</summary>
    public Histogram Latency { get; } = new();

    /// <summary>Times to the first token of runs that streamed.</summary>
    public Histogram FirstToken { get; } = new();

    public Int128 Tokens => Input + Output;

    /// <summary>Nothing was counted, or all of it was taken out again.</summary>
    public bool IsNothing => Runs == 0 && Errors == 0 && Successes == 0 && Calls == 0 && Priced == 0 && Input == 0 && Output == 0
        && CacheRead == 0 && CacheWrite == 0 && Reasoning == 0 && Cost == 0 && Latency.IsEmpty && FirstToken.IsEmpty;

    /// <summary>Adds a run; with a <paramref name="sign"/> of −1 takes it out again.</summary>
    public void Add(CountedRun run, int sign = 1)
    {
        Runs += sign;
        Errors += run.Status is RunStatus.Error ? sign : 0;
        Successes += run.Status is RunStatus.Success ? sign : 0;
        if (run.Duration is { } duration)
        {
            Latency.Add(DurationScale.IndexOf(duration), sign);
        }

        if (run.FirstToken is { } first)
        {
            FirstToken.Add(DurationScale.IndexOf(first), sign);
        }

        if (!run.IsCall)
        {
            return;
        }

        Calls += sign;
        Priced += run.Cost is null ? 0 : sign;
        Input += sign * (Int128)run.Input;
        Output += sign * (Int128)run.Output;
        CacheRead += sign * (Int128)run.CacheRead;
        CacheWrite += sign * (Int128)run.CacheWrite;
        Reasoning += sign * (Int128)run.Reasoning;
        Cost += sign * (Int128)(run.Cost ?? 0);
    }

    public void Add(RunSums other)
    {
        Runs += other.Runs;
        Errors += other.Errors;
        Successes += other.Successes;
        Calls += other.Calls;
        Priced += other.Priced;
        Input += other.Input;
        Output += other.Output;
        CacheRead += other.CacheRead;
        CacheWrite += other.CacheWrite;
        Reasoning += other.Reasoning;
        Cost += other.Cost;
        Latency.Add(other.Latency);
        FirstToken.Add(other.FirstToken);
    }

    public static RunSums Of(IEnumerable<CountedRun> runs)
    {
        var sums = new RunSums();
        foreach (var run in runs)
        {
            sums.Add(run);
        }

        return sums;
    }
}
