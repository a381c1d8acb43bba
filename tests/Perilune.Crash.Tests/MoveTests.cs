using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Perilune.Crash.Tests;

/// <summary>A trace so large that a late run above it takes it up in steps, under a server that is killed between these.</summary>
public sealed class MoveTests : IDisposable
{
    private const int Runs = 12_000;
    private const int Kills = 3;
    private readonly string _data = Path.Combine(Directory.CreateTempSubdirectory("perilune-move-").FullName, "data");
    private readonly Random _random = new(Environment.ProcessId);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_data)!, recursive: true);

    [Fact]
    public async Task A_large_trace_that_was_being_moved_is_moved_on_after_each_kill()
    {
        using (var server = await StartAsync())
        {
            using var sender = server.Sender();
            foreach (var events in Enumerable.Range(1, Runs).Select(i => Event($"run-{i}", i == 1 ? "above" : $"run-{i / 10 + 1}", user: null)).Chunk(500))
            {
                await SendAsync(sender, events);
            }

            await SendAsync(sender, Event("above", parent: null, user: "ann"));
            server.Kill();
        }

        for (var kill = 0; kill < Kills; kill++)
        {
            using var killed = await StartAsync();
            using var asking = killed.Reader();
            Assert.InRange(await CountOfUserAsync(asking), 1, Runs + 1);
            await Task.Delay(_random.Next(100), Cancel);
            killed.Kill();
        }

        using var last = await StartAsync();
        using var reader = last.Reader();
        while (await CountOfUserAsync(reader) <= Runs)
        {
            await Task.Delay(20, Cancel);
        }

        var page = await reader.GetStringAsync("/v1/runs/above/related", Cancel);
        Assert.Equal(Runs + 1, JsonNode.Parse(page)!.AsArray().Count);
    }

    private Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(_data, environment: null, Cancel);

    private static async Task<int> CountOfUserAsync(HttpClient reader) =>
        (await reader.GetFromJsonAsync<JsonNode>("/v1/runs?filter=user:ann&limit=1", Cancel))!["total"]!.GetValue<int>();

    private static object Event(string id, string? parent, string? user) =>
        new { type = "chain", @event = "start", runId = id, parentRunId = parent, userId = user, name = "step", timestamp = "2026-11-01T00:00:00.000Z" };

    private static async Task SendAsync(HttpClient sender, params object[] events)
    {
        using var answer = await sender.PostAsJsonAsync("/v1/runs/ingest", new { events }, JsonSerializerOptions.Default, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }
}
