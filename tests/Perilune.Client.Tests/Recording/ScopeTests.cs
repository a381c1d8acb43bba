using Microsoft.Extensions.AI;
using PeriluneSdk.Tests.Support;

namespace PeriluneSdk.Tests.Recording;

public sealed class ScopeTests
{
    [Fact]
    public async Task Spans_of_libraries_carry_the_scope_they_run_in()
    {
        await using var sink = await Sink.StartAsync();
        await using var client = sink.Client();
        using var chat = new FakeModel().AsBuilder().UsePerilune().Build();

        using (Perilune.Scope(user: "u42", thread: "chat-7", tags: ["beta"], metadata: new Dictionary<string, object?> { ["tier"] = "pro", ["seats"] = 3 }))
        {
            await chat.GetResponseAsync("Weather in Paris?", cancellationToken: TestContext.Current.CancellationToken);
        }

        await client.SettleAsync();
        var span = Assert.Single(sink.Spans);
        Assert.Equal("chat fake-1", span.Name);
        Assert.Equal("u42", span["user.id"]);
        Assert.Equal("chat-7", span["gen_ai.conversation.id"]);
        Assert.Equal(["beta"], (object?[])span["tag.tags"]!);
        Assert.Equal("pro", span["metadata.tier"]);
        Assert.Equal(3L, span["metadata.seats"]);
        Assert.Contains("Weather in Paris?", (string)span["gen_ai.input.messages"]!, StringComparison.Ordinal);
        Assert.Contains("18 °C", (string)span["gen_ai.output.messages"]!, StringComparison.Ordinal);
        Assert.Equal(120L, span["gen_ai.usage.input_tokens"]);
        Assert.Equal(64L, span["gen_ai.usage.cache_read.input_tokens"]);
    }

    [Fact]
    public async Task Scopes_nest_and_end_in_any_order()
    {
        await using var sink = await Sink.StartAsync();
        await using var client = sink.Client();

        var outer = Perilune.Scope(user: "u1", thread: "t1", tags: ["a"]);
        var inner = Perilune.Scope(user: "u2", tags: ["b"]);
        Perilune.Chain("inner").Dispose();
        outer.Dispose();
        Perilune.Chain("outer ended first").Dispose();
        inner.Dispose();
        Perilune.Chain("outside").Dispose();

        await client.SettleAsync();
        var span = sink.Span("invoke_workflow inner");
        Assert.Equal("u2", span["user.id"]);
        Assert.Equal("t1", span["session.id"]);
        Assert.Equal(["a", "b"], (object?[])span["tag.tags"]!);
        Assert.Equal("u2", sink.Span("invoke_workflow outer ended first")["user.id"]);
        Assert.Null(sink.Span("invoke_workflow outside")["user.id"]);
    }

    [Fact]
    public async Task A_scope_stays_in_its_flow_of_execution()
    {
        await using var sink = await Sink.StartAsync();
        await using var client = sink.Client();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            using (Perilune.Scope(user: $"u{i}"))
            {
                await Task.Yield();
                using var run = Perilune.Agent($"agent {i}");
                await Task.Delay(1, TestContext.Current.CancellationToken);
                Perilune.Tool($"tool {i}").Dispose();
            }
        }));

        await client.SettleAsync();
        Assert.Equal(40, sink.Spans.Count);
        Assert.All(sink.Spans, static span => Assert.Equal($"u{span.Name.Split(' ')[^1]}", span["user.id"]));
    }

    [Fact]
    public async Task The_applications_thread_takes_the_place_of_a_providers_conversation()
    {
        await using var sink = await Sink.StartAsync();
        await using var client = sink.Client();
        using var chat = new FakeModel().AsBuilder().UsePerilune().Build();

        using (Perilune.Scope(thread: "chat-7"))
        {
            await chat.GetResponseAsync("Hi", new ChatOptions { ConversationId = "resp_123" }, TestContext.Current.CancellationToken);
        }

        await client.SettleAsync();
        var span = Assert.Single(sink.Spans);
        Assert.Equal("chat-7", span["gen_ai.conversation.id"]);
        Assert.Equal("resp_123", span["perilune.provider_conversation.id"]);
    }

    [Fact]
    public async Task A_user_with_props_is_identified_once()
    {
        await using var sink = await Sink.StartAsync();
        await using var client = sink.Client();
        var user = new PeriluneUser("u42") { Name = "Ann", OrganizationId = "acme", Props = new() { ["plan"] = "pro" } };

        for (var i = 0; i < 3; i++)
        {
            Perilune.Scope(user).Dispose();
        }

        Perilune.Scope("u43").Dispose();
        Perilune.Identify(user with { TeamId = "blue" });

        await client.SettleAsync();
        Assert.Equal(["identify", "identify"], sink.Events.Select(static e => (string?)e["event"]));
        var (first, second) = (sink.Events.First(), sink.Events.Last());
        Assert.Equal("u42", (string?)first["userId"]);
        Assert.Equal("""{"plan":"pro","name":"Ann","organizationId":"acme"}""", first["userProps"]!.ToJsonString());
        Assert.Equal("blue", (string?)second["userProps"]!["teamId"]);
    }
}
