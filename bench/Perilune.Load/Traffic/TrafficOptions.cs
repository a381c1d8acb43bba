namespace Perilune.Load.Traffic;

/// <summary>What the traffic is a function of, besides the index of the trace.</summary>
internal sealed record TrafficOptions
{
    /// <summary>Runs per trace, on average; what turns a wanted number of runs into a number of traces.</summary>
    public const double RunsPerTrace = 3.75;

    public int Seed { get; init; } = 42;

    public int Traces { get; init; } = 10_000;

    /// <summary>The traces spread evenly over this many days up to <see cref="Now"/>.</summary>
    public double Days { get; init; } = 30;

    public required DateTimeOffset Now { get; init; }

    /// <summary>Each trace starts when it is made instead.</summary>
    public bool Live { get; init; }

    public int Users { get; init; } = 2000;

    public double ErrorRate { get; init; } = 0.03;

    public static TrafficOptions From(Arguments arguments) => new()
    {
        Seed = arguments.Int("seed", 42),
        Traces = TracesFor(arguments.Int("runs", 40_000)),
        Days = arguments.Double("days", 30),
        Now = arguments.Time("now", TimeProvider.System.GetUtcNow()),
        Live = arguments.Flag("live"),
        Users = arguments.Int("users", 2000),
        ErrorRate = arguments.Double("errors", 0.03),
    };

    public static int TracesFor(int runs) => (int)Math.Ceiling(runs / RunsPerTrace);
}
