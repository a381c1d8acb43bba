using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Perilune.Crash.Tests;

/// <summary>A disk that fills up under a running server, has things deleted, and gets space again.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const long Disk = 28 << 20;
    private readonly string _root = Directory.CreateTempSubdirectory("perilune-full-").FullName;
    private readonly Random _random = new(7);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_full_disk_refuses_events_until_there_is_space_and_can_be_deleted_from_meanwhile()
    {
        var filler = Path.Combine(_root, "filler");
        await File.WriteAllBytesAsync(filler, new byte[Disk / 4], Cancel);
        using var server = await ServerProcess.StartAsync(Path.Combine(_root, "data"), Shim.Built.DiskOf(_root, Disk), Cancel);
        using var sender = server.Sender();
        using var reader = server.Reader();
        var stored = new List<string>();
        var answer = await FillAsync(sender, 150_000, stored);
        Assert.True(stored.Count > 3, "Nothing was stored before the disk was full.");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains("disk is full", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await sender.GetAsync("/v1/health", Cancel)).StatusCode);

        // Down to the last page: only what is held ready for it lets runs go.
        await FillAsync(sender, 20_000, stored);
        await FillAsync(sender, 10, stored);
        var ballast = Path.Combine(_root, "data", "projects", "ballast");
        Assert.True(File.Exists(ballast), "Nothing is held ready.");
        foreach (var id in stored[..2])
        {
            var deleted = await reader.DeleteAsync($"/v1/runs/{id}", Cancel);
            Assert.True(deleted.IsSuccessStatusCode, await deleted.Content.ReadAsStringAsync(Cancel));
        }

        Assert.False(File.Exists(ballast), "It was not needed.");
        File.Delete(filler);
        for (answer = await SendAsync(sender, "after", 10); !answer.IsSuccessStatusCode; answer = await SendAsync(sender, "after", 10))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            await Task.Delay(100, Cancel);
        }

        while (!(await sender.GetAsync("/v1/health", Cancel)).IsSuccessStatusCode)
        {
            await Task.Delay(100, Cancel);
        }

        var listed = await reader.GetFromJsonAsync<JsonNode>("/v1/runs?limit=1", Cancel);
        Assert.Equal(stored.Count - 2 + 1, listed!["total"]!.GetValue<int>());
        foreach (var id in stored[..2])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await reader.GetAsync($"/v1/runs/{id}", Cancel)).StatusCode);
        }
    }

    /// <summary>Sends runs until one is refused; returns that answer.</summary>
    private async Task<HttpResponseMessage> FillAsync(HttpClient sender, int bytes, List<string> stored)
    {
        for (; ;)
        {
            var id = Guid.CreateVersion7().ToString();
            var answer = await SendAsync(sender, id, bytes);
            if (!answer.IsSuccessStatusCode)
            {
                return answer;
            }

            stored.Add(id);
            Assert.True(stored.Count < 1000, "The disk does not get full.");
        }
    }

    // Text that does not compress.
    private async Task<HttpResponseMessage> SendAsync(HttpClient sender, string id, int bytes)
    {
        var text = new byte[bytes];
        _random.NextBytes(text);
        var run = new { type = "llm", @event = "start", runId = id, name = "gpt-5", input = Convert.ToBase64String(text), timestamp = TimeProvider.System.GetUtcNow() };
        return await sender.PostAsJsonAsync("/v1/runs/ingest", new { events = new[] { run } }, JsonSerializerOptions.Default, Cancel);
    }
}
