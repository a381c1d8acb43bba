using System.Globalization;
using System.Text.Json;
using CsCheck;
using Perilune.Ingest.Lunary;
using Perilune.Model;

namespace Perilune.Ingest.Tests.Lunary;

/// <summary>
/// Damaged bodies must be refused with a reason or read as what they say. Some seconds of each kind here, with those of
/// OpenTelemetry's wire a minute; <c>tests/fuzz</c> tries ten million of them.
/// </summary>
public sealed class FuzzTests
{
    private const int Seconds = 6;

    /// <summary>Cases of each kind; -1 for as many as there is time for.</summary>
    private static readonly long Cases = long.TryParse(Environment.GetEnvironmentVariable("PERILUNE_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var cases) ? cases : -1;

    private static int Time => Cases < 0 ? Seconds : -1;

    // Other tests run beside those of some seconds.
    private static int Threads => Cases < 0 ? 1 : Environment.ProcessorCount;

    private static readonly IReadOnlyList<byte[]> Bodies =
        [.. new[] { "lunary-sdk", "lunary-js", "langchain-lunary-js" }.SelectMany(Fixture.Bodies).Where(body => body.Length < 6_000)];

    private static readonly byte[][] Splices =
    [
        .. new[]
        {
            "null", "{}", "[]", "\"\"", "\"\\ud800\"", "-1", "1e400", "true", ",", ":", "\"", "\\", "{", "}", "[", "]", "\0",
            "\"runId\":null,", "\"timestamp\":1e999,", "\"tags\":[{}],", "\"message\":{\"role\":7},", "\"tokensUsage\":[],",
        }.Select(JsonGen.Utf8),
        [0xff], [0xc3], [0xed, 0xa0, 0x80], [0xef, 0xbb, 0xbf],
    ];

    private static readonly Gen<byte[]> Damaged = Gen.Select(
        Gen.OneOf([.. Bodies]),
        Gen.Select(Gen.Int[0, 5], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Byte, Gen.OneOf(Splices)).Array[1, 4],
        (body, damages) => damages.Aggregate(body, (bytes, d) => Damage(bytes, d.Item1, d.Item2, d.Item3, d.Item4, d.Item5)));

    [Fact]
    public void Damaged_bodies_never_throw() => Damaged.Sample(Check, iter: Cases, time: Time, threads: Threads);

    [Fact]
    public void Random_events_never_throw() => Gen.OneOf(JsonGen.Value, JsonGen.ObjectValue).Array[0, 3].Sample(
        events => Check(JsonGen.Utf8($$"""{"events":[{{string.Join(',', events)}}]}""")), iter: Cases, time: Time, threads: Threads);

    [Fact]
    public void Envelopes_of_random_values_never_throw() => Gen.Select(
            Gen.OneOf("start", "end", "error", "update", "feedback", "chat", "custom-event", "info"),
            Gen.Select(Gen.OneOf([.. Members()]), Gen.OneOf(JsonGen.Value, Gen.Const("null"))).Array[0, 8])
        .Sample((word, members) => Check(JsonGen.Utf8(
            $$"""{"events":[{"event":"{{word}}","runId":"a"{{string.Concat(members.Select(m => $",\"{m.Item1}\":{m.Item2}"))}}}]}""")), iter: Cases, time: Time, threads: Threads);

    private static void Check(byte[] body)
    {
        var before = body.ToArray();
        var batch = LunaryDecoder.Decode(body, Fixture.Received);

        Assert.Equal(before, body);
        Assert.True(batch.Malformed is null || batch.Items.Count == 0);
        if (batch.Malformed is null)
        {
            using var _ = JsonDocument.Parse(WithoutMark(body), new JsonDocumentOptions { MaxDepth = 1_000 });
        }

        foreach (var item in batch.Items)
        {
            Assert.True(item.Event is null ^ item.Refusal is null);
            if (item.Event is { } run)
            {
                Assert.False(run.Id.IsNone);
                Assert.All(
                    new[] { run.Input, run.Output, run.Error, run.Params, run.Metadata, run.UserProps, run.Feedback, run.Message?.Raw ?? default },
                    IsValue);
            }
        }
    }

    private static ReadOnlyMemory<byte> WithoutMark(byte[] body) => body.AsSpan().StartsWith("\uFEFF"u8) ? body.AsMemory(3) : body;

    private static void IsValue(RawJson json)
    {
        if (!json.IsAbsent)
        {
            using var _ = JsonDocument.Parse(json.Utf8, new JsonDocumentOptions { MaxDepth = 1_000 });
        }
    }

    private static byte[] Damage(byte[] body, int how, double at, double until, byte value, byte[] splice)
    {
        var from = (int)(at * body.Length);
        var to = (int)Math.Max(from, until * body.Length);
        return how switch
        {
            0 => body[..from],
            1 => [.. body[..from], .. body[to..]],
            2 => [.. body[..to], .. body[from..]],
            3 => [.. body[..from], (byte)(from < body.Length ? body[from] ^ (1 << (value & 7)) : value), .. body[Math.Min(body.Length, from + 1)..]],
            4 => [.. body[..from], .. splice, .. body[from..]],
            _ => [.. body[..from], value, .. body[Math.Min(body.Length, from + 1)..]],
        };
    }

    private static IEnumerable<string> Members() =>
    [
        "type", "runId", "parentRunId", "timestamp", "name", "input", "output", "error", "tokensUsage", "params", "extra", "metadata", "tags",
        "userId", "userProps", "templateVersionId", "templateId", "feedback", "message", "threadTags", "threadMetadata", "runtime", "appId",
    ];
}
