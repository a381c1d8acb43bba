using System.Net;
using Perilune.Model;

namespace Perilune.Server.Tests.Runs;

public sealed class RunListTests(RunListTests.Seeded seeded) : IClassFixture<RunListTests.Seeded>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "g f e d c b a")]
    [InlineData("?type=llm", "d c b a")]
    [InlineData("?type=trace", "f e a")]
    [InlineData("?type=thread", "g")]
    [InlineData("?type=tool", "f")]
    [InlineData("?type=llm&tags=x,y", "c b")]
    [InlineData("?OR&tags=x&tools=gpt", "f b")]
    [InlineData("?filter=tag:x%20OR%20tag:y", "c b")]
    [InlineData("?filter=tag:x,y&filter=tag:x", "b")]
    [InlineData("?tags=x&filter=-tag:x", "")]
    [InlineData("?parentRunId=e", "d c b")]
    [InlineData("?type=llm&sortField=duration&sortDirection=asc", "d a b c")]
    [InlineData("?type=llm&sortField=tokens", "a d b c")]
    [InlineData("?user-props=plan.pro", "e d c b")]
    [InlineData("?filter=-has:prop.plan%20type:tool", "f")]
    [InlineData("?messages=lt.1", "g")]
    [InlineData("?messages=gte.1", "")]
    [InlineData("?limit=2&page=1", "e d")]
    [InlineData("?limit=&page=&cursor=&sortField=&unknown=1", "g f e d c b a")]
    public async Task Lists(string query, string expected)
    {
        var host = seeded.Host;
        var list = await host.Client.GetFromJsonNodeAsync("/v1/runs" + query, Cancellation);
        Assert.Equal(expected, string.Join(' ', list["data"]!.AsArray().Select(run => run!["clientId"]!.GetValue<string>())));
        var count = await host.Client.GetFromJsonNodeAsync("/v1/runs/count" + query, Cancellation);
        Assert.Equal(list["total"]!.GetValue<int>(), count.GetValue<int>());
    }

    [Fact]
    public async Task The_cursor_leads_through_all_runs_once()
    {
        var host = seeded.Host;
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await host.Client.GetFromJsonNodeAsync($"/v1/runs?limit=3&cursor={cursor}", Cancellation);
            Assert.Equal(7, page["total"]!.GetValue<int>());
            seen.AddRange(page["data"]!.AsArray().Select(run => run!["clientId"]!.GetValue<string>()));
            cursor = page["cursor"]?.GetValue<string>();
        }
        while (cursor is not null);
        Assert.Equal("g f e d c b a", string.Join(' ', seen));
    }

    [Theory]
    [InlineData("limit=0", "limit: \"0\" is not a whole number from 1 to 1000.")]
    [InlineData("limit=ten", "limit: \"ten\" is not a whole number from 1 to 1000.")]
    [InlineData("limit=5&limit=6", "limit: is given more than once. Send it once.")]
    [InlineData("page=-1", "page: \"-1\" is not a whole number from 0 to 2000. To go further, follow the \"cursor\" of each page.")]
    [InlineData("cursor=abc", "cursor: is not one. Send the \"cursor\" of the page before, unchanged.")]
    [InlineData("sortField=name", "sortField: \"name\" is not known. Use createdAt or duration or tokens or cost.")]
    [InlineData("sortDirection=up", "sortDirection: \"up\" is not known. Use desc or asc.")]
    [InlineData("messages=many", "messages: \"many\" has no value. Send an operator, a dot and a value, as in gt.5")]
    [InlineData("filter=modle:x", "filter: There is no field \"modle\". Did you mean \"model\"? (at position 0)")]
    public async Task Says_what_is_wrong_with_a_query(string query, string message)
    {
        var host = seeded.Host;
        using var response = await host.Client.GetAsync("/v1/runs?" + query, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(message, await response.MessageAsync(Cancellation));
    }

    public sealed class Seeded : IAsyncLifetime
    {
        internal ApiHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Host = await ApiHost.StartAsync();
            await Host.CommitAsync(
                Events.Start("a"),
                Events.End("a", 2) with { Usage = new Usage(10, 90) },
                Events.Start("b", 1) with { ParentId = RunId.FromClient("e"), Tags = ["x"] },
                Events.End("b", 5),
                Events.Start("c", 2) with { ParentId = RunId.FromClient("e"), Tags = ["y"], UserId = "ann", UserProps = RawJson.Parse("""{"plan":"pro"}""") },
                Events.End("c", 9),
                Events.Start("d", 3) with { ParentId = RunId.FromClient("e"), Tags = ["z"] },
                Events.End("d", 4) with { Usage = new Usage(5, null) },
                Events.Start("e", 4, RunTypes.Agent),
                Events.Start("f", 5, RunTypes.Tool),
                Events.Start("g", 6, RunTypes.Thread));
        }

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
