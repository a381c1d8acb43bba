using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Perilune.Ingest.Tests.Lunary;
using Perilune.Model;
using ZstdSharp;

namespace Perilune.Ingest.Tests.Http;

public sealed class IngestEndpointTests(IngestEndpointTests.SharedHost shared) : IClassFixture<IngestEndpointTests.SharedHost>
{
    private readonly IngestHost _host = shared.Host;

    // The host is shared, so every test has runs of its own.
    private readonly string _id = Guid.CreateVersion7().ToString();

    private string Start => $$"""{"events":[{"event":"start","type":"llm","runId":"{{_id}}","name":"gpt-5","input":"Hi"}]}""";

    private string Stored => $$"""{"results":[{"id":"{{_id}}","success":true}]}""";

    [Theory]
    [InlineData("00000000-0000-4000-8000-00000000aaaa")]
    [InlineData("00000000-0000-4000-8000-00000000bbbb")]
    public async Task Stores_with_either_key(string key)
    {
        Assert.Equal(new Answer(200, Stored, null), await _host.PostAsync(Start, key));

        var run = await _host.FindAsync(_id);
        Assert.Equal(("gpt-5", RunStatus.Running, "\"Hi\""), (run!.Name, run.Status, run.Input.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0x0")]
    [InlineData("315148f3-34bb-4196-9be6-ffaaf41a8941")]
    public async Task Stores_nothing_without_a_key_of_a_project(string? key)
    {
        // Under an id of its own: another test sends all fixtures with a right key.
        var body = Encoding.UTF8.GetString(Fixture.Body("lunary-sdk/30-wrong-key.1")).Replace("a45ab2d0-b2a5-4744-b308-3d67bc62c16b", _id, StringComparison.Ordinal);
        var answer = await _host.SendAsync(new StringContent(body), key);

        Assert.Equal(401, answer.Status);
        Assert.Contains("Authorization: Bearer <key>", answer.Message, StringComparison.Ordinal);
        Assert.Contains(_id, body, StringComparison.Ordinal);
        Assert.Null(await _host.FindAsync(_id));
    }

    [Fact]
    public async Task Answers_every_event_in_order_of_time_and_stores_the_good_ones()
    {
        var answer = await _host.PostAsync($$"""
            {"events":[{"event":"end","runId":"{{_id}}","timestamp":20,"output":"x"},null,{"event":"start","type":"llm","runId":"{{_id}}","timestamp":10},
             {"event":"begin","runId":"\u0062","timestamp":15},{"event":"info","type":"log","message":"m","timestamp":5}]}
            """);

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            $$"""{"results":[{"success":true},{"id":"{{_id}}","success":true},{"id":"\u0062","success":false,"error":"event must be one of start, end, error, update, feedback, chat, custom-event, log, info, warn, score, identify, but was \"begin\"."},{"id":"{{_id}}","success":true},{"success":false,"error":"events[1] is null, but an event must be an object."}]}""",
            answer.Body);
        Assert.Equal(RunStatus.Success, (await _host.FindAsync(_id))!.Status);
    }

    [Fact]
    public async Task Takes_every_recorded_body()
    {
        foreach (var body in new[] { "lunary-sdk", "lunary-js", "langchain-lunary-js" }.SelectMany(Fixture.Bodies))
        {
            var answer = await _host.SendAsync(new ByteArrayContent(body));

            Assert.Equal(200, answer.Status);
            Assert.DoesNotContain("false", answer.Body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    public async Task Takes_compressed_bodies(string encoding) =>
        Assert.Equal(new Answer(200, Stored, null), await _host.SendAsync(Compressed(Encoding.UTF8.GetBytes(Start), encoding)));

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task Takes_any_content_type_of_unknown_length(string? type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Start));
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);

        Assert.Equal(new Answer(200, Stored, null), await _host.SendAsync(content, chunked: true));
    }

    [Fact]
    public async Task Takes_bodies_of_many_megabytes()
    {
        var text = new string('x', 18 << 20);

        Assert.Equal(200, (await _host.SendAsync(new StringContent($$"""{"events":[{"event":"end","runId":"{{_id}}","output":"{{text}}"}]}"""), chunked: true)).Status);
        Assert.Equal(text.Length + 2, (await _host.FindAsync(_id))!.Output.Utf8.Length);
    }

    [Theory]
    [InlineData("""{"events":[{]}""", "Malformed JSON at byte 12 (line 1, column 13): ")]
    [InlineData("{}", "Missing events payload: ")]
    [InlineData("", "The body is empty; ")]
    public async Task Says_where_a_body_is_wrong(string body, string message)
    {
        var answer = await _host.PostAsync(body);

        Assert.Equal(400, answer.Status);
        Assert.StartsWith(message, answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("identity", false)]
    [InlineData("identity", true)]
    [InlineData("gzip", false)]
    [InlineData("br", false)]
    [InlineData("zstd", false)]
    public async Task Refuses_bodies_that_are_or_unpack_too_large(string encoding, bool chunked)
    {
        var bytes = new byte[(20 << 20) + 1];
        bytes.AsSpan().Fill((byte)' ');
        var content = encoding == "identity" ? new ByteArrayContent(bytes) : Compressed(bytes, encoding);

        var answer = await _host.SendAsync(content, chunked: chunked);

        Assert.Equal((413, "The body is larger than 20 MiB (after decompression); send the events in several requests."), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task Refuses_damaged_and_unknown_compression()
    {
        var damaged = new ByteArrayContent(Encoding.UTF8.GetBytes(Start));
        damaged.Headers.ContentEncoding.Add("gzip");
        var brotli = new ByteArrayContent([0xff, 0xff, 0xff, 0xff, 0xff]);
        brotli.Headers.ContentEncoding.Add("br");
        var unknown = new ByteArrayContent([1, 2, 3]);
        unknown.Headers.ContentEncoding.Add("compress");
        var zstandard = new ByteArrayContent([0x28, 0xb5, 0x2f, 0xfd, 0xff, 0xff]);
        zstandard.Headers.ContentEncoding.Add("zstd");

        Assert.Equal(400, (await _host.SendAsync(damaged)).Status);
        Assert.Equal(400, (await _host.SendAsync(brotli)).Status);
        Assert.Equal(400, (await _host.SendAsync(zstandard)).Status);
        Assert.Equal("Content-Encoding 'compress' is not supported; use gzip, br, deflate, zstd or none.", (await _host.SendAsync(unknown)).Message);
    }

    [Fact]
    public async Task Holds_a_bounded_number_of_bytes()
    {
        await using var small = await IngestHost.StartAsync(new IngestSettings { MaxBytesInFlight = 200 });

        var answer = await small.PostAsync(Start + new string(' ', 200));

        Assert.Equal((503, "1"), (answer.Status, answer.RetryAfter));
        Assert.Equal(200, (await small.PostAsync(Start)).Status);
    }

    [Theory]
    [InlineData("00000000-0000-4000-8000-00000000aaaa", true)]
    [InlineData("00000000-0000-4000-8000-00000000bbbb", true)]
    [InlineData("315148f3-34bb-4196-9be6-ffaaf41a8941", false)]
    [InlineData("my-app", false)]
    public async Task An_event_may_name_its_own_project_only(string appId, bool stored)
    {
        var answer = await _host.PostAsync($$"""{"events":[{"event":"start","runId":"{{_id}}","appId":"{{appId}}"}]}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal(stored, await _host.FindAsync(_id) is not null);
        Assert.Equal(stored, !answer.Body.Contains("appId names another project", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("app")]
    [InlineData("projectId")]
    [InlineData("appId")]
    public async Task Legacy_reports_carry_the_key_in_their_events(string member)
    {
        var answer = await _host.SendAsync(
            new StringContent($$"""{"events":[{"event":"start","runId":"{{_id}}","{{member}}":"{{IngestHost.PublicKey}}"},{"event":"start","runId":"b","{{member}}":"nobody"},{"event":"start","runId":"c"}]}"""),
            key: null, path: "/api/report");

        Assert.Equal(200, answer.Status);
        Assert.StartsWith($$"""[{"id":"{{_id}}","success":true},{"id":"b","success":false,"error":"The event""", answer.Body, StringComparison.Ordinal);
        Assert.NotNull(await _host.FindAsync(_id));
        Assert.Null(await _host.FindAsync("b"));
        Assert.Null(await _host.FindAsync("c"));
    }

    [Fact]
    public async Task Legacy_reports_without_any_key_are_refused()
    {
        var answer = await _host.SendAsync(new StringContent(Start), key: null, path: "/api/report");

        Assert.Equal(401, answer.Status);
        Assert.StartsWith("The event has no project key. Send the project's public or private key as 'app'", answer.Message, StringComparison.Ordinal);
    }

    public sealed class SharedHost : IAsyncLifetime
    {
        public IngestHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await IngestHost.StartAsync();

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }

    private static ByteArrayContent Compressed(byte[] bytes, string encoding)
    {
        var packed = new MemoryStream();
        using (Stream pack = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest),
            "zstd" => new CompressionStream(packed),
            _ => new ZLibStream(packed, CompressionLevel.Fastest),
        })
        {
            pack.Write(bytes);
        }

        var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentEncoding.Add(encoding);
        return content;
    }
}
