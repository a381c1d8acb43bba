using System.Text.Json;

namespace Perilune.Server.Tests.Faults;

/// <summary>What is strange but has a meaning is stored as it was sent, and every API and page can show it.</summary>
[Collection(typeof(OneServer))]
public sealed class StrangeInputTests(OneServer.Process process)
{
    private readonly FaultyClient _client = process.Client;
    private readonly string _id = Guid.CreateVersion7().ToString();

    [Theory]
    [InlineData(@"\u0000")]
    [InlineData(@"a\u0000b")]
    [InlineData(@"\ud800")]
    [InlineData(@"\udc00x")]
    [InlineData(@"\udc00\ud800")]
    [InlineData(@"half \uD83D")]
    [InlineData(@"\u202e\ufeff\uffff")]
    [InlineData(@"\u001b[31m\b\f")]
    public async Task Payloads_keep_characters_that_are_none(string text)
    {
        var payload = $$"""{"role":"user","content":"{{text}}","{{text}}":["{{text}}"]}""";
        await _client.StoreAsync($$"""{"event":"start","type":"llm","runId":"{{_id}}","input":[{{payload}}],"params":{{payload}},"metadata":{{payload}},"userId":"{{_id}}","userProps":{{payload}}}""");
        await _client.StoreAsync($$"""{"event":"end","type":"llm","runId":"{{_id}}","output":{{payload}}}""");
        await _client.StoreAsync($$$"""{"event":"feedback","runId":"{{{_id}}}","feedback":{"comment":"{{{text}}}"}}""");
        await _client.StoreAsync($$$"""{"event":"error","type":"tool","runId":"{{{_id}}}e","parentRunId":"{{{_id}}}","error":{"message":"{{{text}}}","stack":"{{{text}}}"}}""");
        await _client.StoreAsync($$"""{"event":"chat","runId":"{{_id}}c","parentRunId":"{{_id}}t","message":{{payload}}}""");

        var run = await _client.RunAsync(_id);
        foreach (var member in new[] { $"\"input\":[{payload}]", $"\"params\":{payload}", $"\"metadata\":{payload}", $"\"output\":{payload}", $$"""{"comment":"{{text}}"}""", $"\"props\":{payload}" })
        {
            Assert.Contains(member, run, StringComparison.Ordinal);
        }

        Assert.Contains($$"""{"message":"{{text}}","stack":"{{text}}"}""", await _client.RunAsync(_id + "e"), StringComparison.Ordinal);
        Assert.Contains($"[{payload}]", await _client.RunAsync(_id + "c"), StringComparison.Ordinal);
        Assert.Empty(await _client.FailingReadsAsync(_id, _id + "e", _id + "c"));

        await _client.AssertCalmAsync();
    }

    [Fact]
    public async Task Names_keep_their_nul_characters()
    {
        await _client.StoreAsync($$"""{"event":"start","type":"t\u0000-{{_id}}","runId":"{{_id}}","name":"n\u0000a","userId":"u\u0000a-{{_id}}","tags":["t\u0000a","t\u0000b"],"templateVersionId":"1\u00002","parentRunId":"p\u0000"}""");
        await _client.StoreAsync($$"""{"event":"start","type":"llm","runId":"{{_id}}\u0000","name":"n\u0000b"}""");
        await _client.StoreAsync($$$"""{"event":"chat","runId":"{{{_id}}}c","parentRunId":"{{{_id}}}\u0000t","message":{"role":"us\u0000er","content":"x"}}""");

        using var run = JsonDocument.Parse(await _client.RunAsync(_id));
        var root = run.RootElement;
        Assert.Equal(("t\0-" + _id, "n\0a", "1\02"), (root.GetProperty("type").GetString(), root.GetProperty("name").GetString(), root.GetProperty("templateVersionId").GetString()));
        Assert.Equal(["t\0a", "t\0b"], root.GetProperty("tags").EnumerateArray().Select(t => t.GetString()));
        Assert.Equal("u\0a-" + _id, root.GetProperty("user").GetProperty("id").GetString());
        Assert.Empty(await _client.FailingReadsAsync(_id, _id + "c"));

        // A path cannot hold a NUL; lists show the run.
        var list = await _client.ApiAsync("/v1/runs?limit=1000");
        Assert.Contains($"\"clientId\":\"{_id}\\u0000\"", list.Body, StringComparison.Ordinal);
        await _client.AssertCalmAsync();
    }

    [Theory]
    [InlineData("\"name\":\"@\"", "name")]
    [InlineData("\"userId\":\"@\"", "userId")]
    [InlineData("\"tags\":[\"@\"]", "tags")]
    [InlineData("\"type\":\"@\"", "type")]
    [InlineData("\"parentRunId\":\"@\"", "parentRunId")]
    [InlineData("\"templateId\":\"@\"", "templateId")]
    [InlineData("\"runId\":\"@\"", "runId")]
    public async Task What_identifies_a_run_must_be_text(string member, string name) => Assert.StartsWith(
        $"{name} holds an unpaired surrogate",
        await _client.RefuseAsync($$"""{"event":"start","runId":"{{_id}}",{{member.Replace("@", @"a\ud800", StringComparison.Ordinal)}}}"""),
        StringComparison.Ordinal);

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_refused_with_their_event_alone()
    {
        byte[] body = [.. """{"events":[{"event":"start","runId":"bad-bytes","input":"""u8, (byte)'"', 0xed, 0xa0, 0x80, (byte)'"', .. """},{"event":"start","runId":"""u8, .. JsonSerializer.SerializeToUtf8Bytes(_id), .. "}]}"u8];

        var reply = await _client.IngestAsync(body);

        Assert.Contains("events[0] is not valid UTF-8", reply.Body, StringComparison.Ordinal);
        Assert.Equal(404, (await _client.ApiAsync("/v1/runs/bad-bytes")).Status);
        await _client.RunAsync(_id);
    }

