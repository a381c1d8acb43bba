using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using Perilune.Ingest.Json;
using Perilune.Ingest.Otlp.Mapping;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.OpenAiAgents;

/// <summary>Makes events of the traces and spans of the OpenAI Agents SDK.</summary>
internal static class AgentMapper
{
    private const string Runtime = "openai-agents";

    /// <summary>A trace has no times: its spans at the top give them (see <see cref="TimesOfTrace"/>).</summary>
    public static RunEvent MapTrace(JsonElement trace, string id, Instant receivedAt)
    {
        var metadata = trace.Get("metadata"u8);
        var (parent, _, thread) = RunIds.Place(null, trace.Get("group_id"u8).Text(RunText.Id));
        return new RunEvent
        {
            Kind = RunEventKind.Note,
            Id = RunId.FromClient(id),
            ClientId = RunIds.ClientId(id),
            ReceivedAt = receivedAt,
            ContentHash = Hash(trace),
            Type = RunTypes.Chain,
            Name = trace.Get("workflow_name"u8).Text() is { } name ? RunText.Cut(name, RunText.Name) : null,
            ParentId = parent,
            Thread = thread,
            Metadata = metadata.Object(),
            UserId = RunIds.User(metadata),
            Runtime = Runtime,
            Attributes = new JsonObjectDraft().AddMembers(trace, "object", "id", "workflow_name", "group_id", "metadata").ToJson(),
        };
    }

    /// <summary>What a span at the top says of its trace: it began no later, ended no sooner, and failed if this failed last.</summary>
    public static RunEvent? TimesOfTrace(AgentSpan span, Instant receivedAt) => span.Parent is not null ? null : Times(span.Json, receivedAt) with
    {
        Id = RunId.FromClient(span.Trace),
        ClientId = RunIds.ClientId(span.Trace),
        Type = RunTypes.Chain,
        Runtime = Runtime,
    };

    /// <param name="span">The span.</param>
    /// <param name="usage">What its turn says of a model call.</param>
    /// <param name="receivedAt">When it was received.</param>
    public static RunEvent MapSpan(AgentSpan span, Usage? usage, Instant receivedAt)
    {
        var data = span.Data;
        var type = span.Type switch
        {
            "function" => RunTypes.Tool,
            "mcp_tools" => RunTypes.Plumbing,
            "guardrail" => "guardrail",
            "agent" => RunTypes.Agent,
            _ => span.IsModelCall ? RunTypes.Llm : RunTypes.Chain,
        };
        return Times(span.Json, receivedAt) with
        {
            Id = RunId.FromClient(span.Id),
            ClientId = RunIds.ClientId(span.Id),
            Type = type,
            Name = Name(span),
            ParentId = RunId.FromClient(span.Parent ?? span.Trace),
            Input = Payload(data.Get("input"u8)),
            Output = Payload(data.Get("output"u8)),
            Params = span.IsModelCall ? data.Get("model_config"u8).Object() : default,
            Usage = span.UsageOfCall ?? usage ?? span.UsageOfTurn,
            CallId = span.IsModelCall ? data.Get("response_id"u8).Text(RunText.Id) : null,
            IsStructural = type == RunTypes.Plumbing ? true : null,
            Runtime = Runtime,
            Attributes = new JsonObjectDraft()
                .AddMembers(data, "type", "name", "input", "output", "model", "model_config", "usage", "response_id", "data")
                .AddMembers(data.Get("data"u8))
                .AddMembers(span.Json, "object", "id", "trace_id", "parent_id", "started_at", "ended_at", "span_data", "error")
                .ToJson(),
        };
    }

    /// <summary>Tokens of a model call that its turn tells when both have ended.</summary>
    public static RunEvent UsageOf(RunId call, Usage usage, Instant receivedAt) => new()
    {
        Kind = RunEventKind.Note,
        Id = call,
        ReceivedAt = receivedAt,
        ContentHash = 0,
        Usage = usage,
    };

    private static string? Name(AgentSpan span)
    {
        var data = span.Data;
        var name = span.Type switch
        {
            "handoff" => $"{data.Get("from_agent"u8).Text() ?? "?"} → {data.Get("to_agent"u8).Text() ?? "?"}",
            "mcp_tools" => "tools/list",
            _ when span.IsModelCall => data.Get("model"u8).Text(),
            _ => data.Get("name"u8).Text() ?? span.Type,
        };
        return name is null ? null : RunText.Cut(name, RunText.Name);
    }

    // Arguments and results of functions are JSON in text.
    private static RawJson Payload(JsonElement? value) => value.Text() is { } text && value is { ValueKind: JsonValueKind.String }
        ? Coerce.Json(OtlpValue.Of(System.Text.Encoding.UTF8.GetBytes(text)))
        : value.Raw();

    private static RunEvent Times(JsonElement span, Instant receivedAt)
    {
        var (start, end) = (span.Get("started_at"u8).Time(), span.Get("ended_at"u8).Time());
        if (start is { } began && end < began)
        {
            end = began;
        }

        var error = span.Get("error"u8);
        return new RunEvent
        {
            Kind = error is not null ? RunEventKind.Error : end is not null ? RunEventKind.End : RunEventKind.Start,
            Id = default,
            Time = end ?? start,
            StartTime = end is null && error is null ? null : start,
            ReceivedAt = receivedAt,
            ContentHash = Hash(span),
            Error = error is null ? default : new JsonObjectDraft()
                .Add("message", error.Get("message"u8).Text() ?? "It failed and says no more.")
                .AddMembers(error, "message")
                .ToJson(),
        };
    }

    private static ulong Hash(JsonElement json) => XxHash3.HashToUInt64(JsonMarshal.GetRawUtf8Value(json));
}
