using Perilune.Model;

namespace Perilune.Ingest.Tests.Http;

/// <summary>What a key that anyone may have read in a browser can do to the runs of its project.</summary>
public sealed class PublicKeyTests(IngestEndpointTests.SharedHost shared) : IClassFixture<IngestEndpointTests.SharedHost>
{
    private const string Finished = "The run is finished, and a public key cannot change a finished run. Send the event with the project's private key.";

    private readonly IngestHost _host = shared.Host;
    private readonly string _id = Guid.CreateVersion7().ToString();

    private string Start => $$"""{"event":"start","type":"llm","runId":"{{_id}}","timestamp":1000,"name":"gpt-5","input":"Hi"}""";

    private string End => $$"""{"event":"end","type":"llm","runId":"{{_id}}","timestamp":2000,"output":"Hello"}""";

    private string Feedback => $$$"""{"event":"feedback","runId":"{{{_id}}}","timestamp":500,"feedback":{"thumb":"up"}}""";

    private string Stored => $$"""{"id":"{{_id}}","success":true}""";

    private string Refused => $$"""{"id":"{{_id}}","success":false,"error":"{{Finished}}"}""";

    [Theory]
    [InlineData("""{"event":"end","output":"Goodbye"}""")]
    [InlineData("""{"event":"error","error":{"message":"no"}}""")]
    [InlineData("""{"event":"update","metadata":{"tier":"free"}}""")]
    [InlineData("""{"event":"start","type":"llm","input":"Bye"}""")]
    [InlineData("""{"event":"feedback","feedback":{"thumb":"up"},"metadata":{"n":9}}""")]
    [InlineData("""{"event":"chat","parentRunId":"public-key-thread","message":{"role":"user","content":"x"},"userId":"stranger"}""")]
    public async Task It_does_not_rewrite_a_finished_run(string rewriting)
    {
        await PostAsync(Stored, Start);
        await PostAsync(Stored, End);
        var before = await _host.FindAsync(_id);

        await PostAsync($"{Stored},{Refused}", Feedback, $$"""{"runId":"{{_id}}","timestamp":3000,{{rewriting[1..]}}""");

        Assert.Equal((before!.Input, before.Output, before.Status, before.Metadata), await FindAsync());
        Assert.Equal("""{"thumb":"up"}""", (await _host.FindAsync(_id))!.Feedback.ToString());
        Assert.Empty(await _host.Store.UsersAsync(IngestHost.PublicKey, ["stranger"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_it_sends_again_is_stored_already()
    {
        await PostAsync($"{Stored},{Stored},{Stored}", Feedback, Start, End);
        await PostAsync($"{Stored},{Stored},{Stored}", Feedback, Start, End);
    }

    [Fact]
    public async Task It_completes_a_run_in_any_order()
    {
        await PostAsync(Stored, End);
        await PostAsync(Stored, Start);
        await PostAsync(Refused, Start.Replace("1000", "1500", StringComparison.Ordinal).Replace("Hi", "Bye", StringComparison.Ordinal));

        Assert.Equal(("\"Hi\"", "\"Hello\""), ((await _host.FindAsync(_id))!.Input.ToString(), (await _host.FindAsync(_id))!.Output.ToString()));
    }

    [Fact]
    public async Task It_is_known_by_the_old_route_too()
    {
        await PostAsync($"{Stored},{Stored}", Start, End);
        var again = $$"""[{"app":"{{IngestHost.PublicKey}}",{{End.Replace("2000", "3000", StringComparison.Ordinal)[1..]}}]""";

        var answer = await _host.SendAsync(new StringContent($$"""{"events":{{again}}}"""), key: null, path: "/api/report");

        Assert.Equal($"[{Refused}]", answer.Body);
    }

    [Fact]
    public async Task It_comes_too_late_after_a_day()
    {
        var received = Instant.From(TimeProvider.System.GetUtcNow()) + TimeSpan.FromHours(-25);
        var start = new RunEvent { Kind = RunEventKind.Start, Id = RunId.FromClient(_id), ReceivedAt = received, ContentHash = 1, Type = "llm", ByPublicKey = true };
        await _host.Store.CommitAsync(IngestHost.PublicKey, [start], TestContext.Current.CancellationToken);

        var answer = await _host.PostAsync($$"""{"events":[{{End}},{{Feedback}}]}""");

        Assert.Contains("The run came more than 24 hours ago, and a public key can only add feedback to it now.", answer.Body, StringComparison.Ordinal);
        Assert.Equal((RunStatus.Running, """{"thumb":"up"}"""), ((await _host.FindAsync(_id))!.Status, (await _host.FindAsync(_id))!.Feedback.ToString()));
    }

    [Fact]
    public async Task A_private_key_rewrites()
    {
        await PostAsync($"{Stored},{Stored}", Start, End);
        var answer = await _host.PostAsync($$"""{"events":[{{End.Replace("2000", "3000", StringComparison.Ordinal).Replace("Hello", "Goodbye", StringComparison.Ordinal)}}]}""", IngestHost.PrivateKey.ToString());

        Assert.Equal($$"""{"results":[{{Stored}}]}""", answer.Body);
        Assert.Equal("\"Goodbye\"", (await _host.FindAsync(_id))!.Output.ToString());
    }

    private async Task<(RawJson Input, RawJson Output, RunStatus Status, RawJson Metadata)> FindAsync()
    {
        var run = await _host.FindAsync(_id);
        return (run!.Input, run.Output, run.Status, run.Metadata);
    }

    private async Task PostAsync(string results, params string[] events)
    {
        var answer = await _host.PostAsync($$"""{"events":[{{string.Join(',', events)}}]}""");
        Assert.Equal(new Answer(200, $$"""{"results":[{{results}}]}""", null), answer);
    }
}
