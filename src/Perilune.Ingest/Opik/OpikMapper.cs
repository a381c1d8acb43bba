using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using Perilune.Ingest.Json;
using Perilune.Model;

namespace Perilune.Ingest.Opik;

/// <summary>Makes events of Opik's traces, spans and scores.</summary>
internal static class OpikMapper
{
    private static readonly string[] s_mapped =
    [
        "id", "trace_id", "parent_span_id", "name", "type", "start_time", "end_time", "input", "output", "metadata", "tags", "usage", "model", "provider", "error_info",
        "total_estimated_cost", "thread_id", "project_name", "ttft", "environment",
    ];

    /// <summary>A trace is the run at its top: it has input and output of its own, and spans below it.</summary>
    public static RunEvent? MapTrace(JsonElement trace, string id, bool isPatch, Instant receivedAt, Action<string> refuse)
    {
        var (parent, _, thread) = RunIds.Place(null, trace.Get("thread_id"u8).Text(RunText.Id));
        return Common(trace, id, isPatch, receivedAt, refuse) is not { } common ? null : common with
        {
            Type = RunTypes.Chain,
            Name = Name(trace),
            ParentId = parent,
            Thread = thread,
            Input = trace.Get("input"u8).Raw(),
            UserId = RunIds.User(trace.Get("metadata"u8)),
            Attributes = Rest(trace, name: null),
        };
    }

    public static RunEvent? MapSpan(JsonElement span, string id, bool isPatch, Instant receivedAt, Action<string> refuse)
    {
        if ((span.Get("parent_span_id"u8) ?? span.Get("trace_id"u8)).Text(RunText.Id) is not { } parent)
        {
            refuse("A span needs the id of its trace as trace_id, and of the span above it, if there is one, as parent_span_id.");
            return null;
        }

        if (Common(span, id, isPatch, receivedAt, refuse) is not { } common)
        {
            return null;
        }

        var type = Type(span);
        var name = Name(span);
        if (!RunTypes.IsModelCall(type))
        {
            return common with { Type = type, Name = name, ParentId = RunId.FromClient(parent), Input = span.Get("input"u8).Raw(), Attributes = Rest(span, name: null) };
        }

        var model = span.Get("model"u8).Text(RunText.Name);
        var parameters = new JsonObjectDraft();
        var input = ModelRequest.Split(span.Get("input"u8), parameters);
        return common with
        {
            Type = type,
            Name = model ?? name,
            ParentId = RunId.FromClient(parent),
            Input = input,
            Params = parameters.ToJson(),
            Usage = ModelUsage.Read(span.Get("usage"u8)),
            GivenCost = span.Get("total_estimated_cost"u8).NanoUsd(),
            Provider = span.Get("provider"u8).Text(RunText.Label),
            UserId = RunIds.User(span.Get("metadata"u8)),
            Attributes = Rest(span, model is null ? null : name),
        };
    }

    /// <param name="score">One of <c>scores</c>.</param>
    /// <param name="run">What is scored, as the client names it.</param>
    /// <param name="receivedAt">When it was received.</param>
    /// <param name="refuse">Told why there is no event.</param>
    public static RunEvent? MapScore(JsonElement score, string run, Instant receivedAt, Action<string> refuse)
    {
        var value = (score.Get("value"u8) ?? score.Get("category_name"u8)).Raw();
        if (score.Get("name"u8).Text(RunText.Label) is not { } name || value.IsAbsent)
        {
            refuse($"A score needs a name of at most {RunText.Label} characters, and a value or category_name.");
            return null;
        }

        return new RunEvent
        {
            Kind = RunEventKind.Score,
            Id = RunId.FromClient(run),
            ClientId = RunIds.ClientId(run),
            ReceivedAt = receivedAt,
            ContentHash = Hash(score),
            Score = new Score(name, value, score.Get("reason"u8).Text()),
        };
    }

    private static RunEvent? Common(JsonElement json, string id, bool isPatch, Instant receivedAt, Action<string> refuse)
    {
        var (start, end) = (json.Get("start_time"u8).Time(), json.Get("end_time"u8).Time());
        if (start is null && !isPatch)
        {
            refuse("start_time is missing, or no time. Send ISO 8601, such as 2026-01-31T12:00:00Z.");
            return null;
        }

        if (start is { } began && end < began)
        {
            end = began;
        }

        var error = json.Get("error_info"u8);
        return new RunEvent
        {
            Kind = error is not null ? RunEventKind.Error : end is not null ? RunEventKind.End : isPatch ? RunEventKind.Update : RunEventKind.Start,
            Id = RunId.FromClient(id),
            ClientId = RunIds.ClientId(id),
            Time = end ?? start,
            StartTime = end is null && error is null ? null : start,
            ReceivedAt = receivedAt,
            ContentHash = Hash(json),
            Output = json.Get("output"u8).Raw(),
            Error = Error(error),
            Metadata = new JsonObjectDraft().AddMembers(json.Get("metadata"u8), "usage").ToJson(),
            Tags = json.Get("tags"u8).Texts(RunText.Tags, RunText.Label),
            TimeToFirstToken = json.Get("ttft"u8).Number() is >= 0 and < 1e9 and var millis ? TimeSpan.FromMilliseconds(millis) : null,
            Service = json.Get("project_name"u8).Text(RunText.Label),
            Environment = json.Get("environment"u8).Text(RunText.Label),
            Runtime = "opik",
        };
    }

    /// <summary>Opik's wrappers of model clients call their spans general, and give them a model.</summary>
    private static string Type(JsonElement span)
    {
        var word = span.Get("type"u8).Text(RunText.Label) ?? "general";
        return span.Get("model"u8) is not null && word is "general" or "llm" ? IsEmbedding(span) ? RunTypes.Embedding : RunTypes.Llm
            : word == "general" ? RunTypes.Chain
            : TypeWords.Of(word) ?? word;
    }

    private static bool IsEmbedding(JsonElement span) =>
        span.Get("output"u8).Get("embeddings"u8) is not null || span.Get("name"u8).Text()?.Contains("embedding", StringComparison.OrdinalIgnoreCase) is true;

    private static string? Name(JsonElement json) => json.Get("name"u8).Text() is { } name ? RunText.Cut(name, RunText.Name) : null;

    private static RawJson Error(JsonElement? error) => error is null ? default : ErrorText.Of(
        error.Get("message"u8).Text() ?? error.Get("exception_type"u8).Text() ?? "It failed and says no more.",
        error.Get("exception_type"u8).Text(),
        error.Get("traceback"u8).Text());

    private static RawJson Rest(JsonElement json, string? name) => new JsonObjectDraft().Add("opik.name", name).AddMembers(json, s_mapped).ToJson();

    private static ulong Hash(JsonElement json) => XxHash3.HashToUInt64(JsonMarshal.GetRawUtf8Value(json));
}
