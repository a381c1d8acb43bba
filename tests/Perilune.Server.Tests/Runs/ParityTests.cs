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
