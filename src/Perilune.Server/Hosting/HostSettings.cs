using Perilune.Control;

namespace Perilune.Server.Hosting;

/// <summary>What an operator sets, read and checked once at start.</summary>
internal sealed record HostSettings
{
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>Where OpenTelemetry over gRPC is taken; none when it is off.</summary>
    public IReadOnlyList<string> GrpcUrls { get; init; } = [];

    /// <summary>Absolute.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Empty, or a path such as <c>/perilune</c> that a reverse proxy puts before every address.</summary>
    public required string PathBase { get; init; }

    /// <summary>Networks whose word on a request's origin is taken, besides this machine.</summary>
    public required IReadOnlyList<System.Net.IPNetwork> TrustedProxies { get; init; }

    /// <summary>Runs a month that an organization may send before its usage page warns; null when there is no such number. Nothing is refused.</summary>
    public long? MonthlyRuns { get; init; }

    public required SetupRequest Setup { get; init; }
}
