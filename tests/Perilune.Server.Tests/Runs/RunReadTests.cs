using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Perilune.Model;

namespace Perilune.Server.Tests.Runs;

public sealed class RunReadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_reads_as_in_lunary()
    {
        await using var host = await ApiHost.StartAsync();
        await host.CommitAsync(
            Events.Start("thread", -1, RunTypes.Thread),
            Events.Start("root", 0, RunTypes.Agent) with { ParentId = RunId.FromClient("thread"), Feedback = RawJson.Parse("""{"thumb":"up"}""") },
            Events.Start("call", 1) with
            {
                ParentId = RunId.FromClient("root"),
                UserId = "u_1",
                UserProps = RawJson.Parse("""{"name":"Ada"}"""),
                Input = RawJson.Parse("""[ {"snake_key":1e2, "snake_key" : "\u00e4\ud800"} ]"""),
                Tags = ["a", "half \ud800"],
                TemplateVersionId = "12",
                Runtime = "lunary-js",
            },
            Events.End("call", 3.25) with { Output = RawJson.Null, Usage = new Usage(100, 20, 40) });

        using var response = await host.Client.GetAsync("/v1/runs/call", Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        var run = JsonNode.Parse(text)!;

        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(RunId.FromClient("call").ToString(), run["id"]!.GetValue<string>());
        Assert.Equal("call", run["clientId"]!.GetValue<string>());
        Assert.Equal("success", run["status"]!.GetValue<string>());
        Assert.Equal("2025-01-02T12:00:01.000Z", run["createdAt"]!.GetValue<string>());
        Assert.Equal("00:00:02.25", run["duration"]!.GetValue<string>());
        Assert.Equal(2250, run["durationMs"]!.GetValue<double>());
        Assert.Equal(RunId.FromClient("root").ToString(), run["traceId"]!.GetValue<string>());
        Assert.Equal(RunId.FromClient("thread").ToString(), run["threadId"]!.GetValue<string>());
        Assert.Equal("""{"prompt":100,"cachedPrompt":40,"completion":20,"total":120}""", run["tokens"]!.ToJsonString());
        Assert.Equal("up", run["parentFeedback"]!["thumb"]!.GetValue<string>());
        Assert.Equal("u_1", run["user"]!["externalId"]!.GetValue<string>());
        Assert.Equal("Ada", run["user"]!["props"]!["name"]!.GetValue<string>());
        Assert.Contains("""
            "input":[ {"snake_key":1e2, "snake_key" : "\u00e4\ud800"} ],"output":null,
            """, text, StringComparison.Ordinal);
        Assert.Contains("half \ufffd", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Payloads_of_any_depth_and_size_come_back()
    {
        await using var host = await ApiHost.StartAsync();
        var deep = new string('[', 10_000) + new string(']', 10_000);
        var large = $"\"{new string('x', 3_000_000)}\"";
        await host.CommitAsync(Events.Start("deep") with { Input = RawJson.Parse(deep) }, Events.Start("large", 1) with { Input = RawJson.Parse(large) });
        var list = await host.Client.GetStringAsync("/v1/runs", Cancellation);
        Assert.Contains($"\"input\":{deep},", list, StringComparison.Ordinal);
        Assert.Contains($"\"input\":{large},", list, StringComparison.Ordinal);
        Assert.EndsWith("\"cursor\":null}", list, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("some-id", false)]
    [InlineData("some-id", true)]
    [InlineData("3f2504e0-4f89-41d3-9a0c-0305e82c3301", false)]
    [InlineData("3F2504E0-4F89-41D3-9A0C-0305E82C3301", false)]
    [InlineData("3f2504e0-4f89-41d3-9a0c-0305e82c3301", true)]
    [InlineData("with / slash?&#+", false)]
    [InlineData("100%2F", false)]
    [InlineData("a/%2F", true)]
    public async Task A_run_is_found_by_every_form_of_its_id(string id, bool python)
    {
        await using var host = await ApiHost.StartAsync();
        var run = python ? RunId.FromPython(id, host.Project.ToString()) : RunId.FromClient(id);
        await host.CommitAsync(Events.Start("x") with { Id = run });
        var found = await host.Client.GetFromJsonNodeAsync($"/v1/runs/{Uri.EscapeDataString(id)}", Cancellation);
        Assert.Equal(run.ToString(), found["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_ambiguous_id_is_a_conflict_that_exact_resolves()
    {
        await using var host = await ApiHost.StartAsync();
        var (lunary, python) = (RunId.FromClient("id"), RunId.FromPython("id", host.Project.ToString()));
        await host.CommitAsync(Events.Start("a") with { Id = lunary }, Events.Start("b") with { Id = python });
        using var response = await host.Client.GetAsync("/v1/runs/id", Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains($"{lunary} and {python}", await response.MessageAsync(Cancellation), StringComparison.Ordinal);
        using var unclear = await host.Client.GetAsync("/v1/runs/id?exact=maybe", Cancellation);
        Assert.Equal("exact: \"maybe\" is not known. Use true or false.", await unclear.MessageAsync(Cancellation));
        Assert.Equal(lunary.ToString(), (await host.Client.GetFromJsonNodeAsync("/v1/runs/id?exact=true", Cancellation))["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Unknown_runs_are_not_found()
    {
        await using var host = await ApiHost.StartAsync();
        foreach (var path in new[] { "", "/related", "/feedback", "/public?projectId=" + host.Project })
        {
            using var response = await host.Client.GetAsync("/v1/runs/nope" + path, Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Equal("Run not found", await response.MessageAsync(Cancellation));
        }
    }

    [Fact]
    public async Task Related_is_the_subtree()
    {
        await using var host = await ApiHost.StartAsync();
        await host.CommitAsync(
            Events.Start("root", 0, RunTypes.Agent),
            Events.Start("child", 1) with { ParentId = RunId.FromClient("root") },
            Events.Start("grandchild", 2) with { ParentId = RunId.FromClient("child") },
            Events.Start("other", 3));
        var related = await host.Client.GetFromJsonNodeAsync("/v1/runs/root/related", Cancellation);
        Assert.Equal(["root", "child", "grandchild"], related.AsArray().Select(run => run!["clientId"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Feedback_is_read_with_the_public_key_and_nothing_else_is()
    {
        await using var host = await ApiHost.StartAsync();
        await host.CommitAsync(Events.Start("run") with { Feedback = RawJson.Parse("""{"thumb":"down"}""") });
        using var browser = host.ClientWith(host.Project.ToString());
        Assert.Equal("""{"thumb":"down"}""", await browser.GetStringAsync("/v1/runs/run/feedback", Cancellation));
        using var denied = await browser.GetAsync("/v1/runs/run", Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, denied.StatusCode);
        using var stranger = host.ClientWith(null);
        using var refused = await stranger.GetAsync("/v1/runs/run/feedback", Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Only_public_runs_are_shown_to_anyone()
    {
        await using var host = await ApiHost.StartAsync();
        await host.CommitAsync(Events.Start("run") with { UserId = "u_1" });
        using var anyone = host.ClientWith(null);
        var path = $"/v1/runs/run/public?projectId={host.Project}";
        using var hidden = await anyone.GetAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);

        using var body = new StringContent("""{"visibility":true}""", Encoding.UTF8, "application/json");
        using var changed = await host.Client.PatchAsync("/v1/runs/run/visibility", body, Cancellation);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        var shown = await anyone.GetFromJsonNodeAsync(path, Cancellation);
        Assert.True(shown["isPublic"]!.GetValue<bool>());
        Assert.False(shown.AsObject().ContainsKey("user"));

        foreach (var project in new[] { "", "?projectId=x", $"?projectId={host.PrivateKey}" })
        {
            using var refused = await anyone.GetAsync("/v1/runs/run/public" + project, Cancellation);
            Assert.Equal(project.Length == 0 ? HttpStatusCode.BadRequest : HttpStatusCode.NotFound, refused.StatusCode);
        }
    }
}
