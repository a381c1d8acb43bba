using System.Text;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Server.Tests.Analytics;

public sealed class AcceptLedgerTests
{
    /// <summary>What is sent is stored or refused, and stands in the ledger as one of both, by who sent it.</summary>
    [Fact]
    public async Task Every_event_is_stored_or_refused_once_for_each_time_it_is_sent()
    {
        var token = TestContext.Current.CancellationToken;
        await using var host = await ApiHost.StartAsync();
        const string good = """{"type":"llm","event":"start","runId":"good","name":"gpt-5"}""";
        const string bad = """{"type":"llm","event":"start","runId":"bad","timestamp":"not a time"}""";
        await SendAsync(host, $$"""{"events":[{{good}},{{bad}}]}""", "lunary-js/1.0.18 (node)");
        await SendAsync(host, $$"""{"events":[{{good}}]}""", "lunary-js/1.0.18");
        await SendAsync(host, $$"""{"events":[{{bad}}]}""", null);
        await SendAsync(host, "{\"events\":[", "curl/8");
        await host.Store.DeleteAsync(host.Project, RunId.FromClient("good"), token);
        await SendAsync(host, $$"""{"events":[{{good}}]}""", "lunary-js/1.0.18");

        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(-1);
        var arrivals = await host.Store.ArrivalsAsync(host.Project, today, token);
        Assert.Equal(
            ["curl/8 0 1", "lunary-js/1.0.18 2 2", "unknown client 0 1"],
            arrivals.GroupBy(a => a.Client).Select(g => $"{g.Key} {g.Sum(a => a.Stored)} {g.Sum(a => a.Refused)}").Order(StringComparer.Ordinal));
        Assert.DoesNotContain(arrivals, a => a.KeyId == Guid.Empty);

        var refusals = await host.Store.RefusalsAsync(host.Project, 10, token);
        Assert.Equal(4, refusals.Count);
        Assert.Contains(refusals, r => r.Event == "\"bad\"" && r.Reason.Contains("timestamp", StringComparison.Ordinal));
        Assert.Contains(refusals, r => r.Reason.Contains("deleted", StringComparison.Ordinal));
        Assert.Equal(1, (await host.Store.LedgerAsync(host.Project, today, DateOnly.MaxValue, token)).Sum(day => day.Runs));
    }

    /// <summary>Of OpenTelemetry's exporters too, although a request of theirs can hold more refused spans than anybody reads.</summary>
    [Fact]
    public async Task Every_span_is_stored_or_refused_and_the_first_reasons_are_kept()
    {
        var token = TestContext.Current.CancellationToken;
        await using var host = await ApiHost.StartAsync();
        var bad = string.Concat(Enumerable.Repeat("""{"traceId":"00","name":"bad"},""", 500));
        const string good = """{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"chat","endTimeUnixNano":"1764000000000000000"}""";
        await SendAsync(host, $$"""{"resourceSpans":[{"scopeSpans":[{"spans":[{{bad}}{{good}}]}]}]}""", "OTel-OTLP-Exporter-Dotnet/1.20.1 (x)", "/v1/traces");
        await SendAsync(host, "{\"resourceSpans\":[", "OTel-OTLP-Exporter-Dotnet/1.20.1 (x)", "/v1/traces");

        var sums = Assert.Single(await host.Store.ArrivalsAsync(host.Project, DateOnly.MinValue, token));
        Assert.Equal(("OTel-OTLP-Exporter-Dotnet/1.20.1", 1L, 501L), (sums.Client, sums.Stored, sums.Refused));
        var refusals = await host.Store.RefusalsAsync(host.Project, 100, token);
        Assert.Equal("the whole request", refusals[0].Event);
        Assert.Equal(Arrival.KeptRefusalsOfRequest, refusals.Count(r => r.Event!.EndsWith("('bad')", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Names_and_refusals_that_clients_make_up_have_a_bound()
    {
        await using var host = await ApiHost.StartAsync();
        var now = Instant.From(TimeProvider.System.GetUtcNow());
        for (var i = 0; i < 60; i++)
        {
            await host.Store.CommitAsync(host.Project, [], new Arrival(now, Guid.Empty, $"client-{i}", [.. Enumerable.Range(0, 25).Select(n => new RefusedEvent($"{n}", "wrong"))]), TestContext.Current.CancellationToken);
        }

        var arrivals = await host.Store.ArrivalsAsync(host.Project, DateOnly.MinValue, TestContext.Current.CancellationToken);
        Assert.Equal(Arrival.MostClients + 1, arrivals.Count);
        Assert.Equal(60 * 25, arrivals.Sum(a => a.Refused));
        Assert.Equal(Arrival.KeptRefusals, (await host.Store.RefusalsAsync(host.Project, 10_000, TestContext.Current.CancellationToken)).Count);
    }

    private static async Task SendAsync(ApiHost host, string body, string? client, string path = "/v1/runs/ingest")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (client is not null)
        {
            request.Headers.TryAddWithoutValidation("User-Agent", client);
        }

        await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
