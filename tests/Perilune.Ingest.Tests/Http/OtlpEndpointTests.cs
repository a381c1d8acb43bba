using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Perilune.Ingest.Otlp;
using Perilune.Ingest.Tests.Otlp;
using Perilune.Storage;

namespace Perilune.Ingest.Tests.Http;

/// <summary>The routes of OpenTelemetry exporters: encodings, answers, keys and trouble.</summary>
public sealed class OtlpEndpointTests
{
    private const string Protobuf = "application/x-protobuf";
    private const string Json = "application/json";

    private const string OneSpan = """
        {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174",
          "name":"chat gpt-5","kind":3,"startTimeUnixNano":"1764000000000000000","endTimeUnixNano":1764000001000000000,"flags":256,
          "attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},{"key":"gen_ai.request.model","value":{"stringValue":"gpt-5"}},
            {"key":"gen_ai.usage.input_tokens","value":{"intValue":"12"}}]}]}]}]}
        """;

    [Theory]
    [InlineData("/v1/traces")]
    [InlineData("/otel/v1/traces")]
    [InlineData("/v1/otel/v1/traces")]
    [InlineData("/api/public/otel/v1/traces")]
    [InlineData("/opentelemetry/v1/traces")]
    public async Task Stores_spans_below_every_prefix(string path)
    {
        await using var host = await IngestHost.StartAsync();
        var answer = await SendAsync(host, path, Encoding.UTF8.GetBytes(OneSpan), Json);
        Assert.Equal((HttpStatusCode.OK, Json, "{}"), (answer.Status, answer.Type, answer.Text));

        var run = Assert.Single((await host.Store.ListAsync(IngestHost.PublicKey, new RunQuery(), TestContext.Current.CancellationToken)).Runs);
        Assert.Equal(("llm", "gpt-5", 12), (run.Type, run.Name, run.Usage!.Input));
    }

    [Theory]
    [InlineData("tools/call", "tool")]
    [InlineData("resources/read", "retriever")]
    [InlineData("prompts/get", "chain")]
    [InlineData("tools/list", "plumbing")]
    [InlineData("server/discover", "plumbing")]
    [InlineData("initialize", "plumbing")]
    public async Task Tells_work_over_mcp_from_its_talk(string method, string type)
    {
        await using var host = await IngestHost.StartAsync();
        await SendAsync(host, "/v1/traces", Encoding.UTF8.GetBytes(OneSpan.Replace("gen_ai.operation.name", "mcp.method.name", StringComparison.Ordinal)
            .Replace("\"stringValue\":\"chat\"", $"\"stringValue\":\"{method}\"", StringComparison.Ordinal).Replace("gen_ai.usage.input_tokens", "mcp.protocol.version", StringComparison.Ordinal)), Json);

        Assert.Equal(type, Assert.Single((await host.Store.ListAsync(IngestHost.PublicKey, new RunQuery(), TestContext.Current.CancellationToken)).Runs).Type);
    }

