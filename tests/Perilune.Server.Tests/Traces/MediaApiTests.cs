using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Perilune.Control;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Server.Tests.Traces;

/// <summary>Media asked for by their id alone, and media of a whole trace.</summary>
public sealed class MediaApiTests(RunningProgram program)
{
    private const string Root = "8cadecfc40e5e01a";
    private const string Child = "8cadecfc40e5e01b";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IRunStore Store => program.Services.GetRequiredService<IRunStore>();

    [Fact]
    public async Task Are_found_by_their_id_while_any_run_has_them()
    {
        const string Trace = "20000000000000000000000000000001";
        var picture = RandomNumberGenerator.GetBytes(70);
        var id = IdOf(picture);
        using (var missing = await GetAsync($"/api/public/media/{id}", RunningProgram.PrivateKey))
        {
            Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
            Assert.Contains("no medium with this id", await missing.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        await UploadAsync(Trace, Root, picture);
        await UploadAsync(Trace, Child, picture);
        var before = TimeProvider.System.GetUtcNow();
        var medium = await FindAsync(id);
        Assert.Equal((id, "image/png", 70), (medium.GetProperty("mediaId").GetString(), medium.GetProperty("contentType").GetString(), medium.GetProperty("contentLength").GetInt32()));
        Assert.InRange(medium.GetProperty("uploadedAt").GetDateTimeOffset(), before.AddMinutes(-5), before);
        Assert.InRange(medium.GetProperty("urlExpiry").GetDateTimeOffset(), before.AddHours(1), before.AddHours(1).AddMinutes(5));
        Assert.Equal(picture, await BytesAsync(medium));

        // Another run with its tag is not it.
        await SendSpanAsync("20000000000000000000000000000009", Root, "none", more: $$$$""",{"key":"langfuse.trace.tags","value":{"arrayValue":{"values":[{"stringValue":"media:{{{{id}}}}"}]}}}""");
        Assert.Equal(picture, await BytesAsync(await FindAsync(id)));

        await Store.DeleteAsync(RunningProgram.PublicKey, MediaRuns.IdOf(RunOf(Trace, Root), id), Cancel);
        Assert.Equal(picture, await BytesAsync(await FindAsync(id)));
        var last = await FindAsync(id);
        await Store.DeleteAsync(RunningProgram.PublicKey, MediaRuns.IdOf(RunOf(Trace, Child), id), Cancel);
        using var gone = await GetAsync($"/api/public/media/{id}", RunningProgram.PrivateKey);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        using var deleted = await GetAsync(last.GetProperty("url").GetString()!, null);
        Assert.Equal(HttpStatusCode.NotFound, deleted.StatusCode);
    }

    [Fact]
    public async Task Are_for_the_private_key_and_by_an_address_that_was_given()
    {
        var page = "<script>alert(1)</script>"u8.ToArray();
        await UploadAsync("20000000000000000000000000000002", Root, page, "text/html");
        foreach (var key in new Guid?[] { RunningProgram.PublicKey, null })
        {
            using var refused = await GetAsync($"/api/public/media/{IdOf(page)}", key);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        var url = (await FindAsync(IdOf(page))).GetProperty("url").GetString()!;
        foreach (var wrong in new[] { url[..^3], url.Split('?')[0], await UploadAsync("20000000000000000000000000000002", Root, page, "text/html") })
        {
            using var refused = await GetAsync(wrong, null);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Contains("Ask for a new one", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        using var saved = await GetAsync(url, null);
        Assert.Equal(("application/octet-stream", "attachment"), (saved.Content.Headers.ContentType!.MediaType, saved.Content.Headers.ContentDisposition!.DispositionType));
        Assert.Equal(page, await saved.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Theory]
    [InlineData("20000000000000000000000000000003", true)]
    [InlineData("20000000000000000000000000000004", false)]
    public async Task Of_a_trace_are_shown_and_go_with_it(string trace, bool isSpanFirst)
    {
        var picture = RandomNumberGenerator.GetBytes(70);
        if (isSpanFirst)
        {
            await SendTraceAsync(trace, picture);
            Assert.Contains("image/png not uploaded", await PageAsync(trace), StringComparison.Ordinal);
        }

        await UploadAsync(trace, null, picture);
        if (!isSpanFirst)
        {
            Assert.Equal(picture, await BytesAsync(await FindAsync(IdOf(picture))));
            await SendTraceAsync(trace, picture);
        }

        var medium = MediaRuns.IdOf(MediaRuns.HolderOf(trace), IdOf(picture));
        var source = $"<img class=\"picture\" src=\"projects/{RunningProgram.PublicKey}/runs/{medium}/media\"";
        Assert.Contains(source, await PageAsync(trace), StringComparison.Ordinal);
        Assert.Contains(source, await PageAsync(trace, medium), StringComparison.Ordinal);
        Assert.Equal("image/png", (await FindAsync(IdOf(picture))).GetProperty("contentType").GetString());

        // The root, its child, and what the medium is below.
        var runs = await Store.SubtreeAsync(RunningProgram.PublicKey, RunOf(trace, Root), RunDetail.None, Cancel);
        Assert.Equal(4, runs.Count);
        Assert.All(runs.Where(run => run.Type == RunTypes.Plumbing), run => Assert.True(run.IsStructural && run.User.Effective == $"user-{trace}"));
        Assert.Equal(4, isSpanFirst
            ? await Store.EraseUserAsync(RunningProgram.PublicKey, $"user-{trace}", Cancel)
            : await Store.DeleteAsync(RunningProgram.PublicKey, RunOf(trace, Root), Cancel));
        Assert.Null(await Store.FindAsync(RunningProgram.PublicKey, medium, Cancel));
        using var gone = await GetAsync($"/api/public/media/{IdOf(picture)}", RunningProgram.PrivateKey);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    private static RunId RunOf(string trace, string observation) => RunId.FromClient($"{trace}-{observation}");

    private static string IdOf(byte[] bytes) => Convert.ToBase64String(SHA256.HashData(bytes)).Replace('+', '-').Replace('/', '_')[..22];

    private async Task<JsonElement> FindAsync(string id)
    {
        using var response = await GetAsync($"/api/public/media/{id}", RunningProgram.PrivateKey);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        return json.RootElement.Clone();
    }

    /// <summary>The bytes at the address that was given, as a picture that can do nothing else.</summary>
    private async Task<byte[]> BytesAsync(JsonElement medium)
    {
        using var response = await GetAsync(medium.GetProperty("url").GetString()!, null);
        Assert.Equal((HttpStatusCode.OK, "image/png"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("default-src 'none'; sandbox", Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        return await response.Content.ReadAsByteArrayAsync(Cancel);
    }

    /// <summary>Returns the address that it was uploaded to.</summary>
    private async Task<string> UploadAsync(string trace, string? observation, byte[] bytes, string type = "image/png")
    {
        var question = JsonSerializer.Serialize(new
        {
            traceId = trace, observationId = observation, contentType = type, contentLength = bytes.Length, sha256Hash = Convert.ToBase64String(SHA256.HashData(bytes)), field = "input",
        });
        using var json = JsonDocument.Parse(await SendAsync("/api/public/media", question));
        var address = json.RootElement.GetProperty("uploadUrl").GetString()!;
        using var content = new ByteArrayContent(bytes);
        using var response = await program.Http.PutAsync(address, content, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return address;
    }

    private async Task SendTraceAsync(string trace, byte[] picture)
    {
        await SendSpanAsync(trace, Child, "nothing", parent: Root);
        await SendSpanAsync(trace, Root, $"@@@langfuseMedia:type=image/png|id={IdOf(picture)}|source=base64_data_uri@@@", "langfuse.trace.input");
    }

    private async Task SendSpanAsync(string trace, string span, string input, string attribute = "langfuse.observation.input", string parent = "", string more = "") => await SendAsync(
        "/api/public/otel/v1/traces",
        $$$$"""
            {"resourceSpans":[{"scopeSpans":[{"scope":{"name":"langfuse-sdk"},"spans":[{"traceId":"{{{{trace}}}}","spanId":"{{{{span}}}}","parentSpanId":"{{{{parent}}}}","name":"look","startTimeUnixNano":"1760000000000000000","endTimeUnixNano":"1760000001000000000","attributes":[
              {"key":"langfuse.observation.type","value":{"stringValue":"span"}},{"key":"langfuse.user.id","value":{"stringValue":"user-{{{{trace}}}}"}},
              {"key":"{{{{attribute}}}}","value":{"stringValue":{{{{JsonSerializer.Serialize(input)}}}}}}{{{{more}}}}]}]}]}]}
            """);

    private async Task<string> SendAsync(string path, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{RunningProgram.PublicKey}:{RunningProgram.PrivateKey}")));
        using var response = await program.Http.SendAsync(request, Cancel);
        Assert.True(response.IsSuccessStatusCode);
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, Guid? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key.ToString());
        return await program.Http.SendAsync(request, Cancel);
    }

    private async Task<string> PageAsync(string trace, RunId? run = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/projects/{RunningProgram.PublicKey}/traces/{RunOf(trace, Root)}?run={run ?? RunOf(trace, Root)}");
        request.Headers.Add("Cookie", await program.SignInNewAccountAsync(Role.Viewer, Cancel));
        using var response = await program.Http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancel);
    }
}
