using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Perilune.Server.Tests.Runs;

namespace Perilune.Server.Tests;

public sealed class DemoTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Behind a proxy's path, because that is where links and the demo's own requests go wrong.</summary>
    [Fact]
    public async Task The_demo_has_a_month_of_everything_and_works_below_a_path()
    {
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["PERILUNE_PATH_BASE"] = "/moon" }, arguments: ["--demo"], cancellationToken: Cancel);
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServerProcess.PrivateKey.ToString());

        foreach (var filter in new[]
        {
            "type:llm", "type:agent", "type:tool status:error", "type:retriever", "type:embedding", "type:chat", "type:thread", "type:custom-event", "status:running",
            "feedback:down", "feedback:up", "cost>0.01", "start<-20d", "start>-1d", "has:template", "tag:batch", "user:ada", "meta.channel:email",
        })
        {
            Assert.NotEqual(0, await CountAsync(filter));
        }

        Assert.InRange(await CountAsync(""), 2_000, 10_000);
        Assert.Equal(0, await CountAsync("type:llm status:success -has:cost"));
        Assert.Equal(3, (await server.Http.GetFromJsonNodeAsync("v1/views", Cancel)).AsArray().Count);
        Assert.Equal(3, (await server.Http.GetFromJsonNodeAsync("v1/templates", Cancel)).AsArray().Count);

        using var login = await server.Http.GetAsync(new Uri("login", UriKind.Relative), Cancel);
        var page = await login.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("<base href=\"/moon/\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/css", page, StringComparison.Ordinal);

        async Task<long> CountAsync(string filter) =>
            (long)JsonNode.Parse(await server.Http.GetStringAsync(new Uri($"v1/runs/count?filter={Uri.EscapeDataString(filter)}", UriKind.Relative), Cancel))!;
    }
}
