using System.Net;
using System.Text;
using System.Text.Json;

namespace Perilune.Crash.Tests;

/// <summary>Sends batch after batch until the server is gone. After a kill it sends some of the unanswered ones again, as clients do.</summary>
internal sealed class LoadClient(int seed, int client, Ledger ledger)
{
    private readonly Traffic _traffic = new(seed, client);
    private IReadOnlyList<PlannedEvent>? _unanswered;

    /// <summary>How many events it may send again.</summary>
    public int Unanswered => _unanswered?.Count ?? 0;

    public async Task SendUntilKilledAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        using var http = server.Sender();
        try
        {
            while (true)
            {
                var again = _unanswered is not null && _traffic.Random.Next(2) == 0;
                var batch = again ? _unanswered! : _traffic.NextBatch();
                ledger.Sending(batch);
                _unanswered = batch;
                await SendAsync(http, batch, cancellationToken);
                _unanswered = null;
                await Task.Delay(_traffic.Random.Next(8), cancellationToken);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // Killed.
        }
    }

    private async Task SendAsync(HttpClient http, IReadOnlyList<PlannedEvent> batch, CancellationToken cancellationToken)
    {
        using var content = new StringContent(Traffic.Body(batch), Encoding.UTF8, "application/json");
        using var response = await http.PostAsync("/v1/runs/ingest", content, cancellationToken);
        var reply = await response.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode} {reply}");
        using var json = JsonDocument.Parse(reply);
        var results = json.RootElement.GetProperty("results");
        Assert.Equal(batch.Count, results.GetArrayLength());
        Assert.All(results.EnumerateArray(), static r => Assert.True(r.GetProperty("success").GetBoolean(), r.GetRawText()));
        foreach (var sent in batch)
        {
            ledger.Acknowledge(sent);
        }
    }
}
