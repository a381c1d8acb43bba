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

    private const string Metrics = """
        {"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"t","sum":{"aggregationTemporality":1,"dataPoints":[{"asInt":"1","attributes":[]},{"asDouble":2}]}},{"name":"g","gauge":{"dataPoints":[{}]}}]}]}]}
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

    [Fact]
    public async Task A_public_key_does_not_change_a_span_that_has_ended()
    {
        await using var host = await IngestHost.StartAsync();
        await SendAsync(host, "/v1/traces", Encoding.UTF8.GetBytes(OneSpan), Json);
        var again = await SendAsync(host, "/v1/traces", Encoding.UTF8.GetBytes(OneSpan), Json);
        var other = await SendAsync(host, "/v1/traces", Encoding.UTF8.GetBytes(OneSpan.Replace("1764000001000000000", "1764000009000000000", StringComparison.Ordinal).Replace("\"12\"", "\"99\"", StringComparison.Ordinal)), Json);

        Assert.Equal("{}", again.Text);
        Assert.Contains("\"rejectedSpans\":\"1\"", other.Text, StringComparison.Ordinal);
        Assert.Contains("'gpt-5' was refused: The run is finished", other.Text, StringComparison.Ordinal);
        Assert.Equal(12, Assert.Single((await host.Store.ListAsync(IngestHost.PublicKey, new RunQuery(), TestContext.Current.CancellationToken)).Runs).Usage!.Input);
    }

    [Theory]
    [InlineData("{\"stringValue\":\"7\"}")]
    [InlineData("{\"intValue\":\"7\"}")]
    public async Task Links_a_run_to_the_version_of_the_template_that_the_client_names(string version)
    {
        await using var host = await IngestHost.StartAsync();
        var body = OneSpan.Replace("\"attributes\":[", $"\"attributes\":[{{\"key\":\"langfuse.observation.prompt.name\",\"value\":{{\"stringValue\":\"weather\"}}}},{{\"key\":\"perilune.template_version.id\",\"value\":{version}}},", StringComparison.Ordinal);
        await SendAsync(host, "/v1/traces", Encoding.UTF8.GetBytes(body), Json);

        Assert.Equal("7", Assert.Single((await host.Store.ListAsync(IngestHost.PublicKey, new RunQuery(), TestContext.Current.CancellationToken)).Runs).TemplateVersionId);
    }

    [Fact]
    public async Task Enters_every_span_and_record_into_the_accept_ledger_as_stored_or_refused()
    {
        await using var host = await IngestHost.StartAsync();
        var bad = string.Concat(Enumerable.Repeat("{\"traceId\":\"00\",\"name\":\"bad\"},", 30));
        await SendAsync(host, "/v1/traces", Encoding.UTF8.GetBytes(OneSpan.Replace("\"spans\":[", $"\"spans\":[{bad}", StringComparison.Ordinal)), Json);
        await SendAsync(host, "/v1/logs", Encoding.UTF8.GetBytes("{\"resourceLogs\":["), Json);
        await SendAsync(host, "/v1/traces", Encoding.UTF8.GetBytes("x"), "text/plain");
        await SendAsync(host, "/v1/metrics", Encoding.UTF8.GetBytes(Metrics), Json);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(host, OtlpFixture.Bodies("meai-grpc")[0].Body, gzip: false, IngestHost.PublicKey));
        await CallAsync(host, [0x07], gzip: false, IngestHost.PublicKey);

        var sums = Assert.Single(await host.Store.ArrivalsAsync(IngestHost.PublicKey, DateOnly.MinValue, TestContext.Current.CancellationToken));
        Assert.Equal((1 + 29L, 30 + 3L, "unknown client"), (sums.Stored, sums.Refused, sums.Client));
        Assert.NotEqual(Guid.Empty, sums.KeyId);
        var refusals = await host.Store.RefusalsAsync(IngestHost.PublicKey, 100, TestContext.Current.CancellationToken);
        Assert.Contains(refusals, r => r.Event == "Span 2 ('bad')" && r.Reason.Contains("trace id", StringComparison.Ordinal));
        Assert.Equal(3, refusals.Count(r => r.Event == "the whole request"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Says_of_metrics_that_they_are_not_kept(bool isProtobuf)
    {
        await using var host = await IngestHost.StartAsync();

        // A sum of two points and a gauge of one.
        byte[] protobuf = [0x0a, 21, 0x12, 19, 0x12, 11, 0x0a, 1, (byte)'t', 0x3a, 6, 0x0a, 0, 0x0a, 0, 0x10, 1, 0x12, 4, 0x2a, 2, 0x0a, 0];
        var answer = await SendAsync(host, "/v1/metrics", isProtobuf ? protobuf : Encoding.UTF8.GetBytes(Metrics), isProtobuf ? Protobuf : Json);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("metrics are not kept", answer.Text, StringComparison.Ordinal);
        Assert.Contains(isProtobuf ? "\b\u0003" : "\"rejectedDataPoints\":\"3\"", answer.Text, StringComparison.Ordinal);

        var nothing = await SendAsync(host, "/v1/metrics", isProtobuf ? [] : "{}"u8.ToArray(), isProtobuf ? Protobuf : Json);
        Assert.Equal(isProtobuf ? "" : "{}", nothing.Text);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(host, "/v1/metrics", [0x07], isProtobuf ? Protobuf : Json)).Status);
    }

    /// <summary>These clients measure calls whose spans they send: nothing in their metrics is of calls that are not known.</summary>
    [Fact]
    public async Task Keeps_nothing_of_recorded_metrics()
    {
        await using var host = await IngestHost.StartAsync();
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "fixtures", "otlp-metrics")))
        {
            var answer = await SendAsync(host, "/v1/metrics", OtlpFixture.Unzip(file), file.Contains(".json.", StringComparison.Ordinal) ? Json : Protobuf);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Contains("metrics are not kept", answer.Text, StringComparison.Ordinal);
        }

        Assert.Empty((await host.Store.ListAsync(IngestHost.PublicKey, new RunQuery(), TestContext.Current.CancellationToken)).Runs);
        Assert.Empty(await host.Store.ArrivalsAsync(IngestHost.PublicKey, DateOnly.MinValue, TestContext.Current.CancellationToken));
    }

    /// <summary>The request of a real SDK, and the answers by which it uploads, or neither uploads nor tries again.</summary>
    [Theory]
    [InlineData("""{"contentLength":70,"traceId":"1fe74e769e7a889794f1182ad799cdba","observationId":"8cadecfc40e5e01a","field":"input","contentType":"image/png","sha256Hash":"a3+kNPkqi4CqsC2b8aEuSf/K5CTkATocT2i2fj0rvNA="}""", HttpStatusCode.Created, null)]
    [InlineData("""{"contentLength":20971521,"traceId":"1fe74e769e7a889794f1182ad799cdba","observationId":"8cadecfc40e5e01a","field":"input","contentType":"image/png","sha256Hash":"a3+kNPkqi4CqsC2b8aEuSf/K5CTkATocT2i2fj0rvNA="}""", HttpStatusCode.Created, "image/png of the input of observation 8cadecfc40e5e01a was not stored: it has 20 MiB")]
    [InlineData("""{"contentLength":70,"traceId":"1fe74e769e7a889794f1182ad799cdba","contentType":"image/png","sha256Hash":"a3+kNPkqi4CqsC2b8aEuSf/K5CTkATocT2i2fj0rvNA="}""", HttpStatusCode.Created, null)]
    [InlineData("""{"contentLength":70,"traceId":"trace-1","contentType":"image/png","sha256Hash":"a3+kNPkqi4CqsC2b8aEuSf/K5CTkATocT2i2fj0rvNA="}""", HttpStatusCode.Created, "names no observation or trace")]
    [InlineData("""{"contentLength":70,"traceId":"1fe74e769e7a889794f1182ad799cdba","observationId":"o","contentType":"image/png","sha256Hash":"a3+kNPkqi4CqsC2b8aEuSf/K5CTkATocT2i2fj0rvNA="}""", HttpStatusCode.Created, "names no observation or trace")]
    [InlineData("""{"contentLength":70,"sha256Hash":"a3+k"}""", HttpStatusCode.BadRequest, null)]
    [InlineData("""{"contentLength":-1,"sha256Hash":"a3+kNPkqi4CqsC2b8aEuSf/K5CTkATocT2i2fj0rvNA="}""", HttpStatusCode.BadRequest, null)]
    [InlineData("""{"contentLength":70,"sha256Hash":"\ud800","contentType":7}""", HttpStatusCode.BadRequest, null)]
    [InlineData("[", HttpStatusCode.BadRequest, null)]
    public async Task Tells_langfuse_where_to_upload_media_or_the_ledger_that_it_is_missing(string body, HttpStatusCode status, string? refusal)
    {
        await using var host = await IngestHost.StartAsync();
        var answer = await SendAsync(host, "/api/public/media", Encoding.UTF8.GetBytes(body), Json);
        Assert.Equal(status, answer.Status);
        var refusals = await host.Store.RefusalsAsync(IngestHost.PublicKey, 10, TestContext.Current.CancellationToken);
        if (status != HttpStatusCode.Created)
        {
            Assert.Contains("sha256Hash", answer.Text, StringComparison.Ordinal);
            Assert.Empty(refusals);
            return;
        }

        // The id is the one that the message refers to it by.
        Assert.Contains(OtlpFixture.Events("langfuse-js"), e => e.Input.ToString().Contains("id=a3-kNPkqi4CqsC2b8aEuSf|", StringComparison.Ordinal));
        if (refusal is null)
        {
            Assert.StartsWith($$"""{"mediaId":"a3-kNPkqi4CqsC2b8aEuSf","uploadUrl":"{{host.Client.BaseAddress}}api/public/media/a3-kNPkqi4CqsC2b8aEuSf/content?grant=""", answer.Text, StringComparison.Ordinal);
            Assert.Empty(refusals);
            return;
        }

        Assert.Equal("{\"mediaId\":\"a3-kNPkqi4CqsC2b8aEuSf\",\"uploadUrl\":null}", answer.Text);
        Assert.Contains(refusal, Assert.Single(refusals).Reason, StringComparison.Ordinal);
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
        Assert.Equal(withKey ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, await CallAsync(host, message, gzip, withKey ? IngestHost.PublicKey : null));
        var stored = await host.Store.CountAsync(IngestHost.PublicKey, RunScope.All, Model.Filtering.Filter.All, TimeSpan.MaxValue, TestContext.Current.CancellationToken);
        // The spans, and the thread that one of them names.
        Assert.Equal(withKey ? 29 + 1 : 0, stored);
    }

    [Fact]
    public void Writes_partial_success_as_protobuf()
    {
        var reply = OtlpReply.Success(OtlpSignal.Traces, 300, "why", isJson: false);
        Assert.Equal((byte[])[0x0a, 8, 0x08, 0xac, 0x02, 0x12, 3, (byte)'w', (byte)'h', (byte)'y'], reply);
    }

    /// <summary>The status of a call; one that went well is answered by an empty message.</summary>
    private static async Task<HttpStatusCode> CallAsync(IngestHost host, byte[] message, bool gzip, Guid? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/opentelemetry.proto.collector.trace.v1.TraceService/Export") { Content = new ByteArrayContent(Frame(gzip ? Gzip(message) : message, gzip)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.Add("grpc-encoding", gzip ? "gzip" : "identity");
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.ToString());
        }

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(!response.IsSuccessStatusCode || (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).SequenceEqual(new byte[5]));
        return response.StatusCode;
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
