using System.Globalization;
using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Perilune.Server.Tests.Faults;

/// <summary>Bodies that are too large, damaged, slow or never finished.</summary>
[Collection(typeof(OneServer))]
public sealed class BodyTests(OneServer.Process process)
{
    private const string TooLarge = "The body is larger than 20 MiB (after decompression); send the events in several requests.";

    private readonly FaultyClient _client = process.Client;
    private readonly string _id = Guid.CreateVersion7().ToString();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Start => $$"""{"events":[{"event":"start","type":"llm","runId":"{{_id}}","input":"x"}]}""";

    [Theory]
    [InlineData("/v1/runs/ingest")]
    [InlineData("/api/report")]
    public async Task A_body_over_the_limit_is_refused_before_it_is_read(string target)
    {
        using var connection = await RawHttp.ConnectAsync(_client.Server.BaseUrl, Cancel);
        await RawHttp.WriteHeadAsync(connection.GetStream(), $"POST {target} HTTP/1.0", [.. Head, "Content-Length: 30000000000"], Cancel);

        // Only the head was sent.
        Assert.Equal((413, TooLarge), await AnswerAsync(connection));
    }

    [Fact]
    public async Task A_chunked_body_over_the_limit_is_refused()
    {
        using var connection = await RawHttp.ConnectAsync(_client.Server.BaseUrl, Cancel);
        var stream = connection.GetStream();
        await RawHttp.WriteHeadAsync(stream, "POST /v1/runs/ingest HTTP/1.1", [.. Head, "Transfer-Encoding: chunked", "Connection: close"], Cancel);
        var answer = ReadAllAsync(stream);
        byte[] chunk = [.. "100000\r\n"u8, .. Enumerable.Repeat((byte)' ', 1 << 20), .. "\r\n"u8];
        try
        {
            for (var i = 0; i < 40; i++)
            {
                await stream.WriteAsync(chunk, Cancel);
            }
        }
        catch (IOException)
        {
            // It need not read on once it has answered.
        }

        var text = await answer;
        Assert.StartsWith("HTTP/1.1 413 ", text, StringComparison.Ordinal);
        Assert.Contains(TooLarge, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    public async Task A_body_that_unpacks_to_gigabytes_is_refused(string encoding)
    {
        var bomb = Packed(encoding, pack =>
        {
            var blank = new byte[1 << 20];
            blank.AsSpan().Fill((byte)' ');
            for (var i = 0; i < 1024; i++)
            {
                pack.Write(blank);
            }
        }, encoding == "br" ? CompressionLevel.Fastest : CompressionLevel.Optimal);
        Assert.True(bomb.Length < 2 << 20);

        var reply = await _client.IngestAsync(bomb, $"Content-Encoding: {encoding}");

        Assert.Equal((413, TooLarge), (reply.Status, Message(reply.Body)));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    public async Task A_compressed_body_that_breaks_off_stores_nothing(string encoding)
    {
        var whole = Packed(encoding, pack => pack.Write(Encoding.UTF8.GetBytes(Start)));
        foreach (var length in new[] { 0, 1, 5, whole.Length / 2, whole.Length - 1 })
        {
            Assert.Equal(400, (await _client.IngestAsync(whole[..length], $"Content-Encoding: {encoding}")).Status);
        }

        Assert.Equal(404, (await _client.ApiAsync($"/v1/runs/{_id}")).Status);
        Assert.Equal(200, (await _client.IngestAsync(whole, $"Content-Encoding: {encoding}")).Status);
        await _client.RunAsync(_id);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task Damaged_compressed_bodies_are_refused_whatever_the_damage(string encoding)
    {
        var whole = Packed(encoding, pack => pack.Write(Encoding.UTF8.GetBytes($$"""{"events":[{{string.Join(',', Enumerable.Repeat("null", 500))}}]}""")));
        for (var i = 0; i < whole.Length; i++)
        {
            var damaged = whole.ToArray();
            damaged[i] ^= 0xff;
            Assert.InRange((await _client.IngestAsync(damaged, $"Content-Encoding: {encoding}")).Status, 200, 499);
        }

        await _client.AssertCalmAsync();
    }

    [Theory]
    [InlineData("Content-Encoding: compress", 415)]
    [InlineData("Content-Encoding: gzip, gzip", 415)]
    [InlineData("Content-Type: application/xml", 200)]
    [InlineData("Content-Type: application/x-www-form-urlencoded", 200)]
    [InlineData("Content-Type: multipart/form-data; boundary=x", 200)]
    [InlineData("Content-Type: application/json; charset=utf-16", 200)]
    [InlineData("Content-Type: ;;;", 200)]
    public async Task Only_what_the_body_is_counts(string header, int status)
    {
        var reply = await RawHttp.SendAsync(
            _client.Server.BaseUrl, "POST", "/v1/runs/ingest", [$"Authorization: Bearer {ServerProcess.PublicKey}", header], Encoding.UTF8.GetBytes(Start), Cancel);

        Assert.Equal(status, reply.Status);
    }

    [Fact]
    public async Task Uploads_that_are_given_up_leave_nothing_behind()
    {
        // Together they announce more than all bodies may take at a time, for which the server would have no room left.
        for (var i = 0; i < 60; i++)
        {
            using var connection = await RawHttp.ConnectAsync(_client.Server.BaseUrl, Cancel);
            var target = i % 2 == 0 ? "/v1/runs/ingest" : "/api/report";
            string[] length = i % 3 == 0 ? ["Transfer-Encoding: chunked"] : ["Content-Length: 20000000"];
            await RawHttp.WriteHeadAsync(connection.GetStream(), $"POST {target} HTTP/1.1", [.. Head, .. length], Cancel);
            await connection.GetStream().WriteAsync(Encoding.UTF8.GetBytes(i % 3 == 0 ? "5\r\n{\"eve" : "{\"events\":["), Cancel);
            connection.LingerState = new LingerOption(enable: i % 4 < 2, seconds: 0);
        }

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(200, (await _client.IngestAsync(Start + new string(' ', 19_000_000))).Status);
        }

        await _client.AssertCalmAsync();
    }

    [Fact]
    public async Task Uploads_that_dawdle_do_not_keep_others_out()
    {
        var slow = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 40; i++)
            {
                var connection = await RawHttp.ConnectAsync(_client.Server.BaseUrl, Cancel);
                slow.Add(connection);
                await RawHttp.WriteHeadAsync(connection.GetStream(), "POST /api/report HTTP/1.1", [.. Head, "Content-Length: 20000000"], Cancel);
                await connection.GetStream().WriteAsync("{\"events\":["u8.ToArray(), Cancel);
            }

            var reply = await _client.IngestAsync(Start + new string(' ', 19_000_000));
            Assert.True(reply.Status == 200, $"{reply.Status} {reply.Body}");
        }
        finally
        {
            slow.ForEach(connection => connection.Dispose());
        }

        await _client.AssertCalmAsync();
    }

    [Fact]
    public async Task Many_bad_requests_at_once_do_not_hinder_a_good_one()
    {
        byte[][] bad =
        [
            "{"u8.ToArray(), "{\"events\":[null,{}]}"u8.ToArray(), [0xff, 0xfe], new byte[100_000],
            Encoding.UTF8.GetBytes("{\"events\":" + new string('[', 100_000)),
        ];
        var requests = Enumerable.Range(0, 400).Select(async i => (await _client.IngestAsync(bad[i % bad.Length], i % 7 == 0 ? ["Content-Encoding: gzip"] : [])).Status);
        var good = _client.IngestAsync(Start);

        Assert.All(await Task.WhenAll(requests), status => Assert.True(status is 200 or 400, status.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(200, (await good).Status);
        await _client.RunAsync(_id);
        await _client.AssertCalmAsync();
    }

    private static string[] Head => ["Host: localhost", $"Authorization: Bearer {ServerProcess.PublicKey}", "Content-Type: application/json"];

    private static byte[] Packed(string encoding, Action<Stream> write, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var packed = new MemoryStream();
        using (Stream pack = encoding switch
        {
            "gzip" => new GZipStream(packed, level, leaveOpen: true),
            "zstd" => new ZstdSharp.CompressionStream(packed, leaveOpen: true),
            "br" => new BrotliStream(packed, level, leaveOpen: true),
            _ => new ZLibStream(packed, level, leaveOpen: true),
        })
        {
            write(pack);
        }

        return packed.ToArray();
    }

    private static async Task<(int Status, string? Message)> AnswerAsync(TcpClient connection)
    {
        var text = await ReadAllAsync(connection.GetStream());
        return (int.Parse(text.Split(' ')[1], CultureInfo.InvariantCulture), Message(text[text.IndexOf("\r\n\r\n", StringComparison.Ordinal)..]));
    }

    private static async Task<string> ReadAllAsync(NetworkStream stream)
    {
        using var received = new MemoryStream();
        try
        {
            await stream.CopyToAsync(received, Cancel);
        }
        catch (IOException) when (received.Length > 0)
        {
            // The answer is there; that the connection was reset does not matter.
        }

        return Encoding.UTF8.GetString(received.ToArray());
    }

    private static string? Message(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("message").GetString();
    }
}
