using System.Globalization;
using System.Text;
using Perilune.Model;
using Perilune.Server.Features.Runs.Api;

namespace Perilune.Server.Features.Runs;

/// <summary>Comma-separated values (RFC 4180), payloads as their JSON.</summary>
internal sealed class CsvLines : RunLines
{
    private static readonly IReadOnlyList<(string Name, Func<Run, RunRefs, string?> Value)> s_columns =
    [
        ("id", (r, _) => r.Id.ToString()),
        ("clientId", (r, _) => Text(r.ClientId)),
        ("type", (r, _) => Text(r.Type)),
        ("name", (r, _) => Text(r.Name)),
        ("status", (r, _) => RunJson.Status(r.Status)),
        ("createdAt", (r, _) => r.Start.ToString()),
        ("endedAt", (r, _) => r.End?.ToString()),
        ("durationMs", (r, _) => Number(r.Duration?.TotalMilliseconds)),
        ("promptTokens", (r, _) => Number(r.Usage?.Input)),
        ("cachedPromptTokens", (r, _) => Number(r.Usage?.CacheRead)),
        ("completionTokens", (r, _) => Number(r.Usage?.Output)),
        ("costUsd", (r, _) => r.Cost is { } cost ? (cost / 1_000_000_000m).ToString(CultureInfo.InvariantCulture) : null),
        ("userId", (r, _) => Text(r.User.Effective)),
        ("threadId", (r, _) => r.ThreadId?.ToString()),
        ("traceId", (r, _) => r.TraceId.ToString()),
        ("parentRunId", (r, _) => r.ParentId?.ToString()),
        ("tags", (r, _) => Text(string.Join(", ", r.Tags))),
        ("templateSlug", (r, refs) => Text(r.TemplateVersionId is { } version ? refs.Slugs.GetValueOrDefault(version) : null)),
        ("templateVersionId", (r, _) => Text(r.TemplateVersionId)),
        ("runtime", (r, _) => Text(r.Runtime)),
        ("input", (r, _) => Json(r.Input)),
        ("output", (r, _) => Json(r.Output)),
        ("error", (r, _) => Json(r.Error)),
        ("params", (r, _) => Json(r.Params)),
        ("metadata", (r, _) => Json(r.Metadata)),
        ("feedback", (r, _) => Json(r.Feedback)),
        ("scores", (r, _) => Text(string.Join(", ", r.Scores.Select(s => $"{s.Label}={s.Value}")))),
    ];

    public override string ContentType => "text/csv; charset=utf-8";

    public override string Head => string.Join(',', s_columns.Select(c => c.Name));

    public override Task WriteAsync(MemoryStream line, Run run, RunRefs refs, CancellationToken cancellationToken)
    {
        Write(line, string.Join(',', s_columns.Select(c => Quoted(c.Value(run, refs) ?? ""))) + "\r\n");
        return Task.CompletedTask;
    }

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Spreadsheets run what begins like a formula, and anybody can name a run.</summary>
    private static string? Text(string? text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;

    private static string? Json(RawJson json) => json.HasValue ? Encoding.UTF8.GetString(json.Span) : null;

    private static string? Number(double? value) => value?.ToString("0.###", CultureInfo.InvariantCulture);

    private static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);
}
