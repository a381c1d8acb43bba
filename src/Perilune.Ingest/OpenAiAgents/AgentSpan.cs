using System.Text.Json;
using Perilune.Ingest.Json;
using Perilune.Model;

namespace Perilune.Ingest.OpenAiAgents;

/// <summary>A <c>trace.span</c> of the OpenAI Agents SDK, as far as it places the span.</summary>
internal readonly record struct AgentSpan(JsonElement Json, string Id, string Trace, string? Parent)
{
    public JsonElement? Data => Json.Get("span_data"u8);

    /// <summary>What the span is: agent, response, generation, function, handoff…</summary>
    public string Type => Data.Get("type"u8).Text(RunText.Label) ?? "custom";

    /// <summary>A call of a model.</summary>
    public bool IsModelCall => Type is "response" or "generation" or "transcription" or "speech";

    /// <summary>Tokens that a model call says itself.</summary>
    public Usage? UsageOfCall => IsModelCall ? ModelUsage.Read(Data.Get("usage"u8)) : null;

    /// <summary>Tokens that the SDK says at the turn of an agent and not at the model call within it.</summary>
    public Usage? UsageOfTurn => Type == "custom" && Data.Get("data"u8).Get("sdk_span_type"u8).Text() == "turn" ? ModelUsage.Read(Data.Get("data"u8).Get("usage"u8)) : null;

    /// <summary>Null when ids are missing.</summary>
    public static AgentSpan? Read(JsonElement json) =>
        json.Get("id"u8).Text(RunText.Id) is { } id && json.Get("trace_id"u8).Text(RunText.Id) is { } trace
            ? new AgentSpan(json, id, trace, json.Get("parent_id"u8).Text(RunText.Id))
            : null;
}
