using System.IO.Compression;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using PeriluneSdk.Wire;

namespace PeriluneSdk.Delivery;

/// <summary>Makes requests of batches and judges the answers.</summary>
internal sealed class Sender(HttpClient http, PeriluneOptions options) : IDisposable
{
    private const int MinCompressed = 1024;
    private const int MaxReply = 1 << 20;

    private readonly TraceRequest _traces = new();

    /// <summary>Describes the application; the same for all its spans.</summary>
    public IReadOnlyList<KeyValuePair<string, object>> Resource { get; set; } = [];

    public ReadOnlyMemory<byte> Body(Batch batch) =>
        batch.Kind == BatchKind.Spans ? _traces.Write(batch.Items, Resource) : EventsRequest.Write(batch.Items);

    public async Task<Outcome> SendAsync(BatchKind kind, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.RequestTimeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(http.BaseAddress!, kind == BatchKind.Spans ? "v1/traces" : "v1/runs/ingest"))
            {
                Content = Content(body),
            };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(kind == BatchKind.Spans ? "application/x-protobuf" : "application/json");
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token).ConfigureAwait(false);
            var reply = await response.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false);
            return Judge(kind, response, reply);
        }
        catch (HttpRequestException error)
        {
            return new Outcome(OutcomeKind.Later, $"{error.Message} Is the server running, and is PERILUNE_URL its address?");
        }
        catch (IOException error)
        {
            return new Outcome(OutcomeKind.Later, $"The connection broke: {error.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Outcome(OutcomeKind.Later, $"No answer within {options.RequestTimeout.TotalSeconds} s (RequestTimeout).");
        }
    }

    public void Dispose() => http.Dispose();

    public static HttpClient NewHttp(PeriluneOptions options)
    {
#pragma warning disable CA2000 // The client disposes of its handler.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = options.RequestTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),

            // Deliveries are no part of any trace.
            ActivityHeadersPropagator = null,
        };
#pragma warning restore CA2000
        options.ConfigureHandler?.Invoke(handler);
        var http = new HttpClient(handler)
        {
            BaseAddress = new Uri(options.Url.AbsoluteUri.TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxReply,
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("perilune-dotnet", typeof(Sender).Assembly.GetName().Version?.ToString(3)));
        return http;
    }

    private static HttpContent Content(ReadOnlyMemory<byte> body)
    {
        if (body.Length < MinCompressed)
        {
            return new ReadOnlyMemoryContent(body);
        }

        using var compressed = new MemoryStream(body.Length / 4);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body.Span);
        }

        var content = new ByteArrayContent(compressed.GetBuffer(), 0, (int)compressed.Length);
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private static Outcome Judge(BatchKind kind, HttpResponseMessage response, byte[] reply)
    {
        var status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
        {
            var (refused, message) = kind == BatchKind.Spans ? TraceReply.Read(reply) : EventsReply.Read(reply);
            return new Outcome(OutcomeKind.Stored, message, refused);
        }

        var reason = $"HTTP {status}{Said(response, reply)}.";
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new Outcome(OutcomeKind.Later, $"{reason} Is PERILUNE_API_KEY a key of a project of this server?"),
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => new Outcome(OutcomeKind.Later, $"{reason} Is PERILUNE_URL the address of a Perilune server, without /v1?"),
            _ when status is >= 300 and < 400 => new Outcome(OutcomeKind.Later, $"{reason} Set PERILUNE_URL to the address that this one leads to: {response.Headers.Location}"),
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests => new Outcome(OutcomeKind.Later, reason, RetryAfter: RetryAfter(response)),
            HttpStatusCode.InternalServerError or HttpStatusCode.NotImplemented => new Outcome(OutcomeKind.LaterOrUnfit, reason, RetryAfter: RetryAfter(response)),
            _ when status >= 500 => new Outcome(OutcomeKind.Later, reason, RetryAfter: RetryAfter(response)),
            _ => new Outcome(OutcomeKind.Unfit, reason),
        };
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - TimeProvider.System.GetUtcNow(),
        _ => null,
    };

    private static string Said(HttpResponseMessage response, byte[] reply)
    {
        if (reply.Length is 0 or > 2048 || response.Content.Headers.ContentType?.MediaType is not ("application/json" or "application/problem+json" or "text/plain"))
        {
            return "";
        }

        return " " + System.Text.Encoding.UTF8.GetString(reply).ReplaceLineEndings(" ");
    }
}
