using System.Text.Json;
using Perilune.Ingest.Json;
using Perilune.Model;

namespace Perilune.Ingest.LangSmith;

/// <summary>Makes events of LangSmith's runs.</summary>
internal static class LangSmithMapper
{
    private static readonly string[] s_models = ["model", "model_name", "deployment", "azure_deployment", "modelId", "model_id"];

    /// <summary>Beginnings of tags that LangChain gives to the steps of every sequence, and to what LangSmith is not to show.</summary>
    private static readonly string[] s_ownTags = ["seq:step:", "graph:step:", "map:key:", "condition:", "branch:", "langsmith:"];

    /// <summary>Members that fields of the run hold.</summary>
    private static readonly string[] s_mapped =
    [
        "id", "trace_id", "parent_run_id", "dotted_order", "name", "run_type", "start_time", "end_time", "inputs", "outputs", "error", "extra", "tags", "events", "child_runs", "session_name",
    ];

    public static RunEvent? Map(LangSmithRun run, Instant receivedAt, Action<string> refuse)
    {
        var head = run.Head;
        var (start, end) = (head.Get("start_time"u8).Time(), head.Get("end_time"u8).Time());
        if (head.Get("start_time"u8) is { } sent && start is null)
        {
            refuse($"start_time is {sent.GetRawText()}, which is no time. Send ISO 8601, such as 2026-01-31T12:00:00Z, or milliseconds since 1970.");
            return null;
        }

        var (extra, outputs) = (run.Part("extra"), run.Part("outputs"));
        var metadata = extra.Get("metadata"u8);
        var type = head.Get("run_type"u8).Text(RunText.Label) is { } word ? TypeWords.Of(word) ?? word : null;
        var isModelCall = RunTypes.IsModelCall(type);
        var name = head.Get("name"u8).Text() is { } given ? RunText.Cut(given, RunText.Name) : null;
        var parameters = new JsonObjectDraft().AddMembers(extra.Get("invocation_params"u8));
        var input = isModelCall ? ModelRequest.Split(Request(run), parameters) : run.Part("inputs").Raw();
        var model = isModelCall ? Model(run, metadata) : null;

        // An end does not have to say what kind of run began in an earlier request; tokens tell it.
        var answer = new LangSmithAnswer(isModelCall || type is null ? outputs : null);
        var usage = answer.Usage(isModelCall ? metadata : null);
        var isAnswer = isModelCall || usage is not null;
        var tool = type == RunTypes.Tool ? LangSmithAnswer.OfTool(outputs) : default;
        var error = run.Part("error").Text();
        var (parent, traceThread, thread) = RunIds.Place(head.Get("parent_run_id"u8).Text(RunText.Id), Thread(metadata));
        if (start is { } began && end < began)
        {
            end = began;
        }

        return new RunEvent
        {
            Kind = end is not null ? error is null ? RunEventKind.End : RunEventKind.Error : run.IsPatch ? RunEventKind.Update : RunEventKind.Start,
            Id = RunId.FromClient(run.Id),
            ClientId = RunIds.ClientId(run.Id),
            Time = end ?? start,
            StartTime = end is null ? null : start,
            ReceivedAt = receivedAt,
            ContentHash = run.Hash,
            Type = type,
            Name = model ?? tool.Name ?? name,
            ParentId = parent,
            TraceThreadId = traceThread,
            Thread = thread,
            Input = input,
            Output = outputs.Raw(),
            Error = error is null ? default : ErrorText.Split(error),
            Params = isModelCall ? parameters.ToJson() : default,
            Metadata = new JsonObjectDraft().AddMembers(metadata, "usage_metadata").ToJson(),
            Usage = usage,
            GivenCost = isAnswer ? (metadata.Get("usage_metadata"u8).Get("total_cost"u8) ?? outputs.Get("usage_metadata"u8).Get("total_cost"u8)).NanoUsd() : null,
            Provider = isModelCall ? metadata.Get("ls_provider"u8).Text(RunText.Label) : null,
            ServedModel = isAnswer ? answer.ServedModel : null,
            CallId = isAnswer ? answer.ResponseId : tool.CallId,
            FinishReasons = isAnswer ? answer.FinishReasons : null,
            TimeToFirstToken = FirstToken(run.Part("events"), start),
            UserId = RunIds.User(metadata),
            Tags = Tags(head.Get("tags"u8)),
            Service = head.Get("session_name"u8).Text(RunText.Label),
            Environment = metadata.Get("environment"u8).Text(RunText.Label),
            Release = metadata.Get("revision_id"u8).Text(RunText.Label),
            Runtime = extra.Get("runtime"u8).Get("sdk"u8).Text(RunText.Label) ?? extra.Get("runtime"u8).Get("library"u8).Text(RunText.Label),
            Resource = extra.Get("runtime"u8).Object(),
            Attributes = Rest(run, extra, name == model ? null : name),
        };
    }

