using System.Text.Json;
using System.Text.Json.Nodes;

namespace Perilune.Load.Traffic;

/// <summary>
/// The runs of a trace as an OpenTelemetry exporter would send them: spans of the GenAI conventions, in protobuf, each when
/// it has ended. Chat messages and feedback have no such form, and are left out.
/// </summary>
internal static class OtlpSpans
{
    /// <summary>Fields of opentelemetry/proto/trace/v1 and common/v1.</summary>
    private const int TraceId = 1, SpanId = 2, ParentSpanId = 4, Name = 5, Kind = 6, StartTime = 7, EndTime = 8, Attributes = 9, Status = 15;
    private const int Key = 1, Value = 2, StringValue = 1, IntValue = 3;

    /// <summary>Messages of type <c>Span</c>, in the order of their ends.</summary>
    public static IReadOnlyList<byte[]> Of(Trace trace)
    {
        var (begun, spans) = (new Dictionary<string, JsonObject>(StringComparer.Ordinal), new List<byte[]>());
        foreach (var slice in trace.Events)
        {
            var e = JsonNode.Parse(trace.Utf8.Span.Slice(slice.Start, slice.Length))!.AsObject();
            var id = (string)e["runId"]!;
            switch ((string)e["event"]!)
            {
                case "start":
                    begun[id] = e;
                    break;
                case "end" or "error":
                    spans.Add(Span(trace.RootId, id, begun[id], e, begun));
                    break;
            }
        }

        return spans;
    }

    /// <summary>A request with these spans.</summary>
    public static byte[] Request(IEnumerable<byte[]> spans) => new ProtoWriter().Message(1, resource => resource
        .Message(1, r => Attribute(r, 1, "service.name", "load"))
        .Message(2, scope =>
        {
            scope.Message(1, s => s.Text(1, "load").Text(2, "1"));
            foreach (var span in spans)
            {
                scope.Bytes(2, span);
            }
        })).Written.ToArray();

    private static byte[] Span(string trace, string id, JsonObject start, JsonObject end, Dictionary<string, JsonObject> known)
    {
        var span = new ProtoWriter().Bytes(TraceId, Bytes(trace, 16)).Bytes(SpanId, Bytes(id, 8));
        if (start["parentRunId"] is { } parent && known.ContainsKey((string)parent!))
        {
            span.Bytes(ParentSpanId, Bytes((string)parent!, 8));
        }

        var (type, name) = ((string)start["type"]!, (string)start["name"]!);
        span.Text(Name, $"{type} {name}").Number(Kind, type == "llm" ? 3 : 1).Time(StartTime, Nanos(start)).Time(EndTime, Nanos(end));
        Describe(span, type, name, start, end);
        foreach (var (key, value) in (start["metadata"] as JsonObject)?.ToList() ?? [])
        {
            Attribute(span, Attributes, $"metadata.{key}", value!.ToString());
        }

        if (start["userId"] is { } user)
        {
            Attribute(span, Attributes, "user.id", (string)user!);
        }

        if (end["error"] is JsonObject error)
        {
            span.Message(Status, status => status.Text(2, (string)error["message"]!).Number(3, 2));
        }

        return span.Written.ToArray();
    }

    private static void Describe(ProtoWriter span, string type, string name, JsonObject start, JsonObject end)
    {
        switch (type)
        {
            case "llm":
                Attribute(span, Attributes, "gen_ai.operation.name", "chat");
                Attribute(span, Attributes, "gen_ai.provider.name", ProviderOf(name));
                Attribute(span, Attributes, "gen_ai.request.model", name);
                Attribute(span, Attributes, "gen_ai.input.messages", Parts(start["input"]!.AsArray()));
                if (end["output"] is { } output)
                {
                    Attribute(span, Attributes, "gen_ai.output.messages", Parts([output.DeepClone()]));
                    Attribute(span, Attributes, "gen_ai.usage.input_tokens", (long)end["tokensUsage"]!["prompt"]!);
                    Attribute(span, Attributes, "gen_ai.usage.output_tokens", (long)end["tokensUsage"]!["completion"]!);
                }

                break;
            case "tool":
                Attribute(span, Attributes, "gen_ai.operation.name", "execute_tool");
                Attribute(span, Attributes, "gen_ai.tool.name", name);
                Attribute(span, Attributes, "gen_ai.tool.call.arguments", Json(start["input"]));
                Attribute(span, Attributes, "gen_ai.tool.call.result", Json(end["output"]));
                break;
            default:
                Attribute(span, Attributes, "openinference.span.kind", type.ToUpperInvariant());
                Attribute(span, Attributes, "input.value", Json(start["input"]));
                Attribute(span, Attributes, "output.value", Json(end["output"]));
                break;
        }
    }

    private static string ProviderOf(string model) => model.Split('-')[0] switch
    {
        "claude" => "anthropic",
        "gemini" => "gcp.gemini",
        "mistral" => "mistral_ai",
        _ => "openai",
    };

    private static string Parts(JsonArray messages) => Json(new JsonArray([.. messages.Select(message => (JsonNode)new JsonObject
    {
        ["role"] = (string)message!["role"]!,
        ["parts"] = new JsonArray(message["tool_calls"] is JsonArray calls
            ? [.. calls.Select(call => new JsonObject { ["type"] = "tool_call", ["id"] = (string)call!["id"]!, ["name"] = (string)call["function"]!["name"]!, ["arguments"] = (string)call["function"]!["arguments"]! })]
            : [new JsonObject { ["type"] = "text", ["content"] = (string?)message["content"] }]),
    })]));

    private static string Json(JsonNode? node) => node is null ? "" : node.ToJsonString(s_json);

    private static readonly JsonSerializerOptions s_json = new() { Encoder = EventSink.Json.Encoder };

    private static void Attribute(ProtoWriter to, int field, string key, string value) => to.Message(field, a => a.Text(Key, key).Message(Value, v => v.Text(StringValue, value)));

    private static void Attribute(ProtoWriter to, int field, string key, long value) => to.Message(field, a => a.Text(Key, key).Message(Value, v => v.Number(IntValue, value)));

    // The ids of the traffic are UUIDs; their last bytes differ as well as all of them.
    private static ReadOnlySpan<byte> Bytes(string uuid, int count) => Guid.Parse(uuid, null).ToByteArray(bigEndian: true).AsSpan()[^count..];

    private static ulong Nanos(JsonObject e) => (ulong)(long)e["timestamp"]! * 1_000_000;
}
