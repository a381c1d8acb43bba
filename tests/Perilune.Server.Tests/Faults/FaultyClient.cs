using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Perilune.Server.Tests.Faults;

/// <summary>Talks to a server process as a program with a key and as a person who is signed in.</summary>
internal sealed partial class FaultyClient(ServerProcess server)
{
    private string? _session;

    public static string Project { get; } = ServerProcess.PublicKey.ToString();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ServerProcess Server => server;

    public Task<Reply> ApiAsync(string target, string method = "GET", string? body = null, params string[] headers) => RawHttp.SendAsync(
        server.BaseUrl, method, target, [$"Authorization: Bearer {ServerProcess.PrivateKey}", .. headers], Utf8(body ?? ""), Cancel);

    /// <summary>Posts a body to be ingested.</summary>
    public Task<Reply> IngestAsync(string body, params string[] headers) => IngestAsync(Utf8(body), headers);

    public Task<Reply> IngestAsync(byte[] body, params string[] headers) => RawHttp.SendAsync(
        server.BaseUrl, "POST", "/v1/runs/ingest", [$"Authorization: Bearer {ServerProcess.PublicKey}", "Content-Type: application/json", .. headers], body, Cancel);

    /// <summary>Ingests one event that must be stored.</summary>
    public async Task StoreAsync(string eventJson)
    {
        var reply = await IngestAsync($$"""{"events":[{{eventJson}}]}""");
        Assert.True(
            reply.Status == 200 && reply.Body.Contains("\"success\":true", StringComparison.Ordinal) && !reply.Body.Contains("\"success\":false", StringComparison.Ordinal),
            $"{eventJson[..Math.Min(200, eventJson.Length)]} was not stored: {reply.Status} {reply.Body[..Math.Min(400, reply.Body.Length)]}");
    }

    /// <summary>Ingests one event that must be refused; its reason.</summary>
    public async Task<string> RefuseAsync(string eventJson)
    {
        var reply = await IngestAsync($$"""{"events":[{{eventJson}}]}""");
        Assert.Equal(200, reply.Status);
        using var json = JsonDocument.Parse(reply.Body);
        var result = json.RootElement.GetProperty("results")[0];
        Assert.False(result.GetProperty("success").GetBoolean());
        return result.GetProperty("error").GetString()!;
    }

    /// <summary>The run as the API shows it.</summary>
    public async Task<string> RunAsync(string id)
    {
        var reply = await ApiAsync($"/v1/runs/{Uri.EscapeDataString(id)}");
        Assert.True(reply.Status == 200, $"{id}: {reply.Status} {reply.Body}");
        return reply.Body;
    }

    public async Task<Reply> PageAsync(string target, params string[] headers)
    {
        _session ??= await SignInAsync();
        return await RawHttp.SendAsync(server.BaseUrl, "GET", target, [$"Cookie: {_session}", "Accept: text/html", .. headers], default, Cancel);
    }

    /// <summary>Sends a form as the page at <paramref name="page"/> would.</summary>
    public async Task<Reply> FormAsync(string page, string target, string fields)
    {
        var shown = _session is null
            ? await RawHttp.SendAsync(server.BaseUrl, "GET", page, [], default, Cancel)
            : await PageAsync(page);
        var cookies = shown.Headers["Set-Cookie"].Select(c => c.Split(';')[0]).Append(_session).OfType<string>();
        var token = Uri.EscapeDataString(TokenPattern().Match(shown.Body).Groups["token"].Value);
        return await RawHttp.SendAsync(
            server.BaseUrl, "POST", target, [$"Cookie: {string.Join("; ", cookies)}", "Content-Type: application/x-www-form-urlencoded"],
            Utf8($"{fields}&__RequestVerificationToken={token}"), Cancel);
    }

    /// <summary>Every address that shows one of the runs, and the lists of the API and of the pages: those that fail.</summary>
    public async Task<IReadOnlyList<string>> FailingReadsAsync(params IReadOnlyList<string> ids)
    {
        List<string> api = ["/v1/runs", "/v1/runs?type=llm", "/v1/runs?type=trace", "/v1/runs?type=thread"];
        List<string> pages = [.. new[] { "all", "llm", "traces", "threads" }.Select(scope => $"runs?scope={scope}"), "runs/rows?scope=all"];
        foreach (var id in ids)
        {
            using var run = JsonDocument.Parse(await RunAsync(id), new JsonDocumentOptions { MaxDepth = 50_000 });
            var (runId, trace) = (run.RootElement.GetProperty("id").GetString(), run.RootElement.GetProperty("traceId").GetString());
            var thread = run.RootElement.GetProperty("threadId").GetString() ?? trace;
            api.AddRange([$"/v1/runs/{runId}", $"/v1/runs/{runId}/related", $"/v1/runs/{runId}/feedback"]);
            pages.AddRange([$"runs/{runId}/raw", $"runs/{runId}/raw?part=input", $"runs/{runId}/panel", $"traces/{trace}", $"traces/{trace}/skeleton", $"threads/{thread}"]);
            pages.AddRange(new[] { "messages", "details", "json", "raw" }.Select(tab => $"traces/{trace}?run={runId}&tab={tab}"));
        }

        List<string> failing = [];
        foreach (var target in api)
        {
            var reply = await ApiAsync(target);
            if (reply.Status != 200)
            {
                failing.Add($"{target}: {reply.Status} {reply.Body}");
            }
        }

        foreach (var target in pages.Select(page => $"/projects/{Project}/{page}"))
        {
            var reply = await PageAsync(target);
            if (reply.Status is not (200 or 404))
            {
                failing.Add($"{target}: {reply.Status}");
            }
        }

        return failing;
    }

    /// <summary>Nothing went wrong inside the server so far, and it still answers.</summary>
    public async Task AssertCalmAsync()
    {
        Assert.Equal(200, (await ApiAsync("/v1/health")).Status);
        var failures = server.Output.Split('\n').Where(line => line.Contains("fail:", StringComparison.Ordinal) || line.Contains("crit:", StringComparison.Ordinal));
        Assert.True(!failures.Any(), string.Join('\n', failures));
    }

    private async Task<string> SignInAsync()
    {
        var reply = await FormAsync("/login", "/login", $"email={Uri.EscapeDataString(ServerProcess.Email)}&password={Uri.EscapeDataString(ServerProcess.Password)}");
        return reply.Headers["Set-Cookie"].Single(c => c.StartsWith("perilune.session=", StringComparison.Ordinal)).Split(';')[0];
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TokenPattern();
}
