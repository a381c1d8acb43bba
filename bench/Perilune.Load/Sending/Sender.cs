using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Perilune.Load.Traffic;

namespace Perilune.Load.Sending;

/// <summary>Sends the traffic as so many SDK clients would, and says what came of it.</summary>
internal sealed class Sender(SendOptions options, TrafficModel model)
{
    private long _startedAt;
    private long _runsGiven;
    private double _behind;

    public async Task<SendReport> RunAsync(CancellationToken cancellationToken)
    {
        var clients = Enumerable.Range(0, options.Connections)
            .Select(client => Batches.Of(model, options.Wire, client, options.Connections, options.BatchSize)).ToList();
        if (options.Pregenerate)
        {
            clients = [.. clients.AsParallel().AsOrdered().Select(static batches => batches.ToList())];
        }

        var meter = options.Pid is { } pid ? new ProcessMeter(pid) : null;
        using var finished = new CancellationTokenSource();
        var sampling = SampleAsync(meter, finished.Token);
        _startedAt = Stopwatch.GetTimestamp();
        var tallies = await Task.WhenAll(clients.Select((batches, client) => Task.Run(() => SendAsync(batches, KeyOf(client), cancellationToken), cancellationToken)));
        var seconds = Stopwatch.GetElapsedTime(_startedAt).TotalSeconds;
        await finished.CancelAsync();
        await sampling;
        return SendReport.Of(tallies, seconds, meter?.Read(), _behind);
    }

    private async Task<Tally> SendAsync(IEnumerable<Batch> batches, string key, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1, UseProxy = false, UseCookies = false, AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = options.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var tally = new Tally();
        foreach (var batch in batches)
        {
            if (options.Until.IsCancellationRequested || (options.MaxSeconds > 0 && Stopwatch.GetElapsedTime(_startedAt).TotalSeconds >= options.MaxSeconds))
            {
                break;
            }

            await WaitForTurnAsync(batch, cancellationToken);
            var sentAt = Stopwatch.GetTimestamp();
            tally.Add(batch, await PostAsync(http, batch, tally, cancellationToken), sentAt);
        }

        return tally;
    }

    private string KeyOf(int client) => options.Keys.Count == 0 ? options.Key : options.Keys[client % options.Keys.Count];

    private async Task WaitForTurnAsync(Batch batch, CancellationToken cancellationToken)
    {
        if (options.Rate <= 0)
        {
            return;
        }

        var due = (Interlocked.Add(ref _runsGiven, batch.Runs) - batch.Runs) / options.Rate;
        var early = due - Stopwatch.GetElapsedTime(_startedAt).TotalSeconds;
        _behind = Math.Max(0, -early);
        if (early > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(early), cancellationToken);
        }
    }

    private async Task<int> PostAsync(HttpClient http, Batch batch, Tally tally, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new ReadOnlyMemoryContent(batch.Body);
            var (path, type) = options.Wire is Wire.Otlp ? ("/v1/traces", "application/x-protobuf") : ("/v1/runs/ingest", "application/json");
            content.Headers.ContentType = new MediaTypeHeaderValue(type);
            using var response = await http.PostAsync(path, content, cancellationToken);
            var reply = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                tally.Fail($"HTTP {(int)response.StatusCode} {Encoding.UTF8.GetString(reply.AsSpan(0, Math.Min(90, reply.Length)))}");
                return 0;
            }

            if (options.TrustStatus)
            {
                return batch.Events;
            }

            if (options.Wire is Wire.Otlp)
            {
                // Anything in the answer is about spans that were refused.
                if (reply.Length > 0)
                {
                    tally.Fail(Encoding.UTF8.GetString(reply));
                }

                return reply.Length > 0 ? 0 : batch.Events;
            }

            var (stored, refused) = IngestReply.Count(reply, tally.Fail);
            if (stored + refused < batch.Events)
            {
                tally.Fail("a 2xx reply without a result for each event");
            }

            return stored;
        }
        catch (HttpRequestException e)
        {
            tally.Fail($"{e.HttpRequestError}: {e.InnerException?.Message ?? e.Message}");
            return 0;
        }
    }

    private static async Task SampleAsync(ProcessMeter? meter, CancellationToken finished)
    {
        while (meter is not null && !finished.IsCancellationRequested)
        {
            meter.Sample();
            await Task.Delay(TimeSpan.FromMilliseconds(500), finished).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
