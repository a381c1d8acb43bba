namespace Perilune.Server.Tests.Faults;

/// <summary>Ten megabytes in one string, and JSON ten thousand levels deep.</summary>
[Collection(typeof(OneServer))]
public sealed class LargeInputTests(OneServer.Process process)
{
    private const int Depth = 10_000;

    private static readonly string s_long = new('x', 10_000_000);
    private static readonly string s_arrays = new string('[', Depth) + new string(']', Depth);
    private static readonly string s_objects = string.Concat(Enumerable.Repeat("{\"a\":", Depth)) + "1" + new string('}', Depth);
    private static readonly string s_messages = string.Concat(Enumerable.Repeat("[{\"type\":\"text\",\"text\":", Depth)) + "1" + string.Concat(Enumerable.Repeat("}]", Depth));

    private readonly FaultyClient _client = process.Client;
    private readonly string _id = Guid.CreateVersion7().ToString();

    public static TheoryData<string, string> Members => new()
    {
        { "start", "\"input\":@" },
        { "start", "\"input\":[{\"role\":\"user\",\"content\":@}]" },
        { "start", "\"params\":{\"tools\":@}" },
        { "start", "\"metadata\":{\"k\":@}" },
        { "start", "\"userId\":\"#\",\"userProps\":{\"k\":@}" },
        { "start", "\"unknown\":@" },
        { "end", "\"output\":{\"role\":\"assistant\",\"content\":@}" },
        { "end", "\"output\":{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":@}}]}" },
        { "error", "\"error\":{\"message\":@,\"stack\":@}" },
        { "feedback", "\"feedback\":{\"thumb\":@,\"comment\":@}" },
        { "chat", "\"parentRunId\":\"large\",\"message\":{\"role\":\"user\",\"content\":@}" },
    };

    [Theory]
    [MemberData(nameof(Members))]
    public async Task Deep_json_is_stored_and_shown(string kind, string member)
    {
        foreach (var (i, deep) in new[] { s_arrays, s_objects, s_messages }.Index())
        {
            await CheckAsync($"{_id}-{i}", kind, member, deep);
        }

        await _client.AssertCalmAsync();
    }

    [Theory]
    [MemberData(nameof(Members))]
    public async Task Long_strings_are_stored_and_shown(string kind, string member)
    {
        var isTwice = member.Split('@').Length > 2;
        await CheckAsync(_id, kind, member, $"\"{(isTwice ? s_long[..5_000_000] : s_long)}\"");
        await _client.AssertCalmAsync();
    }

    [Fact]
    public async Task A_million_levels_are_stored_and_shown()
    {
        var deep = new string('[', 1_000_000) + new string(']', 1_000_000);
        await _client.StoreAsync($$$"""{"event":"start","type":"llm","runId":"{{{_id}}}","input":{{{deep}}},"metadata":{"k":{{{deep}}}}}""");

        Assert.Contains($"\"input\":{deep}", await _client.RunAsync(_id), StringComparison.Ordinal);
        foreach (var page in new[] { $"traces/{_id}", $"runs/{_id}/raw", $"runs/{_id}/panel?tab=raw", "runs?scope=all", "runs?scope=all&q=meta.k.a:1 nothing".Replace(" ", "+", StringComparison.Ordinal) })
        {
            Assert.Equal(200, (await _client.PageAsync($"/projects/{FaultyClient.Project}/{page}")).Status);
        }

        await _client.StoreAsync($$"""{"event":"end","type":"llm","runId":"{{_id}}","output":1}""");
        Assert.Equal(204, (await _client.ApiAsync($"/v1/runs/{_id}", "DELETE")).Status);
        await _client.AssertCalmAsync();
    }

    [Fact]
    public async Task Deep_events_and_bodies_are_answered()
    {
        Assert.Equal((200, """{"results":[]}"""), Answer(await _client.IngestAsync($$"""{"events":{{s_arrays}}}""")));
        Assert.Equal((200, """{"results":[]}"""), Answer(await _client.IngestAsync($$"""{"other":{{s_objects}},"events":[]}""")));
        Assert.Equal(400, (await _client.IngestAsync(s_arrays)).Status);
        Assert.Equal(400, (await _client.IngestAsync($$"""{"events":{{s_arrays[..^1]}}}""")).Status);
        Assert.Equal(200, (await _client.IngestAsync($$"""{"events":[{"event":"start","runId":"deep-tags","tags":{{s_arrays}},"tokensUsage":{{s_objects}},"message":{{s_objects}}}]}""")).Status);
    }

    [Theory]
    [InlineData("\"name\":\"@\"", "name is longer than 4,096 bytes.")]
    [InlineData("\"type\":\"@\"", "type is longer than 256 bytes.")]
    [InlineData("\"userId\":\"@\"", "userId is longer than 1,024 bytes.")]
    [InlineData("\"runId\":\"@\"", "runId is longer than 1,024 bytes.")]
    [InlineData("\"parentRunId\":\"@\"", "parentRunId is longer than 1,024 bytes.")]
    [InlineData("\"tags\":[\"@\"]", "tags is longer than 256 bytes.")]
    public async Task What_identifies_a_run_is_short(string member, string reason) => Assert.Equal(
        reason, await _client.RefuseAsync($$"""{"event":"start","runId":"{{_id}}",{{member.Replace("@", s_long, StringComparison.Ordinal)}}}"""));

    [Fact]
    public async Task A_hundred_thousand_keys_are_merged()
    {
        var keys = string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"key{i}\":{i}"));
        foreach (var (i, kind) in new[] { "start", "update", "end" }.Index())
        {
            await _client.StoreAsync($$$"""{"event":"{{{kind}}}","type":"llm","runId":"{{{_id}}}","timestamp":{{{i}}},"metadata":{"from{{{i}}}":1,{{{keys}}}}}""");
        }

        // An update replaces what came before it, and what comes after it is merged.
        var run = await _client.RunAsync(_id);
        Assert.DoesNotContain("\"from0\"", run, StringComparison.Ordinal);
        Assert.All(new[] { "\"from1\":1", "\"from2\":1", keys }, part => Assert.Contains(part, run, StringComparison.Ordinal));
        Assert.Empty(await _client.FailingReadsAsync(_id));
        await ForgetAsync(_id);
        await _client.AssertCalmAsync();
    }

    private async Task CheckAsync(string id, string kind, string member, string value)
    {
        var text = member.Replace("#", id, StringComparison.Ordinal).Replace("@", value, StringComparison.Ordinal);
        if (kind == "feedback")
        {
            await _client.StoreAsync($$"""{"event":"start","type":"llm","runId":"{{id}}"}""");
        }

        await _client.StoreAsync($$"""{"event":"{{kind}}","type":"llm","runId":"{{id}}","timestamp":1000,{{text}}}""");

        if (!member.StartsWith("\"unknown\"", StringComparison.Ordinal))
        {
            Assert.Contains(value, await _client.RunAsync(id), StringComparison.Ordinal);
        }

        Assert.Empty(await _client.FailingReadsAsync(id));
        await ForgetAsync(id);
    }

    /// <summary>Lists that everybody else reads should not carry these megabytes along.</summary>
    private async Task ForgetAsync(string id) => Assert.Equal(204, (await _client.ApiAsync($"/v1/runs/{id}", "DELETE")).Status);

    private static (int Status, string Body) Answer(Reply reply) => (reply.Status, reply.Body);
}
