using System.Text.Json.Nodes;
using Perilune.Model;

namespace Perilune.Server.Tests.Runs;

public sealed class OpenApiTests(RunningProgram program)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_document_changes_only_on_purpose()
    {
        await Snapshot.MatchAsync(await program.Http.GetStringAsync("/openapi/v1.json", Cancellation), "openapi.v1.json", Cancellation);
    }

    [Fact]
    public async Task Runs_have_the_documented_properties_and_no_others()
    {
        await using var host = await ApiHost.StartAsync();
        await host.CommitAsync(Events.Start("parent"), Events.Start("run") with
        {
            ParentId = RunId.FromClient("parent"),
            UserId = "u_1",
            Score = new Score("s", RawJson.Parse("1"), null),
        });
        var document = JsonNode.Parse(await host.Client.GetStringAsync("/openapi/v1.json", Cancellation))!;
        AssertMatches("Run", await host.Client.GetFromJsonNodeAsync("/v1/runs/run", Cancellation));
        var list = await host.Client.GetFromJsonNodeAsync("/v1/runs", Cancellation);
        AssertMatches("RunList", list, optional: ["searchedBackTo"]);

        void AssertMatches(string schema, JsonNode json, params string[] optional)
        {
            var documented = document["components"]!["schemas"]![schema]!["properties"]!.AsObject();
            Assert.Equal(documented.Select(p => p.Key).Except(optional).Order(), json.AsObject().Select(p => p.Key).Order());
            foreach (var (name, value) in json.AsObject())
            {
                if (value is JsonObject child && documented[name] is { } property && Reference(property) is { } reference)
                {
                    AssertMatches(reference, child);
                }
            }
        }

        static string? Reference(JsonNode property) =>
            (property["$ref"] ?? property["oneOf"]?.AsArray().Select(one => one!["$ref"]).FirstOrDefault(one => one is not null))?.GetValue<string>().Split('/')[^1];
    }

    [Fact]
    public async Task The_docs_page_lets_no_script_run_but_its_own()
    {
        using var page = await program.Http.GetAsync("/docs/", Cancellation);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Matches("script-src 'self' 'nonce-[^']{20,}';", policy);
        Assert.DoesNotContain("https://", await page.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }
}
