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
    // Small requests with a span or two, so that damage lands in every part of one.
    private static readonly IReadOnlyList<(OtlpSignal Signal, byte[] Body)> Protobuf =
    [
        .. new[] { "sdk-proto", "vercel-ai-sdk-v7-grpc", "meai" }.SelectMany(OtlpFixture.Bodies).Where(body => !body.IsJson && body.Body.Length < 6_000).Select(body => (body.Signal, body.Body)),
        (OtlpSignal.Metrics, MetricBody.Protobuf(MetricBody.Recorded)),
    ];

    private static readonly IReadOnlyList<(OtlpSignal Signal, byte[] Body)> Json =
        [.. new[] { "claude-code" }.SelectMany(OtlpFixture.Bodies).Where(body => body.IsJson).Select(body => (body.Signal, body.Body))];

    [Fact]
    public void Damaged_protobuf_never_throws() => Damaged(Protobuf).Sample(request => Check(request.Signal, request.Body, isJson: false), iter: Damage.Cases, time: Damage.Time, threads: Damage.Threads);

    [Fact]
    public void Damaged_json_never_throws() => Damaged(Json).Sample(request => Check(request.Signal, request.Body, isJson: true), iter: Damage.Cases, time: Damage.Time, threads: Damage.Threads);

    [Fact]
    public void Random_attributes_never_throw() => Gen.Select(Gen.OneOf([.. Names]), Gen.OneOf(JsonGen.Value, Gen.Const("\"[{\\\"role\\\":\\\"user\\\"\""))).Array[0, 8].Sample(
        attributes => Check(
            OtlpSignal.Traces,
            Encoding.UTF8.GetBytes(Head + string.Join(',', attributes.Select(a => "{\"key\":\"" + a.Item1 + "\",\"value\":{\"stringValue\":" + JsonSerializer.Serialize(a.Item2) + "}}")) + "]}]}]}]}"),
            isJson: true),
        iter: Damage.Cases, time: Damage.Time, threads: Damage.Threads);

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

    private static Gen<(OtlpSignal Signal, byte[] Body)> Damaged(IReadOnlyList<(OtlpSignal Signal, byte[] Body)> requests) =>
        Gen.Select(Gen.OneOf([.. requests]), Damage.Gen, (request, damage) => (request.Signal, damage(request.Body)));

    private static void Check(OtlpSignal signal, byte[] body, bool isJson)
    {
        var batch = OtlpBatch.Read(signal, body, isJson, Fixture.Received);
        Assert.True(batch.Malformed is null or { Length: > 0 });
        Assert.True(batch.Refused.Count == 0 || batch.Message is { Length: > 0 });
        foreach (var e in batch.Events.Concat(batch.Metrics.SelectMany(session => session.Events)))
        {
            foreach (var json in (ReadOnlySpan<RawJson>)[e.Input, e.Output, e.Error, e.Params, e.Metadata, e.Attributes, e.Resource, e.Notes])
            {
                Damage.AssertIsJson(json);
            }
        }
    }
}
