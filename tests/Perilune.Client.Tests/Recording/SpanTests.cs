using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using PeriluneSdk.Tests.Support;

namespace PeriluneSdk.Tests.Recording;

public sealed class SpanTests
{
    [Fact]
    public async Task A_call_of_a_model_says_everything_about_it()
    {
        await using var sink = await Sink.StartAsync();
        await using var client = sink.Client(static o => (o.ServiceName, o.Release, o.Environment) = ("shop", "1.2.3", "test"));

        using (var call = Perilune.Llm("mistral-large", "mistral_ai").Messages([new(ChatRole.System, "Be terse."), new(ChatRole.User, "Hi")]))
        {
            call.FirstToken().Parameter("temperature", 0.5).Tag("x").Tag("y").Metadata("n", 1.5);
            call.Output("Hello").Usage(input: 120, output: 34, cacheRead: 64, cacheWrite: 16, reasoning: 8).Response("mistral-large-2", "r-1");
        }

        await client.SettleAsync();
        var span = Assert.Single(sink.Spans);
        Assert.Equal("""[{"role":"system","parts":[{"type":"text","content":"Be terse."}]},{"role":"user","parts":[{"type":"text","content":"Hi"}]}]""", span["gen_ai.input.messages"]);
        Assert.Equal("""[{"role":"assistant","parts":[{"type":"text","content":"Hello"}]}]""", span["gen_ai.output.messages"]);
        Assert.Equal("mistral_ai", span["gen_ai.provider.name"]);
        Assert.Equal("mistral-large-2", span["gen_ai.response.model"]);
        Assert.Equal([120L, 34L, 64L, 16L, 8L], new[] { "input_tokens", "output_tokens", "cache_read.input_tokens", "cache_creation.input_tokens", "reasoning.output_tokens" }.Select(key => span["gen_ai.usage." + key]));
        Assert.Equal(0.5, span["gen_ai.request.temperature"]);
        Assert.IsType<double>(span["gen_ai.response.time_to_first_chunk"]);
        Assert.Equal(["x", "y"], (object?[])span["tag.tags"]!);
        Assert.Equal(("shop", "1.2.3", "test"), (span.Resource["service.name"], span.Resource["service.version"], span.Resource["deployment.environment.name"]));
        Assert.Equal("Perilune", span.Scope);
    }

    [Fact]
    public async Task A_run_that_throws_has_failed_and_throws_on()
    {
        await using var sink = await Sink.StartAsync();
        await using var client = sink.Client();

        await Assert.ThrowsAsync<TimeoutException>(static () => Perilune.Tool("slow").Input(JsonNode.Parse("""{"q":1}""")).RunAsync<int>(static _ => throw new TimeoutException("too slow")));

        await client.SettleAsync();
        var span = Assert.Single(sink.Spans);
        Assert.Equal(2, span.Status);
        Assert.Equal("System.TimeoutException", span["error.type"]);
        Assert.Equal("""{"q":1}""", span["gen_ai.tool.call.arguments"]);
        Assert.Equal(["exception"], span.Events);
    }

    [Fact]
    public async Task Streams_say_when_their_first_token_came()
    {
        await using var sink = await Sink.StartAsync();
        await using var client = sink.Client();
        using var chat = new FakeModel().AsBuilder().UsePerilune().Build();

        await foreach (var _ in chat.GetStreamingResponseAsync("Hi", cancellationToken: TestContext.Current.CancellationToken))
        {
        }

        await client.SettleAsync();
        var span = Assert.Single(sink.Spans);
        Assert.IsType<double>(span["gen_ai.response.time_to_first_chunk"]);
        Assert.Contains("It is sunny.", (string)span["gen_ai.output.messages"]!, StringComparison.Ordinal);
        Assert.Equal(34L, span["gen_ai.usage.output_tokens"]);
    }

    [Fact]
    public async Task Content_stays_where_it_is_when_it_is_not_wanted()
    {
        await using var sink = await Sink.StartAsync();
        await using var client = sink.Client(static o => o.CaptureContent = false);
        using var chat = new FakeModel().AsBuilder().UsePerilune().Build();
        await chat.GetResponseAsync("secret", cancellationToken: TestContext.Current.CancellationToken);
        Perilune.Agent("a").Input("secret").Output("secret").Dispose();
        using (var foreign = new ActivitySource("Microsoft.SemanticKernel.X").StartActivity("chat x"))
        {
            foreign!.SetTag("gen_ai.prompt", "secret");
        }

        Perilune.OpenThread("t").TrackMessage("user", "secret");

        await client.SettleAsync();
        Assert.Equal(3, sink.Spans.Count);
        Assert.DoesNotContain(sink.Spans.SelectMany(static span => span.Attributes.Values), static value => value is string text && text.Contains("secret", StringComparison.Ordinal));
        Assert.DoesNotContain("secret", Assert.Single(sink.Events).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(120L, sink.Span("chat fake-1")["gen_ai.usage.input_tokens"]);
    }

    [Fact]
    public async Task A_mask_sees_every_text_and_may_fail()
    {
        await using var sink = await Sink.StartAsync();
        await using var client = sink.Client(static o => o.Mask = static text =>
            text.Contains("boom", StringComparison.Ordinal) ? throw new InvalidOperationException() : text.Replace("4111", "****", StringComparison.Ordinal));
        Perilune.Agent("a").Input("card 4111").Output("boom 4111").Dispose();
        Perilune.OpenThread("t").TrackMessage("user", "card 4111");
        Perilune.Feedback("r", Thumb.Down, "my 4111");

        await client.SettleAsync();
        var span = Assert.Single(sink.Spans);
        Assert.Equal(("card ****", "[masking failed]"), (span["input.value"], span["output.value"]));
        Assert.Equal(["card ****", "my ****"], sink.Events.Select(static e => (string?)(e["message"]?["content"] ?? e["feedback"]?["comment"])).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Without_a_client_nothing_happens_and_nothing_fails()
    {
        using (Perilune.Scope("u", "t", ["x"]))
        using (var run = Perilune.Agent("a").Input("x").Output("y").Error("z").Tag("t").Metadata("k", 1).Usage(1, 2))
        {
            Assert.Null(run.Id);
            run.Feedback(Thumb.Up);
            run.Score("s", 1);
        }

        Perilune.Identify(new PeriluneUser("u") { Name = "n" });
        Perilune.Score("r", "s", true);
        Assert.NotEmpty(Perilune.OpenThread().TrackMessage("user", "x"));
    }

    [Fact]
    public void The_id_of_a_run_is_the_servers()
    {
        // SHA-256("otlp" + trace id + span id), 16 bytes of it.
        var id = Ids.OfSpan(ActivityTraceId.CreateFromString("3f222aec4e8ffcc16bfa2c7ea6963e39"), ActivitySpanId.CreateFromString("c6a6c9a7fb647c41"));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([.. "otlp"u8, .. Convert.FromHexString("3f222aec4e8ffcc16bfa2c7ea6963e39c6a6c9a7fb647c41")]))[..32], id.Replace("-", "", StringComparison.Ordinal));
    }
}
