using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PeriluneSdk.Tests.Support;

/// <summary>A server that keeps what it took, and answers as it is told.</summary>
internal sealed class Sink : IAsyncDisposable
{
    public const string Key = "0196f000-0000-4000-8000-00000000aaaa";

    private readonly WebApplication _app;
    private int _requests;

    private Sink(WebApplication app) => _app = app;

    public Uri Url { get; private set; } = null!;

    /// <summary>Decides about a request by its number, from 1: true when it answered itself and took nothing.</summary>
    public Func<HttpContext, int, byte[], Task<bool>> Refuse { get; set; } = static (_, _, _) => Task.FromResult(false);

    public ConcurrentQueue<SentSpan> Spans { get; } = new();

    public ConcurrentQueue<JsonObject> Events { get; } = new();

    public ConcurrentQueue<HttpRequestFacts> Requests { get; } = new();

    public static async Task<Sink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new Sink(builder.Build());
        sink._app.Run(sink.TakeAsync);
        await sink._app.StartAsync();
        sink.Url = new Uri(sink._app.Urls.Single());
        return sink;
    }

    public PeriluneClient Client(Action<PeriluneOptions>? configure = null, ILoggerFactory? loggers = null) => PeriluneClient.Start(
        o =>
        {
            o.Url = Url;
            o.ApiKey = Key;
            o.FlushInterval = TimeSpan.FromMilliseconds(20);
            configure?.Invoke(o);
        },
        loggers);

    public SentSpan Span(string name) => Spans.Single(span => span.Name == name);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        var number = Interlocked.Increment(ref _requests);
        var request = context.Request;
        using var buffer = new MemoryStream();
        var isGzip = request.Headers.ContentEncoding == "gzip";
        await using (var body = isGzip ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body)
        {
            await body.CopyToAsync(buffer);
        }

        Requests.Enqueue(new HttpRequestFacts(request.Path + request.QueryString.Value, request.Headers.Authorization.ToString(), request.ContentType, isGzip));
        if (await Refuse(context, number, buffer.ToArray()))
        {
            return;
        }

        context.Response.StatusCode = 200;
        if (request.Path == "/v1/traces")
        {
            context.Response.ContentType = "application/x-protobuf";
            foreach (var span in SentSpan.ReadAll(buffer.ToArray()))
            {
                Spans.Enqueue(span);
            }
        }
        else
        {
            var events = JsonNode.Parse(buffer.ToArray())!["events"]!.AsArray();
            foreach (var e in events)
            {
                Events.Enqueue(e!.DeepClone().AsObject());
            }

            await context.Response.WriteAsync("{\"results\":[]}");
        }
    }
}

internal sealed record HttpRequestFacts(string Path, string Authorization, string? ContentType, bool IsGzip);

internal static class Clients
{
    /// <summary>Waits until everything recorded is stored, which is expected to work.</summary>
    public static async Task SettleAsync(this PeriluneClient client)
    {
        var isStored = await client.FlushAsync(TestContext.Current.CancellationToken);
        Assert.True(isStored, $"Not everything was stored: {client.Status}");
    }
}
