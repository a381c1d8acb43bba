using System.Globalization;
using Perilune.Server.Tests.Faults;

namespace Perilune.Server.Tests;

/// <summary>Calls that are priced anew while the server is killed.</summary>
public sealed class RepricingTests
{
    private const int Calls = 3_000;
    private static readonly string s_page = $"/projects/{FaultyClient.Project}/settings/prices";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_re_pricing_goes_on_at_the_next_start_and_its_sums_equal_a_recount()
    {
        await using var first = await ServerProcess.StartAsync(cancellationToken: Cancel);
        var client = new FaultyClient(first);
        foreach (var batch in Enumerable.Range(0, Calls).Chunk(500))
        {
            var events = batch.Select(i => $$"""{"event":"end","type":"llm","runId":"call-{{i}}","name":"house-{{i % 7}}","tokensUsage":{"prompt":{{i}},"completion":5},"output":"x"}""");
            Assert.Equal(200, (await client.IngestAsync($$"""{"events":[{{string.Join(',', events)}}]}""")).Status);
        }

        Assert.Equal(200, (await client.ApiAsync("/v1/models", "POST", """{"pattern":"house-*","match":"wildcard","inputCost":2,"outputCost":10}""", "Content-Type: application/json")).Status);
        await client.PageAsync(s_page);
        var refused = await client.FormAsync(s_page, $"/projects/{FaultyClient.Project}/prices/reprice", "from=2026-11-02&to=2026-11-01");
        Assert.Equal(302, refused.Status);
        Assert.Contains("The days cannot be read", (await client.PageAsync(s_page, $"Cookie: {refused.Headers["Set-Cookie"].Single(c => c.StartsWith("perilune.flash", StringComparison.Ordinal)).Split(';')[0]}")).Body, StringComparison.Ordinal);
        Assert.Equal(0, await PricedAsync(client));

        Assert.Equal(302, (await client.FormAsync(s_page, $"/projects/{FaultyClient.Project}/prices/reprice", "from=&to=")).Status);
        await first.KillAsync();
        await using var second = await ServerProcess.StartAsync(dataFolder: first.DataFolder, cancellationToken: Cancel);
        client = new FaultyClient(second);
        for (var patience = 300; !(await client.PageAsync(s_page)).Body.Contains("data-state=\"Done\"", StringComparison.Ordinal); patience--)
        {
            Assert.NotEqual(0, patience);
            await Task.Delay(100, Cancel);
        }

        Assert.Equal(Calls, await PricedAsync(client));
        await client.AssertCalmAsync();
        await second.StopAsync(Cancel);

        // Every call at its price, and every sum as a recount makes it.
        var (exitCode, said) = await ServerProcess.RunAsync(new Dictionary<string, string?>(StringComparer.Ordinal), first.DataFolder, ["verify"], Cancel);
        Assert.True(exitCode == 0, said);
        Assert.Contains("3,000 runs", said, StringComparison.Ordinal);
        Assert.DoesNotContain("do not give", said, StringComparison.Ordinal);
    }

    private static async Task<int> PricedAsync(FaultyClient client) =>
        int.Parse((await client.ApiAsync("/v1/runs/count?filter=has%3Acost")).Body, CultureInfo.InvariantCulture);
}
