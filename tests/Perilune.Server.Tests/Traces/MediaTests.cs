using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Perilune.Control;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Server.Tests.Traces;

/// <summary>Media that Langfuse's SDKs take out of messages and upload by themselves.</summary>
public sealed class MediaTests(RunningProgram program)
{
    private const string Observation = "8cadecfc40e5e01a";
    private const string Client = "media-tests/1";

    /// <summary>A picture of one pixel.</summary>
    private static readonly byte[] s_picture = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IRunStore Store => program.Services.GetRequiredService<IRunStore>();

    [Theory]
    [InlineData("10000000000000000000000000000001", true)]
    [InlineData("10000000000000000000000000000002", false)]
    public async Task Are_shown_where_they_were_whichever_comes_first(string trace, bool isSpanFirst)
    {
        if (isSpanFirst)
        {
            await SendSpanAsync(trace, Reference(s_picture));
            Assert.Contains("image/png not uploaded", await PageAsync(trace), StringComparison.Ordinal);
        }

        var accepted = await AcceptedAsync();
        var (id, address) = await AskAsync(trace, s_picture);
        Assert.StartsWith(program.Http.BaseAddress!.ToString(), address, StringComparison.Ordinal);
        for (var times = 0; times < 2; times++)
        {
            Assert.Equal((HttpStatusCode.OK, ""), await PutAsync(address!, s_picture));
        }

        Assert.Equal(HttpStatusCode.NoContent, await ReportAsync(id, """{"uploadedAt":"2026-01-01T00:00:00Z","uploadHttpStatus":200,"uploadTimeMs":12}"""));
        Assert.Equal(accepted, await AcceptedAsync());
        if (!isSpanFirst)
        {
            await SendSpanAsync(trace, Reference(s_picture));
        }

        var page = await PageAsync(trace);
        var medium = MediaRuns.IdOf(RunOf(trace), id);
        var source = $"projects/{RunningProgram.PublicKey}/runs/{medium}/media";
        Assert.Contains($"<img class=\"picture\" src=\"{source}\"", page, StringComparison.Ordinal);
        Assert.Contains("What is this?", page, StringComparison.Ordinal);
        Assert.DoesNotContain("@@@", page[page.IndexOf("id=\"panel\"", StringComparison.Ordinal)..], StringComparison.Ordinal);
        using var shown = await GetAsync("/" + source);
        Assert.Equal("image/png", shown.Content.Headers.ContentType!.MediaType);
        Assert.Equal(s_picture, await shown.Content.ReadAsByteArrayAsync(Cancel));

        // Itself it shows itself.
        Assert.Contains($"<img class=\"picture\" src=\"{source}\"", await PageAsync(trace, run: medium), StringComparison.Ordinal);

        // It is none of the details.
        var details = await PageAsync(trace, "&tab=details");
        Assert.DoesNotContain("base64", details, StringComparison.Ordinal);

        // With what media of its trace would be below.
        Assert.Equal(3, (await Store.SubtreeAsync(RunningProgram.PublicKey, RunOf(trace), RunDetail.None, Cancel)).Count);

        // It goes with its run.
        Assert.Equal(3, await Store.DeleteAsync(RunningProgram.PublicKey, RunOf(trace), Cancel));
        using var gone = await GetAsync("/" + source);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await ApiAsync($"/v1/runs/{trace}-{Observation}"));
        Assert.Equal((HttpStatusCode.OK, ""), await PutAsync(address!, s_picture));
        Assert.Null(await Store.FindAsync(RunningProgram.PublicKey, medium, Cancel));
    }

    [Fact]
    public async Task Other_than_pictures_are_played_or_saved()
    {
        const string Trace = "10000000000000000000000000000003";
        var (sound, document) = ("RIFF sound"u8.ToArray(), "<script>alert(1)</script>"u8.ToArray());
        var (soundId, soundAddress) = await AskAsync(Trace, sound, "audio/wav");
        var (documentId, documentAddress) = await AskAsync(Trace, document, "text/html");
        await PutAsync(soundAddress!, sound);
        await PutAsync(documentAddress!, document);
        await SendSpanAsync(Trace, $"{Reference(sound, "audio/wav")} and {Reference(document, "text/html")}");

        var page = await PageAsync(Trace);
        Assert.Contains("<audio controls", page, StringComparison.Ordinal);
        Assert.Contains("text/html, 25 B", page, StringComparison.Ordinal);
        using var saved = await GetAsync($"/projects/{RunningProgram.PublicKey}/runs/{MediaRuns.IdOf(RunOf(Trace), documentId)}/media");
        Assert.Equal(("application/octet-stream", "attachment"), (saved.Content.Headers.ContentType!.MediaType, saved.Content.Headers.ContentDisposition!.DispositionType));
        using var played = await GetAsync($"/projects/{RunningProgram.PublicKey}/runs/{MediaRuns.IdOf(RunOf(Trace), soundId)}/media");
        Assert.Equal("audio/wav", played.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Are_taken_only_as_announced_and_only_with_a_grant()
    {
        const string Trace = "10000000000000000000000000000004";
        var (id, address) = await AskAsync(Trace, s_picture);
        var (_, other) = await AskAsync(Trace, [1, 2, 3]);
        byte[] wrong = [.. s_picture];
        wrong[^1] ^= 1;
        var protector = program.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("Perilune.Media").ToTimeLimitedDataProtector();
        var grant = QueryHelpers.ParseQuery(new Uri(address!).Query)["grant"].ToString();
        var expired = protector.Protect(protector.Unprotect(grant), TimeProvider.System.GetUtcNow().AddMinutes(-1));

        Assert.Contains("SHA-256 is not", await RefusedAsync(HttpStatusCode.BadRequest, address!, wrong), StringComparison.Ordinal);
        Assert.Contains($"{s_picture.Length} bytes", await RefusedAsync(HttpStatusCode.BadRequest, address!, s_picture[1..]), StringComparison.Ordinal);
        Assert.Contains($"{s_picture.Length} bytes", await RefusedAsync(HttpStatusCode.BadRequest, address!, [.. s_picture, 0]), StringComparison.Ordinal);
        Assert.Contains("Ask for a new one", await RefusedAsync(HttpStatusCode.Forbidden, address!.Replace(grant, expired, StringComparison.Ordinal), s_picture), StringComparison.Ordinal);
        await RefusedAsync(HttpStatusCode.Forbidden, address[..^2], s_picture);
        await RefusedAsync(HttpStatusCode.Forbidden, address.Split('?')[0], s_picture);
        await RefusedAsync(HttpStatusCode.Forbidden, $"{address.Split('?')[0]}?{new Uri(other!).Query[1..]}", s_picture);
        await RefusedAsync(HttpStatusCode.Forbidden, address.Replace(grant, program.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("Perilune.Export").ToTimeLimitedDataProtector().Protect("{}"), StringComparison.Ordinal), s_picture);
        Assert.Null(await Store.FindAsync(RunningProgram.PublicKey, MediaRuns.IdOf(RunOf(Trace), id), Cancel));
    }

    [Fact]
    public async Task That_are_too_large_or_fail_on_the_way_are_refusals()
    {
        const string Trace = "10000000000000000000000000000005";
        var (id, address) = await AskAsync(Trace, s_picture, length: (20 << 20) + 1);
        Assert.Null(address);
        Assert.Contains(await RefusalsAsync(id), reason => reason.Contains("at most 20 are taken", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.NoContent, await ReportAsync(id, """{"uploadHttpStatus":502,"uploadHttpError":"Bad gateway"}"""));
        Assert.Contains(await RefusalsAsync(id), reason => reason.Contains("status 502 (Bad gateway)", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NoContent, await ReportAsync(id, "["));
    }

    [Fact]
    public async Task Of_a_public_key_add_to_runs_and_change_none()
    {
        const string Trace = "10000000000000000000000000000006";
        await SendSpanAsync(Trace, Reference(s_picture));
        var (id, address) = await AskAsync(Trace, s_picture, key: RunningProgram.PublicKey);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(address!, s_picture)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(address!, s_picture)).Status);
        var (_, again) = await AskAsync(Trace, s_picture, "text/plain", key: RunningProgram.PublicKey);
        await PutAsync(again!, s_picture);
        Assert.Equal("image/png", (await Store.FindAsync(RunningProgram.PublicKey, MediaRuns.IdOf(RunOf(Trace), id), Cancel))!.Name);
    }

    [Fact]
    public async Task Of_megabytes_do_not_make_pages_of_megabytes()
    {
        const string Trace = "10000000000000000000000000000007";
        var large = RandomNumberGenerator.GetBytes(20 << 20);
        var (id, address) = await AskAsync(Trace, large, "image/jpeg");
        Assert.Equal((HttpStatusCode.OK, ""), await PutAsync(address!, large));
        await SendSpanAsync(Trace, Reference(large, "image/jpeg"));
        Assert.InRange((await PageAsync(Trace)).Length, 1, 100_000);
        foreach (var tab in new[] { "messages", "raw", "details" })
        {
            Assert.InRange((await PageAsync(Trace, $"&tab={tab}", MediaRuns.IdOf(RunOf(Trace), id))).Length, 1, 100_000);
        }

        var list = await Store.ListAsync(RunningProgram.PublicKey, new RunQuery { Limit = 1000 }, Cancel);
        Assert.InRange(list.Runs.Single(r => r.Id == MediaRuns.IdOf(RunOf(Trace), id)).Output.Utf8.Length, 1, 200);
        using var shown = await GetAsync($"/projects/{RunningProgram.PublicKey}/runs/{MediaRuns.IdOf(RunOf(Trace), id)}/media");
        Assert.Equal(large, await shown.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Fact]
    public async Task Are_erased_with_the_user_of_their_run()
    {
        const string Trace = "10000000000000000000000000000008";
        var (id, address) = await AskAsync(Trace, s_picture);
        await PutAsync(address!, s_picture);
        await SendSpanAsync(Trace, Reference(s_picture), user: "media-tests-user");
        Assert.NotNull(await Store.FindAsync(RunningProgram.PublicKey, MediaRuns.IdOf(RunOf(Trace), id), Cancel));
        Assert.Equal(3, await Store.EraseUserAsync(RunningProgram.PublicKey, "media-tests-user", Cancel));
        Assert.Null(await Store.FindAsync(RunningProgram.PublicKey, MediaRuns.IdOf(RunOf(Trace), id), Cancel));
    }

    private static RunId RunOf(string trace) => RunId.FromClient($"{trace}-{Observation}");

    private static string IdOf(byte[] bytes) => Convert.ToBase64String(SHA256.HashData(bytes)).Replace('+', '-').Replace('/', '_')[..22];

    private static string Reference(byte[] bytes, string type = "image/png") => $"@@@langfuseMedia:type={type}|id={IdOf(bytes)}|source=base64_data_uri@@@";

    private async Task<(string Id, string? Address)> AskAsync(string trace, byte[] bytes, string type = "image/png", int? length = null, Guid? key = null)
    {
        var question = JsonSerializer.Serialize(new
        {
            traceId = trace, observationId = Observation, contentType = type, contentLength = length ?? bytes.Length, sha256Hash = Convert.ToBase64String(SHA256.HashData(bytes)), field = "input",
        });
        var (status, answer) = await SendAsync(HttpMethod.Post, "/api/public/media", question, key ?? RunningProgram.PrivateKey);
        Assert.Equal(HttpStatusCode.Created, status);
        using var json = JsonDocument.Parse(answer);
        Assert.Equal(IdOf(bytes), json.RootElement.GetProperty("mediaId").GetString());
        return (IdOf(bytes), json.RootElement.GetProperty("uploadUrl").GetString());
    }

    private async Task<(HttpStatusCode Status, string Answer)> PutAsync(string address, byte[] bytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        request.Headers.UserAgent.ParseAdd(Client);
        request.Headers.Add("x-amz-checksum-sha256", Convert.ToBase64String(SHA256.HashData(bytes)));
        using var response = await program.Http.SendAsync(request, Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    private async Task<string> RefusedAsync(HttpStatusCode status, string address, byte[] bytes)
    {
        var (got, answer) = await PutAsync(address, bytes);
        Assert.Equal(status, got);
        using var json = JsonDocument.Parse(answer);
        return json.RootElement.GetProperty("message").GetString()!;
    }

    private async Task<HttpStatusCode> ReportAsync(string id, string report) =>
        (await SendAsync(HttpMethod.Patch, $"/api/public/media/{id}", report, RunningProgram.PrivateKey)).Status;

    private async Task SendSpanAsync(string trace, string reference, string user = "")
    {
        var messages = JsonSerializer.Serialize(new object[] { new { role = "user", content = new object[] { new { type = "text", text = "What is this?" }, new { type = "image_url", image_url = new { url = reference } }, new { type = "text", text = $"Again: {reference}" } } } });
        var span = $$$"""
            {"resourceSpans":[{"scopeSpans":[{"scope":{"name":"langfuse-sdk"},"spans":[{"traceId":"{{{trace}}}","spanId":"{{{Observation}}}","name":"look","startTimeUnixNano":"1760000000000000000","endTimeUnixNano":"1760000001000000000","attributes":[
              {"key":"langfuse.observation.type","value":{"stringValue":"generation"}},{"key":"langfuse.user.id","value":{"stringValue":"{{{user}}}"}},{"key":"langfuse.observation.model.name","value":{"stringValue":"gpt-5"}},
              {"key":"langfuse.observation.input","value":{"stringValue":{{{JsonSerializer.Serialize(messages)}}} }}]}]}]}]}
            """;
        var (status, answer) = await SendAsync(HttpMethod.Post, "/api/public/otel/v1/traces", span, RunningProgram.PrivateKey);
        Assert.True(status == HttpStatusCode.OK && answer == "{}", answer);
    }

    private async Task<(HttpStatusCode Status, string Answer)> SendAsync(HttpMethod method, string path, string json, Guid key)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.ToString());
        request.Headers.UserAgent.ParseAdd(Client);
        using var response = await program.Http.SendAsync(request, Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    private async Task<HttpStatusCode> ApiAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RunningProgram.PrivateKey.ToString());
        using var response = await program.Http.SendAsync(request, Cancel);
        return response.StatusCode;
    }

    private async Task<string> PageAsync(string trace, string query = "", RunId? run = null)
    {
        using var response = await GetAsync($"/projects/{RunningProgram.PublicKey}/traces/{RunOf(trace)}?run={run ?? RunOf(trace)}{query}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    private async Task<HttpResponseMessage> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", await program.SignInNewAccountAsync(Role.Viewer, Cancel));
        return await program.Http.SendAsync(request, Cancel);
    }

    private async Task<IReadOnlyList<string>> RefusalsAsync(string id) =>
        [.. (await Store.RefusalsAsync(RunningProgram.PublicKey, 100, Cancel)).Where(r => r.Event == $"media {id}").Select(r => r.Reason)];

    private async Task<long> AcceptedAsync() =>
        (await Store.ArrivalsAsync(RunningProgram.PublicKey, DateOnly.MinValue, Cancel)).Where(a => a.Client == Client).Sum(a => a.Stored);
}
