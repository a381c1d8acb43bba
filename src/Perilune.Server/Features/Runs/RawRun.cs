using System.Text.Json;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs;

/// <summary>A run with its payloads byte for byte as they were sent.</summary>
internal static class RawRun
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true, SkipValidation = true };

    public static async Task<IResult> WriteAsync(Guid projectId, string runId, string? part, IRunStore store, CancellationToken cancellationToken)
    {
        var run = await store.FindAsync(projectId, RunId.FromClient(runId), cancellationToken);
        if (run is null)
        {
            return TypedResults.NotFound();
        }

        return part is null
            ? TypedResults.Stream(body => WriteAsync(body, run, cancellationToken), "application/json")
            : Payload(run, part) is { IsAbsent: false } payload ? TypedResults.Bytes(payload.Utf8, "application/json") : TypedResults.NotFound();
    }

    private static RawJson Payload(Run run, string part) => part switch
    {
        "input" => run.Input,
        "output" => run.Output,
        "error" => run.Error,
        "params" => run.Params,
        "metadata" => run.Metadata,
        "attributes" => run.Attributes,
        "notes" => run.Notes,
        "resource" => run.Resource,
        _ => default,
    };

    private static async Task WriteAsync(Stream body, Run run, CancellationToken cancellationToken)
    {
        await using var json = new Utf8JsonWriter(body, s_options);
        json.WriteStartObject();
        Text("id", run.Id.ToString());
        Text("clientId", run.ClientId);
        Text("traceId", run.TraceId.ToString());
        Text("parentId", run.ParentId?.ToString());
        Text("threadId", run.ThreadId?.ToString());
        Text("type", run.Type);
        Text("name", run.Name);
        Text("status", run.Status.ToString().ToLowerInvariant());
        Text("start", run.Start.ToString());
        Text("end", run.End?.ToString());
        Text("user", run.User.Effective);
        Text("runtime", run.Runtime);
        Text("templateVersionId", run.TemplateVersionId);
        Text("provider", run.Provider);
        Text("servedModel", run.ServedModel);
        Text("callId", run.CallId);
        Text("service", run.Service);
        Text("environment", run.Environment.Effective);
        Text("release", run.Release);
        if (run.Usage is { } usage)
        {
            json.WriteStartObject("usage");
            Number("input", usage.Input);
            Number("output", usage.Output);
            Number("cacheRead", usage.CacheRead);
            json.WriteEndObject();
        }

        if (run.Cost is { } cost)
        {
            json.WriteNumber("costUsd", cost / 1e9m);
        }

        json.WriteStartArray("tags");
        foreach (var tag in run.Tags)
        {
            json.WriteStringValue(tag);
        }

        json.WriteEndArray();
        foreach (var (name, payload) in (ReadOnlySpan<(string, RawJson)>)[("params", run.Params), ("input", run.Input), ("output", run.Output), ("error", run.Error), ("feedback", run.Feedback), ("metadata", run.Metadata), ("attributes", run.Attributes), ("notes", run.Notes), ("resource", run.Resource)])
        {
            if (!payload.IsAbsent)
            {
                json.WritePropertyName(name);
                json.WriteRawValue(payload.Span, skipInputValidation: true);
            }
        }

        json.WriteStartArray("scores");
        foreach (var score in run.Scores)
        {
            json.WriteStartObject();
            Text("label", score.Label);
            json.WritePropertyName("value");
            json.WriteRawValue(score.Value.Span, skipInputValidation: true);
            Text("comment", score.Comment);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);

        void Text(string name, string? value)
        {
            if (value is not null)
            {
                json.WriteString(name, value);
            }
        }

        void Number(string name, long? value)
        {
            if (value is { } number)
            {
                json.WriteNumber(name, number);
            }
        }
    }
}