    /// <summary>LangSmith's <c>feedback</c>: a score of a run.</summary>
    public static RunEvent? MapFeedback(JsonElement feedback, ulong hash, Instant receivedAt, Action<string> refuse)
    {
        var run = feedback.Get("run_id"u8).Text(RunText.Id) ?? feedback.Get("trace_id"u8).Text(RunText.Id);
        var key = feedback.Get("key"u8).Text(RunText.Label);
        var value = (feedback.Get("score"u8) ?? feedback.Get("value"u8)).Raw();
        if (run is null || key is null || value.IsAbsent)
        {
            refuse("A feedback needs run_id, key, and a score or value.");
            return null;
        }

        return new RunEvent
        {
            Kind = RunEventKind.Score,
            Id = RunId.FromClient(run),
            ClientId = RunIds.ClientId(run),
            Time = feedback.Get("created_at"u8).Time(),
            ReceivedAt = receivedAt,
            ContentHash = hash,
            Score = new Score(key, value, feedback.Get("comment"u8).Text()),
        };
    }

    /// <summary>What the model was asked with: functions of several arguments are recorded as a list of them.</summary>
    private static JsonElement? Request(LangSmithRun run) => run.Part("inputs").Get("args"u8).First() is { ValueKind: JsonValueKind.Object } first ? first : run.Part("inputs");

    private static string? Model(LangSmithRun run, JsonElement? metadata)
    {
        JsonElement?[] places = [run.Part("extra").Get("invocation_params"u8), Request(run), metadata, run.Part("serialized").Get("kwargs"u8)];
        return metadata.Get("ls_model_name"u8).Text(RunText.Name) ??
            places.SelectMany(place => s_models.Select(name => place.Get(System.Text.Encoding.UTF8.GetBytes(name)).Text(RunText.Name))).FirstOrDefault(model => model is not null);
    }

    private static string? Thread(JsonElement? metadata) =>
        metadata.Get("session_id"u8).Text(RunText.Id) ?? metadata.Get("thread_id"u8).Text(RunText.Id) ?? metadata.Get("conversation_id"u8).Text(RunText.Id);

    private static string[]? Tags(JsonElement? tags)
    {
        var given = tags.Texts(RunText.Tags, RunText.Label) ?? [];
        string[] kept = [.. given.Where(tag => !Array.Exists(s_ownTags, own => tag.StartsWith(own, StringComparison.Ordinal)))];
        return kept.Length == 0 ? null : kept;
    }

    private static TimeSpan? FirstToken(JsonElement? events, Instant? start)
    {
        foreach (var e in events.Items())
        {
            if (e.Get("name"u8).Text() == "new_token" && e.Get("time"u8).Time() is { } time)
            {
                return start is { } began && time >= began ? time - began : null;
            }
        }

        return null;
    }

    private static RawJson Rest(LangSmithRun run, JsonElement? extra, string? name)
    {
        JsonElement[] events = [.. run.Part("events").Items().Where(e => e.Get("name"u8).Text() is not ("start" or "end" or "error" or "new_token"))];
        return new JsonObjectDraft()
            .Add("langsmith.name", name)
            .Add("langsmith.events", RawJson.ArrayOf(Array.ConvertAll(events, e => e.Raw())))
            .Add("serialized", run.Part("serialized").Raw())
            .AddMembers(extra, "metadata", "invocation_params", "runtime")
            .AddMembers(run.Head, [.. s_mapped, "serialized"])
            .ToJson();
    }
}
