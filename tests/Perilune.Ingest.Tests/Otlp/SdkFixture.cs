using System.Text;
using Perilune.Ingest.Json;
using Perilune.Ingest.LangSmith;
using Perilune.Ingest.OpenAiAgents;
using Perilune.Ingest.Opik;
using Perilune.Ingest.Tests.Lunary;
using Perilune.Model;

namespace Perilune.Ingest.Tests.Otlp;

/// <summary>Recorded bodies of SDKs that speak other protocols than OpenTelemetry's: Lunary's, and those of other products.</summary>
internal static class SdkFixture
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "fixtures", "sdks");

    /// <summary>Folders of bodies that Lunary's SDKs sent.</summary>
    private static readonly string[] OfLunary = ["langchain-lunary-js", "lunary-js", "lunary-sdk"];

    public static IReadOnlyList<string> Clients => [.. Own, .. OfLunary];

    /// <summary>Those whose requests are kept with their addresses.</summary>
    public static IReadOnlyList<string> Own => [.. Directory.GetDirectories(Root).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    /// <summary>The requests in the order in which they were sent.</summary>
    public static IReadOnlyList<(string Method, string Path, string ContentType, byte[] Body)> Requests(string client) =>
        [.. Directory.GetFiles(Path.Combine(Root, client)).Order(StringComparer.Ordinal).Select(Request)];

    public static async Task<IReadOnlyList<RunEvent>> EventsAsync(string client)
    {
        if (OfLunary.Contains(client))
        {
            return [.. Fixture.Bodies(client).SelectMany(Fixture.Accepted)];
        }

        var events = new List<RunEvent>();
        foreach (var request in Requests(client))
        {
            var batch = await ReadAsync(request.Path, request.ContentType, request.Body);
            Assert.Empty(batch.Refused);
            events.AddRange(batch.Events.Concat(batch.Derived));
        }

        return events;
    }

    public static Task<RunBatch> ReadAsync(string path, string contentType, byte[] body) => path switch
    {
        "/runs/multipart" => LangSmithMultipart.ReadAsync(body, contentType, Fixture.Received, CancellationToken.None),
        "/runs/batch" => Task.FromResult(LangSmithBatches.Read(body, Fixture.Received)),
        "/v1/traces/ingest" => Task.FromResult(AgentTraces.Read(body, Fixture.Received)),
        "/api/v1/private/traces/batch" => Task.FromResult(OpikBatches.Read("traces", OpikMapper.MapTrace, body, Fixture.Received)),
        "/api/v1/private/spans/batch" => Task.FromResult(OpikBatches.Read("spans", OpikMapper.MapSpan, body, Fixture.Received)),
        "/api/v1/private/traces/feedback-scores" => Task.FromResult(OpikBatches.ReadScores("id", body, Fixture.Received)),
        _ => throw new ArgumentException($"Nothing is known of {path}.", nameof(path)),
    };

    // 001-api_v1_private_traces_feedback-scores.PUT.json.gz
    private static (string Method, string Path, string ContentType, byte[] Body) Request(string file)
    {
        var body = OtlpFixture.Unzip(file);
        var pieces = Path.GetFileName(file).Split('.');
        var firstLine = Encoding.UTF8.GetString(body.AsSpan(0, Math.Max(0, body.AsSpan().IndexOf("\r\n"u8))));
        var contentType = pieces[^2] == "body" ? $"multipart/form-data; boundary={firstLine[2..]}" : "application/json";
        return (pieces.Length == 4 ? pieces[1] : "POST", "/" + pieces[0][4..].Replace('_', '/'), contentType, body);
    }
}
