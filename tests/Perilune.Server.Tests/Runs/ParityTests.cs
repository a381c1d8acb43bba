using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Perilune.Model;

namespace Perilune.Server.Tests.Runs;

/// <summary>Routes that Lunary's clients know, beyond the runs themselves.</summary>
public sealed class ParityTests(SharedApiHost shared) : IClassFixture<SharedApiHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Neighbors_are_those_of_the_filtered_list()
    {
        await shared.Host.CommitAsync([.. Enumerable.Range(0, 5).Select(i => Events.Start($"n{i}", i) with { Tags = i == 2 ? ["gap"] : ["row"] })]);

        Assert.Equal(("n3", "n0"), await NeighborsAsync("n1", "tags=row"));
        Assert.Equal(("n0", "n3"), await NeighborsAsync("n1", "tags=row&sortDirection=asc"));
        Assert.Equal((null, "n3"), await NeighborsAsync("n4", "tags=row"));
        Assert.Equal(("n1", null), await NeighborsAsync("n0", "tags=row"));

        async Task<(string? Previous, string? Next)> NeighborsAsync(string id, string query)
        {
            var found = await shared.Host.Client.GetFromJsonNodeAsync($"/v1/runs/{id}/neighbors?{query}", Cancellation);
            return (Name((string?)found["previousId"]), Name((string?)found["nextId"]));
        }

        static string? Name(string? id) => Enumerable.Range(0, 5).Select(i => $"n{i}").FirstOrDefault(name => RunId.FromClient(name).ToString() == id);
    }

    [Fact]
    public async Task Filters_offer_what_the_runs_have()
    {
        await using var host = await ApiHost.StartAsync();
        await host.CommitAsync(
            Events.Start("a") with { Tags = ["x", "y"], Metadata = RawJson.Parse("""{"tier":"pro","n":{"deep":1}}""") },
            Events.Start("b", 1) with { Tags = ["x"] },
            Events.Start("c", 2, "custom-event") with { Name = "opened" });

        Assert.Equal("""["gpt-4.1"]""", (await host.Client.GetFromJsonNodeAsync("/v1/filters/models", Cancellation)).ToJsonString());
        Assert.Equal("""["x","y"]""", (await host.Client.GetFromJsonNodeAsync("/v1/filters/tags", Cancellation)).ToJsonString());
        Assert.Equal("""["n","tier"]""", (await host.Client.GetFromJsonNodeAsync("/v1/filters/metadata?type=llm", Cancellation)).ToJsonString());
        Assert.Equal("""["opened"]""", (await host.Client.GetFromJsonNodeAsync("/v1/filters/custom-events", Cancellation)).ToJsonString());
        Assert.Equal("[]", (await host.Client.GetFromJsonNodeAsync("/v1/filters/topics", Cancellation)).ToJsonString());
    }

    [Fact]
    public async Task Views_take_a_filter_as_text_or_as_logic()
    {
        var text = await SendAsync("POST", "/v1/views", """{"name":"Slow","type":"llm","query":"duration>10s"}""");
        var logic = await SendAsync("POST", "/v1/views", """{"name":"Models","type":"trace","data":["OR",{"id":"models","params":{"models":["gpt-4.1","a,b"]}},["AND",{"id":"status","params":{"status":"error"}},{"id":"cost","params":{"operator":"gt","cost":0.5}}]],"icon":"chart"}""");
        Assert.Equal(("duration>10s", "llm"), ((string?)text["query"], (string?)text["type"]));
        Assert.Equal(("name:gpt-4.1 OR name:\"a,b\" OR (status:error cost>0.5)", "trace", "chart"), ((string?)logic["query"], (string?)logic["type"], (string?)logic["icon"]));

        await SendAsync("PATCH", $"/v1/views/{text["id"]}", """{"name":"Slower","query":"duration>20s"}""");
        Assert.Equal(["Models", "Slower"], (await SendAsync("GET", "/v1/views")).AsArray().Select(v => (string?)v!["name"]));
        Assert.Equal("duration>20s", (string?)(await SendAsync("GET", $"/v1/views/{text["id"]}"))["query"]);
        using var gone = await shared.Host.Client.DeleteAsync(new Uri($"/v1/views/{text["id"]}", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await SendAsync("GET", $"/v1/views/{text["id"]}", null, 404);
        await SendAsync("POST", "/v1/views", """{"name":"x","query":"modle:y"}""", 422);
        await SendAsync("POST", "/v1/views", """{"name":"x","data":["AND",{"id":"tone","params":{"persona":"x"}}]}""", 422);
    }

    [Fact]
    public async Task A_key_sees_its_project_and_the_prices()
    {
        var projects = (await SendAsync("GET", "/v1/projects")).AsArray();
        Assert.Equal(shared.Host.Project.ToString(), (string?)Assert.Single(projects)!["id"]);
        var model = (await SendAsync("GET", "/v1/models")).AsArray().Single(m => (string?)m!["name"] == "gpt-4.1" && (string?)m["provider"] == "openai")!;
        Assert.Equal(("TOKENS", 2m, 0.5m, 8m), ((string?)model["unit"], (decimal)model["inputCost"]!, (decimal)model["cachedInputCost"]!, (decimal)model["outputCost"]!));
    }

    [Fact]
    public async Task Prices_of_the_project_are_added_changed_and_deleted_and_calls_keep_the_cost_of_their_day()
    {
        var made = await SendAsync("POST", "/v1/models", """{"name":"Parity","pattern":"^parity-(small|large)$","unit":"TOKENS","inputCost":2,"outputCost":8,"tokenizer":"cl100k","startDate":"2025-01-02T06:00:00Z"}""");
        Assert.Equal(
            ("Parity", "^parity-(small|large)$", "regex", 2m, 8m, "2025-01-02T06:00:00+00:00"),
            ((string?)made["name"], (string?)made["pattern"], (string?)made["match"], (decimal)made["inputCost"]!, (decimal)made["outputCost"]!, (string?)made["startDate"]));
        Assert.Equal(made["id"]!.ToString(), (string?)(await SendAsync("GET", "/v1/models")).AsArray()[0]!["id"]);

        await shared.Host.CommitAsync(Call("priced"), Call("before", -86_400), Call("other") with { Name = "parity-tiny" });
        Assert.Equal((0.000_06m, null, null), (await CostAsync("priced"), await CostAsync("before"), await CostAsync("other")));

        var changed = await SendAsync("PATCH", $"/v1/models/{made["id"]}", """{"outputCost":0.5,"reasoningCost":1,"startDate":null,"name":null}""");
        Assert.Equal(("Parity", 2m, 0.5m, 1m, null), ((string?)changed["name"], (decimal)changed["inputCost"]!, (decimal)changed["outputCost"]!, (decimal)changed["reasoningCost"]!, (string?)changed["startDate"]));
        await shared.Host.CommitAsync(Call("later"), Events.Start("priced") with { Kind = RunEventKind.Feedback, Feedback = RawJson.Parse("""{"thumb":"up"}""") });
        Assert.Equal((0.000_06m, 0.000_022_5m), (await CostAsync("priced"), await CostAsync("later")));

        using var gone = await shared.Host.Client.DeleteAsync(new Uri($"/v1/models/{made["id"]}", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await SendAsync("PATCH", $"/v1/models/{made["id"]}", "{}", 404);
        await shared.Host.CommitAsync(Call("last"));
        Assert.Null(await CostAsync("last"));

        async Task<decimal?> CostAsync(string id) => (decimal?)(await SendAsync("GET", $"/v1/runs/{id}"))["cost"];

        static RunEvent Call(string id, double seconds = 0) => Events.Start(id, seconds) with { Kind = RunEventKind.End, Type = "llm", Name = "parity-small", StartTime = Events.Noon + TimeSpan.FromSeconds(seconds), Usage = new Usage(10, 5) };
    }

    [Theory]
    [InlineData("""{"pattern":"a","unit":"CHARACTERS","inputCost":1,"outputCost":1}""", "unit: Send TOKENS")]
    [InlineData("""{"pattern":"a","inputCost":1}""", "outputCost: Send a number")]
    [InlineData("""{"pattern":"a","inputCost":-1,"outputCost":1}""", "0 to 1,000,000 USD")]
    [InlineData("""{"pattern":"a","inputCost":1e99,"outputCost":1}""", "inputCost: Send a number")]
    [InlineData("""{"pattern":"(a","inputCost":1,"outputCost":1}""", "cannot be read")]
    [InlineData("""{"pattern":"a","match":"like","inputCost":1,"outputCost":1}""", "match: ")]
    [InlineData("""{"pattern":"a","startDate":"soon","inputCost":1,"outputCost":1}""", "startDate: ")]
    [InlineData("""{"inputCost":1,"outputCost":1}""", "pattern: ")]
    public async Task What_is_no_price_is_refused(string body, string reason)
    {
        var answer = await SendAsync("POST", "/v1/models", body, 422);
        Assert.Contains(reason, (string?)answer["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Datasets_are_not_found_in_words_that_clients_know()
    {
        using var browser = shared.Host.ClientWith(shared.Host.Project.ToString());
        using var answer = await browser.GetAsync(new Uri("/v1/datasets/absent", UriKind.Relative), Cancellation);
        Assert.Equal((HttpStatusCode.NotFound, "Dataset not found"), (answer.StatusCode, await answer.MessageAsync(Cancellation)));
        Assert.Equal("[]", (await browser.GetFromJsonNodeAsync("/v1/datasets", Cancellation)).ToJsonString());
    }

    private async Task<JsonNode> SendAsync(string method, string path, string? body = null, int expected = 200)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await shared.Host.Client.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(expected == (int)response.StatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