    [Theory]
    [InlineData("\"0001-01-01T00:00:00Z\"", "0001-01-01T00:00:00.000Z")]
    [InlineData("\"9999-12-31T23:59:59.999Z\"", "9999-12-31T23:59:59.999Z")]
    [InlineData("-62135596800000", "0001-01-01T00:00:00.000Z")]
    [InlineData("253402300799999", "9999-12-31T23:59:59.999Z")]
    [InlineData("-1", "1969-12-31T23:59:59.999Z")]
    [InlineData("1e-300", "1970-01-01T00:00:00.000Z")]
    public async Task Times_at_the_ends_of_the_calendar_are_kept(string timestamp, string shown)
    {
        await _client.StoreAsync($$"""{"event":"start","type":"llm","runId":"{{_id}}","timestamp":{{timestamp}},"name":"gpt-4o","input":"x"}""");
        await _client.StoreAsync($$"""{"event":"end","type":"llm","runId":"{{_id}}","timestamp":"9999-12-31T23:59:59.999Z","output":"y"}""");

        Assert.Contains($"\"createdAt\":\"{shown}\"", await _client.RunAsync(_id), StringComparison.Ordinal);
        Assert.Empty(await _client.FailingReadsAsync(_id));
        await _client.AssertCalmAsync();
    }

    [Theory]
    [InlineData("1e300")]
    [InlineData("-1e300")]
    [InlineData("\"NaN\"")]
    [InlineData("\"Infinity\"")]
    [InlineData("253402300800000")]
    [InlineData("-62135596800001")]
    [InlineData("9223372036854775807")]
    [InlineData("99999999999999999999999999999999999999")]
    [InlineData("\"0001-01-01T00:00:00+14:00\"")]
    [InlineData("\"9999-12-31T23:59:59-14:00\"")]
    [InlineData("\"2024-02-30T00:00:00Z\"")]
    [InlineData("{}")]
    [InlineData("true")]
    public async Task Times_outside_the_calendar_are_refused(string timestamp) => Assert.StartsWith(
        "timestamp must be a time from year 1 to 9999, in epoch milliseconds or ISO 8601, but was ",
        await _client.RefuseAsync($$"""{"event":"start","type":"llm","runId":"{{_id}}","timestamp":{{timestamp}}}"""),
        StringComparison.Ordinal);

    [Fact]
    public async Task Token_counts_that_add_up_to_more_than_a_number_holds_break_no_page()
    {
        var children = Enumerable.Range(0, 40).Select(i =>
            $$$"""{"event":"end","type":"llm","runId":"{{{_id}}}-{{{i}}}","parentRunId":"{{{_id}}}","name":"gpt-4-32k","tokensUsage":{"prompt":1000000000000,"completion":1000000000000}}""");
        await _client.StoreAsync($$"""{"event":"start","type":"agent","runId":"{{_id}}"},{{string.Join(',', children)}}""");

        Assert.Empty(await _client.FailingReadsAsync(_id));
        await _client.AssertCalmAsync();
    }

    [Fact]
    public async Task The_same_id_many_times_is_one_run()
    {
        var events = Enumerable.Range(0, 50).SelectMany(i => new[]
        {
            $$"""{"event":"start","type":"llm","runId":"{{_id}}","timestamp":1,"input":"same","tags":["a"]}""",
            $$$"""{"event":"start","type":"tool","runId":"{{{_id}}}","parentRunId":"{{{_id}}}","timestamp":2,"timestamp":2,"metadata":{"k":1,"k":2}}""",
            $$"""{"event":"end","type":"llm","runId":"{{_id}}","timestamp":3,"output":"o"}""",
        });
        await _client.StoreAsync(string.Join(',', events));

        var related = await _client.ApiAsync($"/v1/runs/{_id}/related");
        using var json = JsonDocument.Parse(related.Body);
        Assert.Equal(1, json.RootElement.GetArrayLength());
        Assert.Empty(await _client.FailingReadsAsync(_id));
        await _client.AssertCalmAsync();
    }

    [Fact]
    public async Task Unknown_types_are_kept_and_parents_may_form_a_ring()
    {
        await _client.StoreAsync($$$"""{"event":"start","type":"Quantum <b>","runId":"{{{_id}}}a","parentRunId":"{{{_id}}}b"},{"event":"start","type":"quantum","runId":"{{{_id}}}b","parentRunId":"{{{_id}}}a","surprise":{"x":1}}""");

        Assert.Contains("\"type\":\"Quantum <b>\"", await _client.RunAsync(_id + "a"), StringComparison.Ordinal);
        Assert.Empty(await _client.FailingReadsAsync(_id + "a", _id + "b"));
        await _client.AssertCalmAsync();
    }
}
