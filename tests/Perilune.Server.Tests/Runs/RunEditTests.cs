using System.Net;
using System.Text;
using Perilune.Model;

namespace Perilune.Server.Tests.Runs;

public sealed class RunEditTests(SharedApiHost shared) : IClassFixture<SharedApiHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Edits_show_at_once()
    {
        var host = shared.Host;
        await host.CommitAsync(Events.Start("edited") with { Tags = ["old"] });

        await EditAsync(host, "feedback", """{"thumb":"up","comment":"good"}""");
        await EditAsync(host, "feedback", """{"comment":null}""");
        await EditAsync(host, "score", """{"label":"n","value":0.50,"comment":"half"}""");
        await EditAsync(host, "score", """{"label":"s","value":"fine"}""");
        await EditAsync(host, "score", """{"label":"b","value":true}""");
        await EditAsync(host, "tags", """{"tags":["new","new"]}""");
        await EditAsync(host, "visibility", """{"visibility":true}""");
        var run = await host.Client.GetFromJsonNodeAsync("/v1/runs/edited", Cancellation);
        Assert.Equal("up", run["feedback"]!["thumb"]!.GetValue<string>());
        Assert.Null(run["feedback"]!["comment"]);
        Assert.Equal(
            ["b true null", "n 0.50 \"half\"", "s \"fine\" null"],
            run["scores"]!.AsArray().Select(s => $"{s!["label"]} {s["value"]!.ToJsonString()} {s["comment"]?.ToJsonString() ?? "null"}"));
        Assert.Equal("""["new"]""", run["tags"]!.ToJsonString());
        Assert.True(run["isPublic"]!.GetValue<bool>());

        await EditAsync(host, "feedback", "null");
        await EditAsync(host, "tags", """{"tags":null}""");
        await EditAsync(host, "visibility", """{"visibility":"private"}""");
        run = await host.Client.GetFromJsonNodeAsync("/v1/runs/edited", Cancellation);
        Assert.True(run["feedback"]?.ToJsonString() is null or "{}");
        Assert.Equal("[]", run["tags"]!.ToJsonString());
        Assert.False(run["isPublic"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Deleting_takes_everything_below()
    {
        var host = shared.Host;
        await host.CommitAsync(Events.Start("root"), Events.Start("child", 1) with { ParentId = RunId.FromClient("root") }, Events.Start("other", 2));
        using var deleted = await host.Client.DeleteAsync("/v1/runs/root", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var again = await host.Client.DeleteAsync("/v1/runs/root", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Equal("0", await host.Client.GetStringAsync("/v1/runs/count?filter=id:root,child", Cancellation));
        Assert.Equal("1", await host.Client.GetStringAsync("/v1/runs/count?filter=id:other", Cancellation));
    }

    [Theory]
    [InlineData("score", "{", HttpStatusCode.BadRequest, "The body is not JSON: line 1, byte 2.")]
    [InlineData("score", "", HttpStatusCode.BadRequest, "The body is not JSON: line 1, byte 1.")]
    [InlineData("score", "[]", HttpStatusCode.UnprocessableEntity, "body: Send an object with \"label\".")]
    [InlineData("score", "{\"value\":1}", HttpStatusCode.UnprocessableEntity, "label: Send the score's name, a text of 1 to 256 characters.")]
    [InlineData("score", "{\"label\":5,\"value\":1}", HttpStatusCode.UnprocessableEntity, "label: Send a text.")]
    [InlineData("score", "{\"label\":\"a\",\"value\":null}", HttpStatusCode.UnprocessableEntity, "value: Send a number, a text, true or false.")]
    [InlineData("score", "{\"label\":\"\\ud800\",\"value\":1}", HttpStatusCode.UnprocessableEntity, "body: A text holds half of a surrogate pair. Send valid Unicode.")]
    [InlineData("feedback", "\"up\"", HttpStatusCode.UnprocessableEntity, "feedback: Send an object such as {\"thumb\":\"up\",\"comment\":\"…\"}, or null to remove the feedback.")]
    [InlineData("tags", "{\"tags\":\"a\"}", HttpStatusCode.UnprocessableEntity, "tags: Send an array of at most 256 texts, or null for none.")]
    [InlineData("tags", "{\"tags\":[1]}", HttpStatusCode.UnprocessableEntity, "tags: Send a text.")]
    [InlineData("tags", "{}", HttpStatusCode.UnprocessableEntity, "tags: Send an array of at most 256 texts, or null for none.")]
    [InlineData("visibility", "{\"visibility\":1}", HttpStatusCode.UnprocessableEntity, "visibility: Send true (anyone with the link may see the run) or false.")]
    public async Task Says_what_is_wrong_with_a_body(string edit, string body, HttpStatusCode status, string message)
    {
        var host = shared.Host;
        await host.CommitAsync(Events.Start("run"));
        using var response = await SendAsync(host, "run", edit, body);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(message, await response.MessageAsync(Cancellation));
    }

    [Fact]
    public async Task A_form_is_told_to_be_json()
    {
        using var form = new FormUrlEncodedContent([new("label", "a")]);
        using var response = await shared.Host.Client.PatchAsync("/v1/runs/run/score", form, Cancellation);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("Send JSON, with the header 'Content-Type: application/json'.", await response.MessageAsync(Cancellation));
    }

    [Fact]
    public async Task Nothing_is_stored_about_runs_that_do_not_exist()
    {
        var host = shared.Host;
        using var response = await SendAsync(host, "nope", "score", """{"label":"a","value":1}""");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        await host.CommitAsync(Events.Start("nope"));
        Assert.Equal("[]", (await host.Client.GetFromJsonNodeAsync("/v1/runs/nope", Cancellation))["scores"]!.ToJsonString());
    }

    [Fact]
    public async Task Large_bodies_and_public_keys_are_refused()
    {
        var host = shared.Host;
        await host.CommitAsync(Events.Start("run"));

        // Waits to be told to go on before it sends the body, which the answer forestalls.
        using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) };
        using var careful = new HttpClient(handler) { BaseAddress = host.Client.BaseAddress };
        careful.DefaultRequestHeaders.Authorization = host.Client.DefaultRequestHeaders.Authorization;
        careful.DefaultRequestHeaders.ExpectContinue = true;
        using var comment = new StringContent($"{{\"comment\":\"{new string('x', 1 << 20)}\"}}", Encoding.UTF8, "application/json");
        using var large = await careful.PatchAsync("/v1/runs/run/feedback", comment, Cancellation);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);

        using var browser = host.ClientWith(host.Project.ToString());
        using var content = new StringContent("""{"thumb":"up"}""", Encoding.UTF8, "application/json");
        using var refused = await browser.PatchAsync("/v1/runs/run/feedback", content, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private static async Task EditAsync(ApiHost host, string edit, string body)
    {
        using var response = await SendAsync(host, "edited", edit, body);
        Assert.Equal((HttpStatusCode.OK, "{}"), (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation)));
    }

    private static async Task<HttpResponseMessage> SendAsync(ApiHost host, string id, string edit, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await host.Client.PatchAsync($"/v1/runs/{id}/{edit}", content, Cancellation);
    }
}
