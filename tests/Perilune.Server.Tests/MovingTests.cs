using System.Globalization;
using Perilune.Server.Tests.Faults;

namespace Perilune.Server.Tests;

/// <summary>A trace so large that a late run above it takes it up in steps, under a server that is killed between these.</summary>
public sealed class MovingTests
{
    private const int Runs = 12_000;
    private const int Kills = 3;
    private const string Note = "they are being moved there";
    private static readonly string s_ingestion = $"/projects/{FaultyClient.Project}/ingestion";
    private readonly Random _random = new(Environment.ProcessId);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_large_trace_is_moved_on_after_each_kill_and_pages_say_so_meanwhile()
    {
        await using var first = await ServerProcess.StartAsync(cancellationToken: Cancel);
        var client = new FaultyClient(first);
        foreach (var batch in Enumerable.Range(1, Runs).Chunk(500))
        {
            await SendAsync(client, batch.Select(i => Event($"run-{i}", i == 1 ? "above" : $"run-{(i / 10) + 1}", user: null)));
        }

        Assert.DoesNotContain(Note, (await client.PageAsync(s_ingestion)).Body, StringComparison.Ordinal);
        await SendAsync(client, [Event("above", parent: null, user: "ann")]);
        Assert.Contains(Note, (await client.PageAsync(s_ingestion)).Body, StringComparison.Ordinal);
        await first.KillAsync();
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var killed = await ServerProcess.StartAsync(dataFolder: first.DataFolder, cancellationToken: Cancel);
            Assert.InRange(await CountOfUserAsync(new FaultyClient(killed)), 1, Runs + 1);
            await Task.Delay(_random.Next(100), Cancel);
            await killed.KillAsync();
        }

        await using var last = await ServerProcess.StartAsync(dataFolder: first.DataFolder, cancellationToken: Cancel);
        client = new FaultyClient(last);
        for (var patience = 600; await CountOfUserAsync(client) <= Runs; patience--)
        {
            Assert.NotEqual(0, patience);
            await Task.Delay(100, Cancel);
        }

        await client.AssertCalmAsync();
        await last.StopAsync(Cancel);
        var (exitCode, said) = await ServerProcess.RunAsync(new Dictionary<string, string?>(StringComparer.Ordinal), first.DataFolder, ["verify"], Cancel);
        Assert.True(exitCode == 0, said);
        Assert.Contains("12,001 runs", said, StringComparison.Ordinal);
    }

    private static async Task<int> CountOfUserAsync(FaultyClient client) =>
        int.Parse((await client.ApiAsync("/v1/runs/count?filter=user%3Aann")).Body, CultureInfo.InvariantCulture);

    private static string Event(string id, string? parent, string? user) =>
        $$"""{"type":"chain","event":"start","runId":"{{id}}","parentRunId":{{Text(parent)}},"userId":{{Text(user)}},"name":"step","timestamp":"2026-11-01T00:00:00.000Z"}""";

    private static string Text(string? value) => value is null ? "null" : $"\"{value}\"";

    private static async Task SendAsync(FaultyClient client, IEnumerable<string> events) =>
        Assert.Equal(200, (await client.IngestAsync($$"""{"events":[{{string.Join(',', events)}}]}""")).Status);
}
