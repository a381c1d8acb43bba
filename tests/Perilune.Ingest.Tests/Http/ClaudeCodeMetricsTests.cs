using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Perilune.Ingest.Otlp;
using Perilune.Ingest.Tests.Otlp;
using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Storage;
using Perilune.Storage.Sqlite;

namespace Perilune.Ingest.Tests.Http;

/// <summary>Usage of Claude Code counts once, whatever of spans, log records and metrics it sends, in whatever order.</summary>
public sealed partial class ClaudeCodeMetricsTests : IDisposable
{
    private const string Session = "3f8e5e51-f39c-40b7-a7ec-32b5a514642e";
    private const string Trace = "3937f45819e54510110018e489ea7145";
    private const string User = "ac213d172566955790da39dfb6f6ba8dfcb692299564a35564efd4f190e7decd";
    private readonly string _folder = Directory.CreateTempSubdirectory("perilune-metrics-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Keeps_tokens_and_cost_that_only_metrics_tell()
    {
        await using var host = await IngestHost.StartAsync();
        foreach (var request in Recorded("metrics"))
        {
            Assert.Contains("Of these metrics, the tokens and cost are kept", await SendAsync(host, request), StringComparison.Ordinal);
        }

        var runs = await RunsAsync(host, Session);
        var agent = Assert.Single(runs, run => run.Type == RunTypes.Agent);
        Assert.Equal(("claude_code", RunId.FromClient(Session), User), (agent.Name, agent.ThreadId!.Value, agent.User.Own));
        Assert.Equal((Millis(1795436090414), Millis(1795436090670)), (agent.Start, agent.End!.Value));
        var calls = runs.Where(run => run.Type == RunTypes.Llm).ToList();
        Assert.Equal([(1795436090414, 1795436090513), (1795436090513, 1795436090670)], calls.Select(call => (call.Start.Micros / 1000, call.End!.Value.Micros / 1000)));
        Assert.All(calls, call =>
        {
            Assert.Equal((agent.Id, "claude-opus-5-5", "anthropic", RunStatus.Success), (call.ParentId!.Value, call.Name, call.Provider, call.Status));
            Assert.Equal(new Usage(120, 34, 64) { CacheWrite5m = 16, Requests = 0 }, call.Usage);
            Assert.Equal((932_800, 932_800), (call.GivenCost!.Value, call.Cost!.Value));
            Assert.Contains("\"query_source\":\"main\"", call.Attributes.ToString(), StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reads_both_encodings_alike_and_counts_a_resend_once(bool isJson)
    {
        await using var host = await IngestHost.StartAsync();
        var body = isJson ? MetricBody.Json(MetricBody.Recorded) : MetricBody.Protobuf(MetricBody.Recorded);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(isJson ? "{}" : "", await SendAsync(host, (OtlpSignal.Metrics, isJson, body)));
        }

        Assert.Equal((1, 154L, 932_800L), await UseAsync(host, "session-1"));
        Assert.Equal(new Usage(120, 34, 64) { CacheWrite5m = 16, Requests = 0 }, Assert.Single(await RunsAsync(host, "session-1"), run => run.Type == RunTypes.Llm).Usage);
    }

    [Fact]
    public async Task Numbers_since_the_beginning_end_at_the_last_one_in_any_order()
    {
        await using var host = await IngestHost.StartAsync();
        int[] growth = [1, 2, 5];
        foreach (var (i, order) in Permutations(growth).Index())
        {
            foreach (var times in order)
            {
                await SendAsync(host, (OtlpSignal.Metrics, false, MetricBody.Protobuf(MetricBody.Call(1000, 1000 + (times * 60_000), times, $"session-{i}"), temporality: 2)));
            }

            Assert.Equal((1, 5 * 154L, 5 * 932_800L), await UseAsync(host, $"session-{i}"));
        }
    }

    [Fact]
    public async Task Series_that_begin_one_after_the_other_are_one_call_and_zeros_none()
    {
        await using var host = await IngestHost.StartAsync();
        MetricPoint[] points = [new(10, "input", 1001, 5000), new(5, "output", 1000, 5000), new(7, "input", 1002, 5000, IsInt: true), new(3, "unheard-of", 1000, 5000), new(double.MaxValue, "output", 1000, 5000)];
        Assert.Contains("\"rejectedDataPoints\":\"2\"", await SendAsync(host, (OtlpSignal.Metrics, true, MetricBody.Json(points))), StringComparison.Ordinal);
        await SendAsync(host, (OtlpSignal.Metrics, true, MetricBody.Json([new(0, "input", 5000, 6000), new(0, null, 5000, 6000)])));

        var call = Assert.Single(await RunsAsync(host, "session-1"), run => run.Type == RunTypes.Llm);
        Assert.Equal((new Usage(17, 5) { Requests = 0 }, Millis(1000)), (call.Usage, call.Start));
    }

    [Fact]
    public async Task A_sum_of_requests_is_not_charged_as_one_long_request()
    {
        await using var host = await IngestHost.StartAsync();
        MetricPoint[] points = [new(1.2, null, 1000, 2000, Model: "claude-sonnet-4-5"), new(400_000, "input", 1000, 2000, Model: "claude-sonnet-4-5"), new(0, "output", 1000, 2000, Model: "claude-sonnet-4-5")];
        await SendAsync(host, (OtlpSignal.Metrics, true, MetricBody.Json(points)));
        Assert.Equal((1, 400_000L, 1_200_000_000L), await UseAsync(host, "session-1"));
    }

    [Theory]
    [InlineData("com.anthropic.claude_code", null, "session.id")]
    [InlineData("other.library", "session-1", "metrics are not kept")]
    public async Task Keeps_nothing_without_a_session_or_of_others(string scope, string? session, string reason)
    {
        await using var host = await IngestHost.StartAsync();
        var answer = await SendAsync(host, (OtlpSignal.Metrics, true, MetricBody.Json(MetricBody.Recorded.Select(point => point with { Session = session }), scope: scope)));
        Assert.Contains(reason, answer, StringComparison.Ordinal);
        Assert.Contains("\"rejectedDataPoints\":\"5\"", answer, StringComparison.Ordinal);
        Assert.Empty((await host.Store.ListAsync(IngestHost.PublicKey, new RunQuery(), Cancel)).Runs);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Counts_what_spans_or_records_say_in_any_order_and_metrics_add_nothing(bool isSqlite, bool isLogsAlone)
    {
        await using var expected = await OpenAsync(isSqlite: false);
        await using var host = await OpenAsync(isSqlite);
        var others = isLogsAlone ? LogsAlone() : [.. Recorded("logs"), .. Recorded("traces")];
        var sessions = 0;
        foreach (var order in Permutations([.. others, .. Recorded("metrics")]))
        {
            var number = sessions++;
            foreach (var request in order)
            {
                await SendAsync(host, Renamed(request, number));
            }

            foreach (var request in others)
            {
                await SendAsync(expected, Renamed(request, number));
            }
        }

        await AssertSameAsync(expected, host, sessions);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Concurrent_senders_count_once(bool isSqlite)
    {
        await using var expected = await OpenAsync(isSqlite: false);
        await using var host = await OpenAsync(isSqlite);
        (OtlpSignal, bool, byte[])[] others = [.. Recorded("logs"), .. Recorded("traces")];
        const int Sessions = 40;
        var random = new Random(7);
        for (var session = 0; session < Sessions; session++)
        {
            var number = session;
            var requests = others.Concat(Recorded("metrics")).Concat(Recorded("metrics")).Select(request => Renamed(request, number)).ToArray();
            random.Shuffle(requests);
            await Task.WhenAll(requests.Select(request => SendAsync(host, request)));
            foreach (var request in others)
            {
                await SendAsync(expected, Renamed(request, number));
            }
        }

        await AssertSameAsync(expected, host, Sessions);
    }

    [Fact]
    public async Task Says_that_spans_or_records_say_it_too_also_after_a_restart()
    {
        await using var host = await OpenAsync(isSqlite: false);
        await SendAsync(host, Recorded("traces")[0]);
        await using var restarted = await IngestHost.StartAsync(store: host.Store);
        var answer = await SendAsync(restarted, Recorded("metrics")[0]);
        Assert.Contains("spans or log records of the same session say them too", answer, StringComparison.Ordinal);
        Assert.Contains("\"rejectedDataPoints\":\"6\"", answer, StringComparison.Ordinal);
    }

    private async Task<IngestHost> OpenAsync(bool isSqlite) =>
        await IngestHost.StartAsync(store: isSqlite ? new SqliteRunStore(Path.Combine(_folder, Guid.CreateVersion7().ToString()), NullLogger<SqliteRunStore>.Instance) : null);

    private static (OtlpSignal Signal, bool IsJson, byte[] Body)[] Recorded(string signal) =>
        [.. OtlpFixture.Bodies("claude-code").Where(body => string.Equals(body.Signal.ToString(), signal, StringComparison.OrdinalIgnoreCase))];

    // With traces off, records name no span.
    private static (OtlpSignal Signal, bool IsJson, byte[] Body)[] LogsAlone() =>
        [.. Recorded("logs").Select(body => body with { Body = Encoding.UTF8.GetBytes(SpanIds().Replace(Encoding.UTF8.GetString(body.Body), "")) })];

    /// <summary>The same of another session.</summary>
    private static (OtlpSignal Signal, bool IsJson, byte[] Body) Renamed((OtlpSignal Signal, bool IsJson, byte[] Body) request, int number) =>
        request with { Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(request.Body).Replace(Session, SessionOf(number), StringComparison.Ordinal).Replace(Trace, $"{number:x8}{Trace[8..]}", StringComparison.Ordinal)) };

    private static string SessionOf(int number) => $"{number:x8}{Session[8..]}";

    private static IEnumerable<T[]> Permutations<T>(T[] items) =>
        items.Length == 0 ? [[]] : items.SelectMany((item, i) => Permutations([.. items[..i], .. items[(i + 1)..]]).Select(rest => (T[])[item, .. rest]));

    private static Instant Millis(long millis) => new(millis * 1000);

    private static async Task<IReadOnlyList<Run>> RunsAsync(IngestHost host, string session) =>
        await host.Store.SubtreeAsync(IngestHost.PublicKey, RunId.FromClient(session), RunDetail.Full, Cancel);

    private static async Task<(int Calls, long? Tokens, long? Cost)> UseAsync(IngestHost host, string session)
    {
        var thread = RunId.FromClient(session);
        var totals = (await host.Store.TotalsAsync(IngestHost.PublicKey, RunGroup.Thread, [thread], Cancel))[thread];
        return ((await RunsAsync(host, session)).Count(run => run.Type == RunTypes.Llm), totals.Tokens, totals.Cost);
    }

    private static async Task AssertSameAsync(IngestHost expected, IngestHost host, int sessions)
    {
        for (var number = 0; number < sessions; number++)
        {
            Assert.Equal(await SketchAsync(expected, number), await SketchAsync(host, number));
        }

        Assert.Equal(await TotalsAsync(expected), await TotalsAsync(host));
    }

    private static async Task<string> SketchAsync(IngestHost host, int number)
    {
        var runs = (await RunsAsync(host, SessionOf(number))).Select(run => $"{run.Type} {run.Name} {run.Id} {run.ParentId} {run.Usage} {run.Cost} {run.User}").Order(StringComparer.Ordinal);
        return string.Join('\n', [(await UseAsync(host, SessionOf(number))).ToString(), .. runs]);
    }

    /// <summary>What is counted over all sessions, by every way of counting there is.</summary>
    private static async Task<string> TotalsAsync(IngestHost host)
    {
        var ledger = await host.Store.LedgerAsync(IngestHost.PublicKey, DateOnly.MinValue, DateOnly.MaxValue, Cancel);
        var user = await host.Store.UserSumsAsync(IngestHost.PublicKey, User, null, null, Cancel);
        var runs = await host.Store.CountAsync(IngestHost.PublicKey, RunScope.All, Filter.All, TimeSpan.MaxValue, Cancel);
        var series = await host.Store.AnalyticsAsync(IngestHost.PublicKey, new AnalyticsQuery { Bounds = [Instant.MinValue, Instant.MaxValue] }, Cancel);
        var counted = series.Select(s => $"{s.Key} {s.Total().Runs} {s.Total().Calls} {s.Total().Input} {s.Total().Output} {s.Total().Cost}").Order(StringComparer.Ordinal);
        return string.Join('\n', [$"{user} {runs}", .. ledger.GroupBy(entry => entry.Type).Select(type => $"{type.Key} {type.Sum(entry => entry.Runs)}").Order(StringComparer.Ordinal), .. counted]);
    }

    private static async Task<string> SendAsync(IngestHost host, (OtlpSignal Signal, bool IsJson, byte[] Body) request)
    {
        using var content = new ByteArrayContent(request.Body);
        content.Headers.ContentType = new MediaTypeHeaderValue(request.IsJson ? "application/json" : "application/x-protobuf");
        var answer = await host.SendAsync(content, IngestHost.PrivateKey.ToString(), $"/v1/{request.Signal.ToString().ToLowerInvariant()}");
        Assert.Equal(200, answer.Status);
        return answer.Body;
    }

    [GeneratedRegex(",\"(traceId|spanId)\":\"[0-9a-f]*\"")]
    private static partial Regex SpanIds();
}
