using System.IO.Compression;
using Perilune.Ingest.Otlp;
using Perilune.Ingest.Tests.Lunary;
using Perilune.Model;
using Perilune.Model.Traces;
using Perilune.Storage;
using Perilune.Storage.Oracle;

namespace Perilune.Ingest.Tests.Otlp;

/// <summary>Recorded bodies of OpenTelemetry exporters, as events and as the runs they make.</summary>
internal static class OtlpFixture
{
    public static readonly Guid Project = new("5f0f8d0a-4b0b-4d5a-9c3e-0a8a3ad2bd01");
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "fixtures", "otlp");

    public static IReadOnlyList<string> Clients => [.. Directory.GetDirectories(Root).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<(OtlpSignal Signal, bool IsJson, byte[] Body)> Bodies(string client) =>
    [
        .. Directory.GetFiles(Path.Combine(Root, client)).Order(StringComparer.Ordinal).Select(path =>
            (path.Contains("-logs.", StringComparison.Ordinal) ? OtlpSignal.Logs : path.Contains("-metrics.", StringComparison.Ordinal) ? OtlpSignal.Metrics : OtlpSignal.Traces, path.EndsWith(".json.gz", StringComparison.Ordinal), Unzip(path))),
    ];

    public static IReadOnlyList<RunEvent> Events(string client) => [.. Bodies(client).SelectMany(body => Accepted(body.Signal, body.Body, body.IsJson))];

    public static IReadOnlyList<RunEvent> Accepted(OtlpSignal signal, byte[] body, bool isJson)
    {
        var batch = OtlpBatch.Read(signal, body, isJson, Fixture.Received);
        Assert.Null(batch.Malformed);
        Assert.Empty(batch.Refused);
        return batch.Events;
    }

    /// <summary>The runs that the events make, by start.</summary>
    public static async Task<IReadOnlyList<Run>> RunsAsync(IEnumerable<RunEvent> events)
    {
        await using var store = new OracleRunStore();
        await store.CommitAsync(Project, [.. events], CancellationToken.None);
        var page = await store.ListAsync(Project, new RunQuery { Detail = RunDetail.Full, Limit = 1000, Ascending = true }, CancellationToken.None);
        Assert.Null(page.Next);
        return page.Runs;
    }

    /// <summary>The runs that count: what a bill would be made of.</summary>
    public static IReadOnlyList<Run> Counted(IReadOnlyList<Run> runs) => [.. runs.Where(run => CountedCalls.IsCall(run.Type) && !run.IsRepeat)];

    public static byte[] Unzip(string path)
    {
        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        var buffer = new MemoryStream();
        gzip.CopyTo(buffer);
        return buffer.ToArray();
    }
}
