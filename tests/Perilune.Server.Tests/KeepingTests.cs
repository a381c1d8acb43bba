using System.Globalization;
using Perilune.Server.Tests.Faults;

namespace Perilune.Server.Tests;

/// <summary>What a project keeps, and for how long.</summary>
public sealed class KeepingTests
{
    private static readonly string s_settings = $"/projects/{FaultyClient.Project}/settings/retention";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Old_runs_are_forgotten_when_it_is_set_and_after_a_restart()
    {
        await using var first = await ServerProcess.StartAsync(cancellationToken: Cancel);
        var client = new FaultyClient(first);
        await StoreAsync(client, "old", daysAgo: 40);
        await StoreAsync(client, "new", daysAgo: 1);
        Assert.Equal("for good", await KeptAsync(client));

        await SetAsync(client, "a month");
        Assert.Equal("for good", await KeptAsync(client));
        Assert.Equal(200, (await client.ApiAsync("/v1/runs/old")).Status);

        await SetAsync(client, "30");
        Assert.Equal("30 days", await KeptAsync(client));
        Assert.Equal(404, (await client.ApiAsync("/v1/runs/old")).Status);
        Assert.Equal(200, (await client.ApiAsync("/v1/runs/new")).Status);

        // What comes in late is forgotten too, at the latest with the next start.
        await StoreAsync(client, "late", daysAgo: 50);
        await first.KillAsync();
        await using var second = await ServerProcess.StartAsync(dataFolder: first.DataFolder, cancellationToken: Cancel);
        client = new FaultyClient(second);
        for (var patience = 200; (await client.ApiAsync("/v1/runs/late")).Status != 404; patience--)
        {
            Assert.NotEqual(0, patience);
            await Task.Delay(100, Cancel);
        }

        await SetAsync(client, "");
        Assert.Equal("for good", await KeptAsync(client));
        Assert.Equal(404, (await client.ApiAsync("/v1/runs/old")).Status);
    }

    [Fact]
    public async Task A_deleted_project_is_gone_from_sight_and_from_the_disk()
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken: Cancel);
        var client = new FaultyClient(server);
        await StoreAsync(client, "run", daysAgo: 0);
        var folder = Path.Combine(server.DataFolder, "projects", FaultyClient.Project);
        Assert.True(Directory.Exists(folder));
        var keys = $"/projects/{FaultyClient.Project}/settings/keys";
        var page = await client.PageAsync(keys);
        var name = System.Net.WebUtility.HtmlDecode(page.Body.Split("Type <strong>")[1].Split('<')[0]);

        await client.FormAsync(keys, $"/projects/{FaultyClient.Project}/delete", "name=something+else");
        Assert.Equal(200, (await client.ApiAsync("/v1/runs/run")).Status);

        await client.FormAsync(keys, $"/projects/{FaultyClient.Project}/delete", $"name={Uri.EscapeDataString(name)}");
        Assert.False(Directory.Exists(folder));
        Assert.Equal(401, (await client.ApiAsync("/v1/runs/run")).Status);
        Assert.Equal(401, (await client.IngestAsync("""{"events":[]}""")).Status);
        Assert.Equal(200, (await client.PageAsync("/")).Status);
        Assert.DoesNotContain("fail:", server.Output, StringComparison.Ordinal);
    }

    private static Task StoreAsync(FaultyClient client, string id, int daysAgo)
    {
        var time = TimeProvider.System.GetUtcNow().AddDays(-daysAgo).ToString("O", CultureInfo.InvariantCulture);
        return client.StoreAsync($$"""{"event":"start","type":"llm","runId":"{{id}}","timestamp":"{{time}}","name":"gpt-5","input":"Hello"}""");
    }

    private static async Task SetAsync(FaultyClient client, string days)
    {
        await client.PageAsync(s_settings);
        Assert.Equal(302, (await client.FormAsync(s_settings, $"/projects/{FaultyClient.Project}/retention", $"days={Uri.EscapeDataString(days)}")).Status);
    }

    private static async Task<string> KeptAsync(FaultyClient client)
    {
        var page = (await client.PageAsync(s_settings)).Body;
        var start = page.IndexOf("<strong>", StringComparison.Ordinal) + "<strong>".Length;
        return page[start..page.IndexOf("</strong>", start, StringComparison.Ordinal)];
    }
}
