using System.Globalization;
using Microsoft.Extensions.AI;
using PeriluneSdk.Tests.Support;

namespace PeriluneSdk.Tests.EndToEnd;

public sealed class FlakyNetworkTests
{
    private const int Conversations = 24;

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

        await ConverseAsync(0, Conversations / 3);
        server.Kill();
        await ConverseAsync(Conversations / 3, Conversations / 3);
        await Task.Delay(s_outage, TestContext.Current.CancellationToken);
        await server.StartAsync();
        await ConverseAsync(2 * Conversations / 3, Conversations / 3);
        await client.SettleAsync();

        Assert.Equal((0, 0, 0), (client.Status.Waiting, client.Status.Dropped, client.Status.Refused));
        foreach (var (type, count) in new[] { ("thread", 1), ("chat", 1), ("agent", 1), ("llm", 2), ("tool", 1) })
        {
            var runs = await server.RunsAsync(type);
            Assert.Equal((type, count * Conversations), (type, runs.Count));
            Assert.All(runs, static run => Assert.StartsWith("user-", (string?)run["user"]?["externalId"], StringComparison.Ordinal));
        }

        var chats = (await server.RunsAsync("chat")).Select(static chat => (string?)chat["id"]).ToHashSet(StringComparer.Ordinal);
        foreach (var agent in await server.RunsAsync("agent"))
        {
            Assert.Contains((string?)agent["parentRunId"], chats);
            Assert.Equal(("up", 0.5), ((string?)agent["feedback"]?["thumb"], (double?)agent["scores"]?[0]?["value"]));
        }
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
