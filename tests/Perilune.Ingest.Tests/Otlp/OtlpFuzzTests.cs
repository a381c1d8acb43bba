using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Perilune.Ingest.Otlp;
using Perilune.Ingest.Tests.Lunary;
using Perilune.Model;

namespace Perilune.Ingest.Tests.Otlp;

/// <summary>
/// Damaged bodies must be refused with a reason or read as what they say. Some seconds of each kind here, with those of
/// Lunary's wire a minute; <c>tests/fuzz</c> tries ten million of them.
/// </summary>
public sealed class OtlpFuzzTests
{
    private const int Seconds = 14;

    /// <summary>Cases of each kind; -1 for as many as there is time for.</summary>
    private static readonly long Cases = long.TryParse(Environment.GetEnvironmentVariable("PERILUNE_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var cases) ? cases : -1;

    private static int Time => Cases < 0 ? Seconds : -1;

    // Other tests run beside those of some seconds.
    private static int Threads => Cases < 0 ? 1 : Environment.ProcessorCount;

    // Small requests with a span or two, so that damage lands in every part of one.
    private static readonly IReadOnlyList<(OtlpSignal Signal, byte[] Body)> Protobuf =
    [
        .. new[] { "sdk-proto", "vercel-ai-sdk-v7-grpc", "meai" }.SelectMany(OtlpFixture.Bodies).Where(body => !body.IsJson && body.Body.Length < 6_000).Select(body => (body.Signal, body.Body)),
    ];

    private static readonly IReadOnlyList<(OtlpSignal Signal, byte[] Body)> Json =
        [.. new[] { "claude-code" }.SelectMany(OtlpFixture.Bodies).Where(body => body.IsJson).Select(body => (body.Signal, body.Body))];

    private static readonly byte[][] Splices =
    [
        .. new[] { "null", "{}", "[]", "\"\"", "\"\\ud800\"", "-1", "1e400", "true", ",", ":", "\"", "\\", "{", "}", "[", "]", "{\"arrayValue\":{\"values\":[", "{\"kvlistValue\":" }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc3], [0xed, 0xa0, 0x80], [0x0a, 0x00], [0xff, 0xff, 0xff, 0xff, 0x0f], [0x2a, 0x02, 0x0a, 0x00], [0x09], [0x0b],
    ];

    [Fact]
    public void Damaged_protobuf_never_throws() => Damaged(Protobuf).Sample(request => Check(request.Signal, request.Body, isJson: false), iter: Cases, time: Time, threads: Threads);

    [Fact]
    public void Damaged_json_never_throws() => Damaged(Json).Sample(request => Check(request.Signal, request.Body, isJson: true), iter: Cases, time: Time, threads: Threads);

    [Fact]
    public void Random_attributes_never_throw() => Gen.Select(Gen.OneOf([.. Names]), Gen.OneOf(JsonGen.Value, Gen.Const("\"[{\\\"role\\\":\\\"user\\\"\""))).Array[0, 8].Sample(
        attributes => Check(
            OtlpSignal.Traces,
            Encoding.UTF8.GetBytes(Head + string.Join(',', attributes.Select(a => "{\"key\":\"" + a.Item1 + "\",\"value\":{\"stringValue\":" + JsonSerializer.Serialize(a.Item2) + "}}")) + "]}]}]}]}"),
            isJson: true),
        iter: Cases, time: Time, threads: Threads);

    private const string Head =
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"eee19b7ec3c1b174\",\"name\":\"x\",\"attributes\":[";

    private static readonly string[] Names =
    [
        "gen_ai.operation.name", "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.tool.definitions", "gen_ai.usage.input_tokens",
        "gen_ai.response.finish_reasons", "llm.input_messages.0.message.role", "llm.input_messages.0.message.tool_calls.1.tool_call.function.arguments", "gen_ai.prompt.0.content",
        "llm.tools.0.tool.json_schema", "llm.invocation_parameters", "metadata", "metadata.a", "tag.tags", "langfuse.observation.usage_details", "langfuse.observation.cost_details",
        "langfuse.observation.completion_start_time", "ai.response.toolCalls", "ai.response.files", "ai.prompt.messages", "input.value", "output.value", "session.id",
        "retrieval.documents.0.document.content", "ai.settings.temperature", "gen_ai.tool.call.result",
    ];

    private static Gen<(OtlpSignal Signal, byte[] Body)> Damaged(IReadOnlyList<(OtlpSignal Signal, byte[] Body)> requests) => Gen.Select(
        Gen.OneOf([.. requests]),
        Gen.Select(Gen.Int[0, 5], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Byte, Gen.OneOf(Splices)).Array[1, 4],
        (request, damages) => (request.Signal, damages.Aggregate(request.Body, (bytes, d) => Damage(bytes, d.Item1, d.Item2, d.Item3, d.Item4, d.Item5))));

    private static void Check(OtlpSignal signal, byte[] body, bool isJson)
    {
        var batch = OtlpBatch.Read(signal, body, isJson, Fixture.Received);
        Assert.True(batch.Malformed is null or { Length: > 0 });
        Assert.True(batch.Refused.Count == 0 || batch.Message is { Length: > 0 });
        foreach (var e in batch.Events)
        {
            foreach (var json in (ReadOnlySpan<RawJson>)[e.Input, e.Output, e.Error, e.Params, e.Metadata, e.Attributes, e.Resource, e.Notes])
            {
                AssertIsJson(json);
            }
        }
    }

    private static void AssertIsJson(RawJson json)
    {
        if (json.IsAbsent)
        {
            return;
        }

        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
        }
    }

    private static byte[] Damage(byte[] bytes, int kind, double where, double howMuch, byte value, byte[] splice)
    {
        var at = (int)(where * bytes.Length);
        var length = (int)(howMuch * 40);
        var rest = Math.Min(bytes.Length, at + length);
        return kind switch
        {
            0 => bytes[..at],
            1 => [.. bytes[..at], .. bytes[rest..]],
            2 => [.. bytes[..at], .. splice, .. bytes[at..]],
            3 => [.. bytes[..at], .. splice, .. bytes[rest..]],
            4 => [.. bytes[..rest], .. bytes[at..]],
            _ when at < bytes.Length => [.. bytes[..at], value, .. bytes[(at + 1)..]],
            _ => bytes,
        };
    }
}