    [Fact]
    public async Task Takes_protobuf_gzipped_and_in_chunks_and_answers_in_protobuf()
    {
        await using var host = await IngestHost.StartAsync();
        var (_, _, body) = OtlpFixture.Bodies("vercel-ai-sdk-v6")[0];
        var answer = await SendAsync(host, "/v1/traces", body, Protobuf, gzip: true, chunked: true);
        Assert.Equal((HttpStatusCode.OK, Protobuf, ""), (answer.Status, answer.Type, answer.Text));
        Assert.Equal(29, await host.Store.CountAsync(IngestHost.PublicKey, RunScope.All, Model.Filtering.Filter.All, TimeSpan.MaxValue, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Refuses_a_bad_span_alone_and_says_why()
    {
        await using var host = await IngestHost.StartAsync();
        var body = OneSpan.Replace("\"spans\":[", "\"spans\":[{\"traceId\":\"00\",\"name\":\"bad\"},", StringComparison.Ordinal);
        var answer = await SendAsync(host, "/v1/traces", Encoding.UTF8.GetBytes(body), Json);
        using var document = JsonDocument.Parse(answer.Text);
        var partial = document.RootElement.GetProperty("partialSuccess");
        Assert.Equal("1", partial.GetProperty("rejectedSpans").GetString());
        Assert.Contains("'bad'", partial.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
        Assert.Single((await host.Store.ListAsync(IngestHost.PublicKey, new RunQuery(), TestContext.Current.CancellationToken)).Runs);
    }

    [Theory]
    [InlineData("/v1/traces", "{\"resourceSpans\":[", Json, HttpStatusCode.BadRequest, "Malformed JSON")]
    [InlineData("/v1/traces", "[]", Json, HttpStatusCode.BadRequest, "an object")]
    [InlineData("/v1/logs", "\u0007", Protobuf, HttpStatusCode.BadRequest, "Malformed protobuf")]
    [InlineData("/v1/traces", "x", "text/plain", HttpStatusCode.UnsupportedMediaType, "application/x-protobuf")]
    public async Task Says_what_is_wrong_with_a_body_in_the_encoding_it_came_in(string path, string body, string type, HttpStatusCode status, string message)
    {
        await using var host = await IngestHost.StartAsync();
        var answer = await SendAsync(host, path, Encoding.UTF8.GetBytes(body), type);
        Assert.Equal((status, type == Protobuf ? Protobuf : Json), (answer.Status, answer.Type));
        Assert.Contains(message, answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Json)]
    [InlineData(Protobuf)]
    public async Task Refuses_requests_without_a_key_in_their_encoding(string type)
    {
        await using var host = await IngestHost.StartAsync();
        var answer = await SendAsync(host, "/v1/traces", Encoding.UTF8.GetBytes("{}"), type, authorization: null);
        Assert.Equal((HttpStatusCode.Unauthorized, type), (answer.Status, answer.Type));
        Assert.Contains("No key was sent.", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_keys_as_other_products_send_them()
    {
        await using var host = await IngestHost.StartAsync();
        var pair = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{IngestHost.PublicKey}:{IngestHost.PrivateKey}"));
        var answer = await SendAsync(host, "/api/public/otel/v1/traces", Encoding.UTF8.GetBytes(OneSpan), Json, authorization: $"Basic {pair}");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task Does_not_unpack_bombs()
    {
        await using var host = await IngestHost.StartAsync();
        var answer = await SendAsync(host, "/v1/traces", new byte[80 << 20], Protobuf, gzip: true);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Contains("64 MiB", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Answers_calls_of_grpc(bool gzip, bool withKey)
    {
        await using var host = await IngestHost.StartAsync();
        var (_, _, message) = OtlpFixture.Bodies("meai-grpc")[0];
        var framed = Frame(gzip ? Gzip(message) : message, gzip);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/opentelemetry.proto.collector.trace.v1.TraceService/Export") { Content = new ByteArrayContent(framed) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.Add("grpc-encoding", gzip ? "gzip" : "identity");
        if (withKey)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", IngestHost.PublicKey.ToString());
        }

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(withKey ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
        var stored = await host.Store.CountAsync(IngestHost.PublicKey, RunScope.All, Model.Filtering.Filter.All, TimeSpan.MaxValue, TestContext.Current.CancellationToken);
        Assert.Equal(withKey ? 29 : 0, stored);
        Assert.True(!withKey || (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).SequenceEqual(new byte[5]));
    }

    [Fact]
    public void Writes_partial_success_as_protobuf()
    {
        var reply = OtlpReply.Success(OtlpSignal.Traces, 300, "why", isJson: false);
        Assert.Equal((byte[])[0x0a, 8, 0x08, 0xac, 0x02, 0x12, 3, (byte)'w', (byte)'h', (byte)'y'], reply);
    }

    private static byte[] Frame(byte[] message, bool isCompressed)
    {
        var length = BitConverter.GetBytes(message.Length);
        Array.Reverse(length);
        return [isCompressed ? (byte)1 : (byte)0, .. length, .. message];
    }

    private static byte[] Gzip(byte[] plain)
    {
        var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }

        return buffer.ToArray();
    }

    private static async Task<(HttpStatusCode Status, string? Type, string Text)> SendAsync(
        IngestHost host, string path, byte[] body, string type, bool gzip = false, bool chunked = false, string? authorization = "Bearer 00000000-0000-4000-8000-00000000aaaa")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(gzip ? Gzip(body) : body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Headers.TransferEncodingChunked = chunked;
        if (gzip)
        {
            request.Content.Headers.ContentEncoding.Add("gzip");
        }

        if (authorization is not null)
        {
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);
        }

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
