using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;

namespace PeriluneSdk.Tests.EndToEnd;

/// <summary>The sample WebChat as a process of its own, and the browsers that talk to it.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly string s_program = typeof(SampleProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "WebChat").Value!;

    private readonly Process _process;
    private readonly HttpClient _http;

    private SampleProcess(Process process, Uri url) => (_process, _http) = (process, new HttpClient { BaseAddress = url });

    public static async Task<SampleProcess> StartAsync(Uri perilune, string key)
    {
        var start = new ProcessStartInfo(s_program) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["PERILUNE_URL"] = perilune.AbsoluteUri;
        start.Environment["PERILUNE_API_KEY"] = key;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment.Remove("OPENAI_API_KEY");
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(s_patience) is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is var at and >= 0)
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new SampleProcess(process, new Uri(line[(at + Listening.Length)..].Trim()));
            }
        }

        throw new InvalidOperationException($"{s_program} did not start.");
    }

    /// <summary>Asks a question in a thread of its own each time, and likes the answer.</summary>
    public async Task ChatAsync(int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            var reply = await PostAsync("chat", i, new JsonObject { ["thread"] = $"sample-{i}", ["text"] = $"Question {i}?" });
            await PostAsync("feedback", i, new JsonObject { ["runId"] = (string?)JsonNode.Parse(reply)!["runId"], ["thumb"] = "up" });
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
    }

    private async Task<string> PostAsync(string path, int user, JsonObject body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Add("X-User-Id", $"user-{user % 7}");
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
