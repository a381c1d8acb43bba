using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Perilune.Server.Hosting;

/// <summary>
/// Without TLS, a port speaks HTTP/1.1 or HTTP/2 and not both; gRPC needs the latter, so it has a port of its own.
/// </summary>
internal static class GrpcPort
{
    /// <summary>The port that OpenTelemetry reserves for gRPC.</summary>
    public const string DefaultUrl = "http://localhost:4317";

    private const int DefaultPort = 4317;

    public static bool IsFree()
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, DefaultPort) { ExclusiveAddressUse = true };
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public static void Configure(KestrelServerOptions kestrel, IReadOnlyList<string> urls)
    {
        var ports = urls
            .Where(url => url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            .Select(url => BindingAddress.Parse(url).Port)
            .ToHashSet();
        kestrel.ConfigureEndpointDefaults(endpoint =>
        {
            if (endpoint.IPEndPoint is { } address && ports.Contains(address.Port))
            {
                endpoint.Protocols = HttpProtocols.Http2;
            }
        });
    }
}
