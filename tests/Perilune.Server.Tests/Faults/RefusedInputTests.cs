using System.Text.Json;

namespace Perilune.Server.Tests.Faults;

/// <summary>What cannot be meant is refused with words that say what was wrong, where, and what to send.</summary>
[Collection(typeof(OneServer))]
public sealed class RefusedInputTests(OneServer.Process process)
{
    private const string Start = """{"events":[{"event":"start","type":"llm","runId":"refused"}]}""";

    private readonly FaultyClient _client = process.Client;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "No key was sent.")]
    [InlineData("Authorization: Bearer", "The key sent is not a UUID.")]
    [InlineData("Authorization: Bearer hello", "The key sent is not a UUID.")]
    [InlineData("Authorization: Basic !!!", "The key sent is not a UUID.")]
    [InlineData("Authorization: Bearer 00000000-0000-4000-8000-000000000000", "The key sent is unknown: it belongs to no project of this server.")]
    [InlineData("X-API-Key: 0x0", "The key sent is not a UUID.")]
    public async Task A_key_that_opens_nothing_is_answered_with_what_is_expected_where(string? header, string fault)
    {
        foreach (var (method, target, expected) in new[]
        {
            ("POST", "/v1/runs/ingest", "Send the project's public or private key as 'Authorization: Bearer <key>' or 'X-API-Key: <key>'."),
            ("GET", "/v1/runs", "Send the project's private key as 'Authorization: Bearer <key>' or 'X-API-Key: <key>'."),
        })
        {
            var reply = await RawHttp.SendAsync(_client.Server.BaseUrl, method, target, header is null ? [] : [header], System.Text.Encoding.UTF8.GetBytes(Start), Cancel);

            Assert.Equal((401, $"{fault} {expected}"), (reply.Status, Message(reply)));
            Assert.Equal("Bearer", reply.Header("WWW-Authenticate"));
        }
    }

    [Fact]
    public async Task A_public_key_does_not_read()
    {
        var reply = await RawHttp.SendAsync(_client.Server.BaseUrl, "GET", "/v1/runs", [$"Authorization: Bearer {ServerProcess.PublicKey}"], default, Cancel);

        Assert.Equal(401, reply.Status);
        Assert.StartsWith("The key sent is a public key, but this route needs the private key.", Message(reply), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"events":[{]}""", "Malformed JSON at byte 12 (line 1, column 13): ")]
    [InlineData("{\"events\":[\n  {\"event\":NaN}]}", "Malformed JSON at byte 23 (line 2, column 12): ")]
    [InlineData("""{"events":[]""", "Malformed JSON at byte 12 (line 1, column 13): ")]
    [InlineData("""{"events":[]} {}""", "Malformed JSON at byte 14 (line 1, column 15): ")]
    [InlineData("{\"events\":[{\"event\":\"start\",\"input\":\"a\0b\"}]}", "Malformed JSON at byte 38 (line 1, column 39): ")]
    [InlineData("{}", "Missing events payload: ")]
    [InlineData("""{"events":null}""", "Missing events payload: ")]
    [InlineData("""{"events":"x"}""", "Missing events payload: ")]
    [InlineData("[]", "Missing events payload: ")]
    [InlineData("null", "Missing events payload: ")]
    [InlineData("", "The body is empty; ")]
    public async Task A_body_that_cannot_be_read_is_answered_with_the_place(string body, string message)
    {
        var reply = await _client.IngestAsync(body);

        Assert.Equal(400, reply.Status);
        Assert.StartsWith(message, Message(reply), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unusable_event_is_refused_by_itself_and_the_others_are_stored()
    {
        string[] bad =
        [
            "null", "7", "\"text\"", "true",
            "{}", """{"event":"start","type":"llm"}""", """{"event":"start","type":"llm","runId":null}""", """{"event":"start","type":"llm","runId":""}""",
            """{"event":"start","type":"llm","runId":{}}""", """{"runId":"x"}""", """{"event":"begin","runId":"x"}""", """{"event":7,"runId":"x"}""",
            """{"event":"start","type":7,"runId":"x"}""", """{"event":"start","type":"llm","runId":"x","timestamp":"soon"}""",
            """{"event":"start","type":"llm","runId":"x","metadata":[]}""", """{"event":"end","type":"llm","runId":"x","tokensUsage":{"prompt":-1}}""",
            """{"event":"end","type":"llm","runId":"x","tokensUsage":{"completion":9223372036854775807}}""",
            """{"event":"start","type":"llm","runId":"x","tags":[{}]}""", """{"event":"feedback","runId":"x"}""", """{"event":"chat","runId":"x"}""",
            """{"event":"chat","runId":"x","parentRunId":"t","message":"hi"}""", """{"event":"start","runId":"x","appId":"00000000-0000-4000-8000-000000000000"}""",
        ];
        var events = bad.SelectMany((item, i) => new[] { item, $$"""{"event":"start","type":"llm","runId":"good-{{i}}","input":{{i}}}""" });

        var reply = await _client.IngestAsync($$"""{"events":[{{string.Join(',', events)}}]}""");

        Assert.Equal(200, reply.Status);
        using var json = JsonDocument.Parse(reply.Body);
        var results = json.RootElement.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(2 * bad.Length, results.Count);
        Assert.Equal(bad.Length, results.Count(r => r.GetProperty("success").GetBoolean()));
        Assert.All(results.Where(r => !r.GetProperty("success").GetBoolean()), r => Assert.NotEmpty(r.GetProperty("error").GetString()!));
        for (var i = 0; i < bad.Length; i++)
        {
            Assert.Contains($"\"input\":{i},", await _client.RunAsync($"good-{i}"), StringComparison.Ordinal);
        }

        Assert.Equal(404, (await _client.ApiAsync("/v1/runs/x")).Status);
        await _client.AssertCalmAsync();
    }

    private static string Message(Reply reply)
    {
        Assert.StartsWith("application/problem+json", reply.Header("Content-Type"), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(reply.Body);
        return json.RootElement.GetProperty("message").GetString()!;
    }
}
