using System.Globalization;
using Microsoft.Extensions.AI;
using PeriluneSdk.Tests.Support;

namespace PeriluneSdk.Tests.EndToEnd;

public sealed class FlakyNetworkTests
{
    private const int Conversations = 24;

    /// <summary>Chats of the sample, each with a thread, an agent and one model call.</summary>
    private const int Chats = 12;

    /// <summary>PERILUNE_OUTAGE: seconds that the server stays away after it was killed.</summary>
    private static readonly TimeSpan s_outage = TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable("PERILUNE_OUTAGE"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 0.5);

    [Fact]
    public async Task Nothing_is_lost_and_nothing_is_there_twice()
    {
        await using var server = new RealServer();
        await server.StartAsync();
        await using var proxy = await FlakyProxy.StartAsync(server.Url);
        await using var client = PeriluneClient.Start(o =>
        {
            (o.Url, o.ApiKey) = (proxy.Url, RealServer.PrivateKey);
            (o.FlushInterval, o.MaxBatchItems) = (TimeSpan.FromMilliseconds(20), 20);
        });

        await using var sample = await SampleProcess.StartAsync(proxy.Url, RealServer.PrivateKey);

        await Task.WhenAll(ConverseAsync(0, Conversations / 3), sample.ChatAsync(0, Chats / 3));
        server.Kill();
        await Task.WhenAll(ConverseAsync(Conversations / 3, Conversations / 3), sample.ChatAsync(Chats / 3, Chats / 3));
        await Task.Delay(s_outage, TestContext.Current.CancellationToken);
        await server.StartAsync();
        await Task.WhenAll(ConverseAsync(2 * Conversations / 3, Conversations / 3), sample.ChatAsync(2 * Chats / 3, Chats / 3));
        await client.SettleAsync();
        await SettleAsync(server);

        Assert.Equal((0, 0, 0), (client.Status.Waiting, client.Status.Dropped, client.Status.Refused));
        foreach (var (type, count) in new[] { ("thread", Conversations + Chats), ("chat", Conversations + Chats), ("agent", Conversations + Chats), ("llm", (2 * Conversations) + Chats), ("tool", Conversations) })
        {
            var runs = await server.RunsAsync(type);
            Assert.Equal((type, count), (type, runs.Count));
            Assert.All(runs, static run => Assert.StartsWith("user-", (string?)run["user"]?["externalId"], StringComparison.Ordinal));
        }

        var chats = (await server.RunsAsync("chat")).Select(static chat => (string?)chat["id"]).ToHashSet(StringComparer.Ordinal);
        foreach (var agent in await server.RunsAsync("agent"))
        {
            Assert.Contains((string?)agent["parentRunId"], chats);
            Assert.Equal("up", (string?)agent["feedback"]?["thumb"]);
            Assert.Equal((string?)agent["name"] == "WeatherAgent" ? 0.5 : null, (double?)agent["scores"]?.AsArray().FirstOrDefault()?["value"]);
        }
    }

    /// <summary>The sample's own queues cannot be asked: waits until the last that it tracked of each chat is there.</summary>
    private static async Task SettleAsync(RealServer server)
    {
        for (var patience = 300; !await HasAllAsync(); patience--)
        {
            Assert.NotEqual(0, patience);
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }

        async Task<bool> HasAllAsync() =>
            (await server.RunsAsync("agent")).Count(static agent => (string?)agent["name"] == "SupportAgent" && agent["feedback"] is not null) >= Chats
            && (await server.RunsAsync("llm")).Count >= (2 * Conversations) + Chats;
    }

    private static async Task ConverseAsync(int first, int count)
    {
        using var chat = new FakeModel("get_weather").AsBuilder().UseFunctionInvocation().UsePerilune().Build();
        var tool = AIFunctionFactory.Create(static (string city) => $"Sunny in {city}", "get_weather");
        for (var i = first; i < first + count; i++)
        {
            var thread = Perilune.OpenThread($"thread-{i}", user: $"user-{i % 7}");
            var question = thread.TrackMessage("user", "Weather?");
            using (thread.Scope(question))
            using (var agent = Perilune.Agent("WeatherAgent").Input("Weather?"))
            {
                var answer = await chat.GetResponseAsync("Weather?", new ChatOptions { Tools = [tool] }, TestContext.Current.CancellationToken);
                agent.Output(answer.Text);
                agent.Feedback(Thumb.Up);
                agent.Score("helpful", 0.5);
                thread.TrackMessage("assistant", answer.Text);
            }
        }
    }
}
