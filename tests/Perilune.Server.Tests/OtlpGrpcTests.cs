using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Perilune.Server.Tests;

/// <summary>The port for gRPC, spoken to as exporters do: HTTP/2 without TLS.</summary>
public sealed class OtlpGrpcTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Takes_spans_and_says_in_the_trailers_how_it_went()
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["PERILUNE_OTLP_GRPC_URLS"] = url }, cancellationToken: Cancel);
        using var http = new HttpClient { BaseAddress = new Uri(url) };

        // A span of nothing but its ids.
        byte[] span = [0x0a, 16, .. Enumerable.Repeat((byte)1, 16), 0x12, 8, .. Enumerable.Repeat((byte)2, 8)];
        byte[] message = [0x0a, (byte)(span.Length + 4), 0x12, (byte)(span.Length + 2), 0x12, (byte)span.Length, .. span];
        Assert.Equal("0", await CallAsync(http, message, ServerProcess.PublicKey.ToString()));
        Assert.Equal("16", await CallAsync(http, message, null));
        Assert.Equal("3", await CallAsync(http, [0x07], ServerProcess.PublicKey.ToString()));

        using var read = new HttpRequestMessage(HttpMethod.Get, "/v1/runs/01010101010101010101010101010101-0202020202020202");
        read.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ServerProcess.PrivateKey.ToString());
        using var found = await server.Http.SendAsync(read, Cancel);
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        using var byTrace = new HttpRequestMessage(HttpMethod.Get, "/v1/runs/01010101010101010101010101010101");
        byTrace.Headers.Authorization = read.Headers.Authorization;
        using var foundByTrace = await server.Http.SendAsync(byTrace, Cancel);
        Assert.Equal(HttpStatusCode.OK, foundByTrace.StatusCode);
    }

    private static async Task<string> CallAsync(HttpClient http, byte[] message, string? key)
    {
        byte[] framed = [0, 0, 0, 0, (byte)message.Length, .. message];
        using var request = new HttpRequestMessage(HttpMethod.Post, "/opentelemetry.proto.collector.trace.v1.TraceService/Export")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(framed),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        using var response = await http.SendAsync(request, Cancel);
        await response.Content.ReadAsByteArrayAsync(Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.TrailingHeaders.GetValues("grpc-status").Single();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
