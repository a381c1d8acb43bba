using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Perilune.Server.Tests;

/// <summary>The program's verbs, run as an operator runs them.</summary>
public sealed class OperationsTests : IDisposable
{
    private readonly string _place = Directory.CreateTempSubdirectory("perilune-operations-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_backup_taken_under_load_holds_all_that_was_acknowledged_before()
    {
        var (backup, restored) = (Path.Combine(_place, "backup"), Path.Combine(_place, "restored"));
        List<string> before;
        await using (var server = await ServerProcess.StartAsync(cancellationToken: Cancel))
        {
            var acknowledged = new ConcurrentQueue<string>();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            var senders = Enumerable.Range(0, 3).Select(sender => SendAsync(server, sender, acknowledged, stop.Token)).ToArray();
            while (acknowledged.Count < 60)
            {
                await Task.Delay(10, Cancel);
            }

            before = [.. acknowledged];
            Assert.Equal(0, (await RunAsync(server.DataFolder, "backup", backup)).ExitCode);
            await stop.CancelAsync();
            await Task.WhenAll(senders);
            Assert.True(acknowledged.Count > before.Count);

            var (exitCode, output) = await RunAsync(server.DataFolder, "verify");
            Assert.Equal(1, exitCode);
            Assert.Contains("take a backup and verify that", output, StringComparison.Ordinal);
        }

        var (restoreCode, said) = await RunAsync(restored, "restore", backup, restored);
        Assert.True(restoreCode == 0, said);
        Assert.Contains("Everything is as it should be.", said, StringComparison.Ordinal);
        await using var again = await ServerProcess.StartAsync(dataFolder: restored, setUp: false, cancellationToken: Cancel);
        foreach (var id in before)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"v1/runs/{id}", UriKind.Relative));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ServerProcess.PrivateKey.ToString());
            using var response = await again.Http.SendAsync(request, Cancel);
            Assert.Equal((id, HttpStatusCode.OK), (id, response.StatusCode));
        }
    }

    [Fact]
    public async Task Nothing_is_overwritten_and_a_changed_backup_is_refused()
    {
        var (backup, restored) = (Path.Combine(_place, "backup"), Path.Combine(_place, "restored"));
        await using (var server = await ServerProcess.StartAsync(cancellationToken: Cancel))
        {
            Assert.Equal(0, (await RunAsync(server.DataFolder, "backup", backup)).ExitCode);
            Assert.Contains("nothing is overwritten", (await RunAsync(server.DataFolder, "backup", backup)).Output, StringComparison.Ordinal);
            Assert.Contains("lies in the data folder", (await RunAsync(server.DataFolder, "backup", Path.Combine(server.DataFolder, "x"))).Output, StringComparison.Ordinal);
        }

        await using (var file = File.OpenWrite(Path.Combine(backup, "control.db")))
        {
            file.Position = 5000;
            file.WriteByte(0xA5);
        }

        var (exitCode, output) = await RunAsync(restored, "restore", backup, restored);
        Assert.Equal(1, exitCode);
        Assert.Contains("control.db is not as it was backed up", output, StringComparison.Ordinal);
        Assert.Equal([backup], Directory.GetFileSystemEntries(_place));
    }

    [Theory]
    [InlineData(0, "help")]
    [InlineData(1, "serve", "me")]
    public async Task Usage_is_shown(int expected, params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(_place, arguments);

        Assert.Equal(expected, exitCode);
        Assert.Contains("restore <backup> <folder>", output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_place, recursive: true);

    private static Task<(int ExitCode, string Output)> RunAsync(string data, params string[] arguments) =>
        ServerProcess.RunAsync(new Dictionary<string, string?>(StringComparer.Ordinal), data, arguments, Cancel);

    private static async Task SendAsync(ServerProcess server, int sender, ConcurrentQueue<string> acknowledged, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var id = $"run-{sender}-{i}";
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/runs/ingest", UriKind.Relative));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ServerProcess.PublicKey.ToString());
            request.Content = new StringContent($$"""{"events":[{"type":"llm","event":"start","runId":"{{id}}","name":"gpt-5","input":"{{new string('x', 2000)}}"}]}""", Encoding.UTF8, "application/json");
            using var response = await server.Http.SendAsync(request, Cancel);
            response.EnsureSuccessStatusCode();
            acknowledged.Enqueue(id);
        }
    }
}
