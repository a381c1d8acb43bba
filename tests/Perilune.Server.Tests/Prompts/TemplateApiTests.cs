using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Perilune.Model;
using Perilune.Server.Tests.Runs;

namespace Perilune.Server.Tests.Prompts;

public sealed class TemplateApiTests(SharedApiHost shared) : IClassFixture<SharedApiHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Templates_are_written_versioned_published_and_deleted()
    {
        var host = shared.Host;
        var template = await SendAsync("POST", "/v1/templates", """{"slug":"written","mode":"text","content":"Hello {{name}}","extra":{"maxTokens":5},"isDraft":true,"notes":"first"}""");
        var id = (string)template["id"]!;
        var first = template["versions"]!.AsArray().Single()!;
        Assert.Equal(("written", "text", 1, true), ((string?)template["slug"], (string?)template["mode"], (int)first["version"]!, (bool)first["isDraft"]!));
        await SendAsync("GET", "/v1/template_versions/latest?slug=written", null, HttpStatusCode.NotFound);

        await SendAsync("PATCH", $"/v1/template-versions/{first["id"]}", """{"isDraft":false}""");
        var second = await SendAsync("POST", $"/v1/templates/{id}/versions", """{"content":"Hi {{name}}","isDraft":false,"testValues":{"name":"Ada"}}""");
        Assert.Equal(2, (int)second["version"]!);
        Assert.Equal("""{"maxTokens":5}""", second["extra"]!.ToJsonString());
        var live = await SendAsync("GET", "/v1/template-versions/latest?slug=written");
        Assert.Equal(("Hi {{name}}", 2, """{"max_tokens":5}"""), ((string?)live["content"], (int)live["version"]!, live["extra"]!.ToJsonString()));
        Assert.Equal((string?)second["id"], (string?)live["id"]);

        await SendAsync("PUT", $"/v1/templates/{id}/labels/staging", """{"version":1}""");
        Assert.Equal(1, (int)(await SendAsync("GET", "/v1/template_versions/latest?slug=written&label=staging"))["version"]!);
        await SendAsync("PATCH", $"/v1/templates/{id}", """{"slug":"renamed","mode":"text"}""");
        var all = await SendAsync("GET", "/v1/templates/latest");
        Assert.Equal((string?)second["id"], (string?)all.AsArray().Single(t => (string?)t!["slug"] == "renamed")!["id"]);
        Assert.Contains(id, (await SendAsync("GET", "/v1/templates")).AsArray().Select(t => (string?)t!["id"]));

        using var gone = await host.Client.DeleteAsync(new Uri($"/v1/templates/{id}", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await SendAsync("GET", $"/v1/templates/{id}", null, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Clients_read_with_the_public_key_and_get_the_sentence_they_compare()
    {
        var host = shared.Host;
        await SendAsync("POST", "/v1/templates", """{"slug":"shipped","content":[{"role":"user","content":"{{q}}","toolCallId":"c"}]}""");
        using var browser = host.ClientWith(host.Project.ToString());
        foreach (var path in new[] { "/v1/template_versions/latest?slug=shipped", "/v1/template-versions/latest?slug=shipped", $"/api/v1/template?slug=shipped&app_id={host.Project}" })
        {
            var live = await browser.GetFromJsonNodeAsync(path, Cancellation);
            Assert.Equal("""[{"role":"user","content":"{{q}}","tool_call_id":"c"}]""", live["content"]!.ToJsonString());
        }

        foreach (var path in new[] { "/v1/template_versions/latest?slug=absent", "/v1/template_versions/latest?slug=shipped&label=absent", "/api/v1/template?slug=shipped&app_id=00000000-0000-4000-8000-000000000000" })
        {
            using var answer = await browser.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
            Assert.Equal((HttpStatusCode.NotFound, "Template not found, is the project ID correct?"), (answer.StatusCode, await answer.MessageAsync(Cancellation)));
        }

        using var list = await browser.GetAsync(new Uri("/v1/templates", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, list.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/v1/templates", "[]", 422, "body: Send a JSON object.")]
    [InlineData("POST", "/v1/templates", "{", 400, "The body is not JSON: line 1, byte 2.")]
    [InlineData("POST", "/v1/templates", """{"slug":"x"}""", 422, "content: is missing. Send a string, or an array of messages.")]
    [InlineData("POST", "/v1/templates", """{"content":"x"}""", 422, "A template needs a name of 1 to 100 characters.")]
    [InlineData("POST", "/v1/templates", """{"slug":"x","content":"x","mode":"yaml"}""", 422, "mode: \"yaml\" is not known. Send text or openai.")]
    [InlineData("POST", "/v1/templates", """{"slug":"x","content":"x","extra":[]}""", 422, "extra: this is not a JSON object.")]
    [InlineData("POST", "/v1/templates", """{"slug":"x","content":"x","isDraft":"yes"}""", 422, "isDraft: Send true or false.")]
    [InlineData("PATCH", "/v1/templates/none", "{}", 404, "Template not found")]
    [InlineData("POST", "/v1/templates/99999/versions", "{}", 404, "Template not found")]
    [InlineData("GET", "/v1/template_versions/latest", null, 400, "slug: is missing. Add ?slug= and the template's slug.")]
    public async Task Mistakes_are_explained(string method, string path, string? body, int status, string message)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await shared.Host.Client.SendAsync(request, Cancellation);
        Assert.Equal((status, message), ((int)answer.StatusCode, await answer.MessageAsync(Cancellation)));
    }

    [Fact]
    public async Task Runs_tell_the_slug_of_their_template()
    {
        var host = shared.Host;
        var made = await SendAsync("POST", "/v1/templates", """{"slug":"linked","content":"x"}""");
        var version = (string)made["versions"]![0]!["id"]!;
        await host.CommitAsync(
            Events.Start("templated") with { TemplateVersionId = version },
            Events.Start("untemplated") with { TemplateVersionId = "not ours" });

        Assert.Equal("linked", (string?)(await host.Client.GetFromJsonNodeAsync("/v1/runs/templated", Cancellation))["templateSlug"]);
        var list = (await host.Client.GetFromJsonNodeAsync($"/v1/runs?templates={version}", Cancellation))["data"]!.AsArray();
        Assert.Equal("linked", (string?)list.Single()!["templateSlug"]);
        Assert.Null((await host.Client.GetFromJsonNodeAsync("/v1/runs/untemplated", Cancellation))["templateSlug"]);
    }

    private async Task<JsonNode> SendAsync(string method, string path, string? body = null, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await shared.Host.Client.SendAsync(request, Cancellation);
        Assert.Equal(expected, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!;
    }
}
