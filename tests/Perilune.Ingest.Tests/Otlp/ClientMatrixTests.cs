using System.Runtime.CompilerServices;
using Perilune.Ingest.Otlp;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Ingest.Tests.Replay;
using Perilune.Model;

namespace Perilune.Ingest.Tests.Otlp;

/// <summary>Recorded traffic of each client comes to the facts that its scenario has, however it arrives.</summary>
public sealed class ClientMatrixTests
{
    public static TheoryData<string> Clients => [.. OtlpFixture.Clients, .. SdkFixture.Clients];

    public static TheoryData<string> OfSpans => [.. OtlpFixture.Clients];

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Comes_to_the_facts_of_its_scenario(string client)
    {
        var runs = await OtlpFixture.RunsAsync(await EventsAsync(client));
        Assert.Equal(ClientFacts.All.SingleOrDefault(expected => expected.Client == client), ClientFacts.Of(client, runs));
        Assert.Equal(ClientDetails.All.SingleOrDefault(expected => expected.Client == client), ClientDetails.Of(client, runs));
        Assert.All(runs, run => Assert.DoesNotContain("\"tool_call.id\"", run.Output.ToString(), StringComparison.Ordinal));
        Assert.All(runs.Where(run => run.TimeToFirstToken is not null), run => Assert.InRange(run.TimeToFirstToken!.Value, TimeSpan.Zero, run.Duration!.Value));
    }

    /// <summary>Each span is a run below the span that it names; when it names none, or one that nobody sent, in its thread or alone.</summary>
    [Theory]
    [MemberData(nameof(OfSpans))]
    public async Task Stands_below_the_parents_that_its_spans_name(string client)
    {
        var runs = (await OtlpFixture.RunsAsync(OtlpFixture.Events(client))).ToDictionary(run => run.Id);
        var spans = 0;
        SpanVisitor visit = (_, _, span, problem) =>
        {
            Assert.Null(problem);
            spans++;
            var run = runs[OtlpIds.Of(span.TraceId.Span, span.SpanId.Span)];
            var parent = OtlpIds.Of(span.TraceId.Span, span.ParentSpanId.Span);
            if (OtlpIds.IsSpan(span.ParentSpanId.Span) && (runs.ContainsKey(parent) || run.ThreadId is null))
            {
                Assert.Equal(parent, run.ParentId);
            }
            else
            {
                Assert.True(run.ParentId is null || runs[run.ParentId.Value].Type == RunTypes.Thread);
            }
        };
        foreach (var body in OtlpFixture.Bodies(client).Where(body => body.Signal == OtlpSignal.Traces))
        {
            if (body.IsJson)
            {
                JsonTraces.Read(body.Body, visit);
            }
            else
            {
                ProtoTraces.Read(body.Body, visit);
            }
        }

        Assert.StartsWith($"{spans} spans", ClientDetails.Of(client, [.. runs.Values]).Tree, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Comes_to_the_same_runs_in_any_order_and_when_sent_twice(string client)
    {
        var (events, spans) = (new List<RunEvent>(), new HashSet<RunEvent>(ReferenceEqualityComparer.Instance));
        foreach (var (signal, isJson, body) in IsOfSpans(client) ? OtlpFixture.Bodies(client) : [])
        {
            var accepted = OtlpFixture.Accepted(signal, body, isJson);
            events.AddRange(accepted);
            spans.UnionWith(signal is OtlpSignal.Traces ? accepted : []);
        }

        events.AddRange(IsOfSpans(client) ? [] : await SdkFixture.EventsAsync(client));

        var expected = Sketch(await OtlpFixture.RunsAsync(events));
        for (var seed = 1; seed <= 3; seed++)
        {
            var random = new Random(seed);
            var shuffled = events.Concat(events.Where(_ => random.Next(3) == 0)).ToArray();
            random.Shuffle(shuffled);
            Assert.Equal(expected, Sketch(await OtlpFixture.RunsAsync(shuffled)));

            // A public key tells no less, as long as it does not tell twice of a span, and differently.
            Assert.Equal(expected, Sketch(await OtlpFixture.RunsAsync(shuffled.Select(e => spans.Contains(e) ? e with { ByPublicKey = true } : e))));
        }
    }

    /// <summary><c>PERILUNE_ACCEPT_SNAPSHOTS=1</c> writes the page anew.</summary>
    [Fact]
    public async Task Says_so_in_the_documentation()
    {
        var page = ClientMatrix.Markdown(ClientFacts.All, ClientDetails.All);
        var path = Path.Combine(Here(), "..", "..", "..", "docs", "wire", "matrix.md");
        if (Environment.GetEnvironmentVariable("PERILUNE_ACCEPT_SNAPSHOTS") is "1")
        {
            await File.WriteAllTextAsync(path, page, TestContext.Current.CancellationToken);
        }

        Assert.Equal(page, (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n"));
    }

    private static bool IsOfSpans(string client) => OtlpFixture.Clients.Contains(client);

    private static async Task<IReadOnlyList<RunEvent>> EventsAsync(string client) => IsOfSpans(client) ? OtlpFixture.Events(client) : await SdkFixture.EventsAsync(client);

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static string Sketch(IReadOnlyList<Run> runs) => string.Join('\n', runs.OrderBy(run => run.Id).Select(RunSketch.Full));
}
