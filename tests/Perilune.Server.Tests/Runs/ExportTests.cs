using System.Net;
using System.Text.Json.Nodes;
using Perilune.Model;

namespace Perilune.Server.Tests.Runs;

public sealed class ExportTests(SharedApiHost shared) : IClassFixture<SharedApiHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_that_matches_is_exported_and_nothing_else()
    {
        var host = shared.Host;
        await host.CommitAsync([.. Enumerable.Range(0, 1_203).Select(i => Events.Start($"many-{i}", i) with { Tags = i % 2 == 0 ? ["even"] : ["odd"] })]);

        var lines = await LinesAsync("/v1/runs/export?type=llm&exportFormat=jsonl&tags=even");

        Assert.Equal(602, lines.Length);
        Assert.Equal(Enumerable.Range(0, 602).Select(i => $"many-{1202 - (2 * i)}"), lines.Select(line => (string?)JsonNode.Parse(line)!["clientId"]));
        Assert.Equal(1 + 601, (await LinesAsync("/v1/runs/export?type=llm&exportFormat=csv&tags=odd&sortDirection=asc")).Length);
    }

    [Fact]
    public async Task Csv_keeps_commas_quotes_and_line_breaks_and_runs_no_formula()
    {
        await shared.Host.CommitAsync(Events.Start("csv") with
        {
            Name = "=HYPERLINK(\"x\")", Tags = ["csv"], Input = RawJson.Parse("\"a,\\\"b\\\"\\nc\""), Metadata = RawJson.Parse("{\n\"k\": 1}"),
        });

        var text = await shared.Host.Client.GetStringAsync(new Uri("/v1/runs/export?type=llm&exportFormat=csv&tags=csv", UriKind.Relative), Cancellation);

        Assert.Contains(",\"'=HYPERLINK(\"\"x\"\")\",", text, StringComparison.Ordinal);
        Assert.Contains(",\"\"\"a,\\\"\"b\\\"\"\\nc\"\"\",", text, StringComparison.Ordinal);
        Assert.Contains(",\"{\n\"\"k\"\": 1}\",", text, StringComparison.Ordinal);
        Assert.StartsWith("id,clientId,type,name,status,createdAt,", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conversations_are_exported_as_models_are_tuned_with_them()
    {
        await shared.Host.CommitAsync(
            Events.Start("chat-1") with { Tags = ["chat"], Input = RawJson.Parse("""[{"role":"user","content":"hi"}]"""), Output = RawJson.Parse("""{"role":"assistant","content":"ho"}""") },
            Events.Start("chat-2", 1) with { Tags = ["chat"], Input = RawJson.Parse("\"hi\""), Output = RawJson.Parse("\"ho\"") },
            Events.Start("chat-3", 2) with { Tags = ["chat"], Input = RawJson.Parse("5") },
            Events.Start("chat-4", 3, "tool") with { Tags = ["chat"], Input = RawJson.Parse("\"hi\""), Output = RawJson.Parse("\"ho\"") });

        Assert.Equal(
            Enumerable.Repeat("""{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"ho"}]}""", 2),
            await LinesAsync("/v1/runs/export?exportFormat=ojsonl&tags=chat"));
    }

    [Fact]
    public async Task A_line_is_a_line_and_a_trace_brings_its_runs()
    {
        await shared.Host.CommitAsync(
            Events.Start("root", 0, "agent") with { Tags = ["lines"], Metadata = RawJson.Parse("{\r\n  \"a\":\n1}") },
            Events.Start("below", 1) with { ParentId = RunId.FromClient("root") });

        var lines = await LinesAsync("/v1/runs/export?type=trace&exportFormat=jsonl&tags=lines");

        var line = JsonNode.Parse(Assert.Single(lines))!;
        Assert.Equal("root", (string?)line["run"]!["clientId"]);
        Assert.Equal("below", (string?)line["runs"]![0]!["clientId"]);
        Assert.Equal(1, (int)line["run"]!["metadata"]!["a"]!);
    }

    [Fact]
    public async Task A_link_exports_its_project_for_a_while()
    {
        await shared.Host.CommitAsync(Events.Start("linked") with { Tags = ["link"] });
        using var made = await shared.Host.Client.PostAsync(new Uri("/v1/runs/generate-export-token", UriKind.Relative), null, Cancellation);
        var token = (string)JsonNode.Parse(await made.Content.ReadAsStringAsync(Cancellation))!["token"]!;
        using var nobody = shared.Host.ClientWith(null);

        var text = await nobody.GetStringAsync(new Uri($"/v1/runs/exports/{token}?type=llm&exportFormat=jsonl&tags=link", UriKind.Relative), Cancellation);
        Assert.Contains("\"clientId\":\"linked\"", text, StringComparison.Ordinal);

        using var forged = await nobody.GetAsync(new Uri($"/v1/runs/exports/{token[..^4]}aaaa?type=llm&exportFormat=jsonl", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
    }

    [Theory]
    [InlineData("type=llm&exportFormat=xml", "exportFormat: \"xml\" is not known. Use csv, jsonl or ojsonl.")]
    [InlineData("type=thread&exportFormat=ojsonl", "exportFormat: ojsonl holds conversations of LLM calls. Export with type=llm, or choose csv or jsonl.")]
    [InlineData("exportFormat=csv&filter=modle:x", "filter: There is no field \"modle\". Did you mean \"model\"? (at position 0)")]
    public async Task Mistakes_are_explained(string query, string message)
    {
        using var response = await shared.Host.Client.GetAsync(new Uri("/v1/runs/export?" + query, UriKind.Relative), Cancellation);
        Assert.Equal((HttpStatusCode.BadRequest, message), (response.StatusCode, await response.MessageAsync(Cancellation)));
    }

    private async Task<string[]> LinesAsync(string path) =>
        (await shared.Host.Client.GetStringAsync(new Uri(path, UriKind.Relative), Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
