namespace Perilune.Load.Sending;

/// <summary>What the traffic is sent as.</summary>
internal enum Wire
{
    /// <summary>Events of Lunary's JavaScript SDK, as JSON.</summary>
    Lunary,

    /// <summary>Spans of an OpenTelemetry exporter, as protobuf; what counts as an event or a run is a span.</summary>
    Otlp,
}

internal sealed record SendOptions
{
    public Wire Wire { get; init; }

    public required Uri Url { get; init; }

    public required string Key { get; init; }

    /// <summary>Further keys, of projects that the clients share out among themselves instead.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Each is one SDK client: one request in flight.</summary>
    public int Connections { get; init; } = 16;

    /// <summary>Events per request.</summary>
    public int BatchSize { get; init; } = 20;

    /// <summary>Runs per second at most; 0 is as fast as the server answers.</summary>
    public double Rate { get; init; }

    /// <summary>Make all requests before the clock starts, so that the generator's CPU time is not in the way.</summary>
    public bool Pregenerate { get; init; }

    /// <summary>Stop after this many seconds; 0 is when all is sent.</summary>
    public double MaxSeconds { get; init; }

    /// <summary>Stop when this is cancelled, and say what was sent.</summary>
    public CancellationToken Until { get; init; }

    /// <summary>Count the events of a 2xx reply as stored without looking for their results: for the null server.</summary>
    public bool TrustStatus { get; init; }

    /// <summary>The server process, to measure what it used.</summary>
    public int? Pid { get; init; }

    public static SendOptions From(Arguments arguments) => new()
    {
        Url = new Uri(arguments.Text("url") ?? "http://127.0.0.1:3333"),
        Key = arguments.Required("key"),
        Wire = arguments.Flag("otlp") ? Wire.Otlp : Wire.Lunary,
        Connections = arguments.Int("connections", 16),
        BatchSize = arguments.Int("batch", 20),
        Rate = arguments.Double("rate", 0),
        Pregenerate = arguments.Flag("pregen"),
        MaxSeconds = arguments.Double("max-seconds", 0),
        TrustStatus = arguments.Flag("trust-status"),
        Pid = arguments.Int("pid", 0) is var pid and > 0 ? pid : null,
    };
}
