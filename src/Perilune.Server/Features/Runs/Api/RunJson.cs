using System.Globalization;
using System.Text;
using System.Text.Json;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs.Api;

/// <summary>Writes runs as Lunary does, with its names; payloads go out byte for byte as they came in.</summary>
internal static class RunJson
{
    /// <param name="parent">When at hand, its feedback is shown.</param>
    public static void Write(Utf8JsonWriter json, Run run, Guid project, RunRefs refs, Run? parent)
    {
        json.WriteStartObject();
        WriteId(json, "id", run.Id);
        WriteText(json, "clientId", run.ClientId);
        json.WriteString("projectId", project);
        json.WriteBoolean("isPublic", run.IsPublic);
        WriteText(json, "type", run.Type);
        WriteText(json, "name", run.Name);
        json.WriteString("status", Status(run.Status));
        json.WriteString("createdAt", run.Start.ToString());
        json.WriteString("endedAt", run.End?.ToString());
        json.WriteString("duration", run.Duration is { } duration ? Interval(duration) : null);
        WriteNumber(json, "durationMs", Millis(run.Duration));
        WriteNumber(json, "timeToFirstTokenMs", Millis(run.TimeToFirstToken));
        WriteId(json, "parentRunId", run.ParentId);
        WriteId(json, "traceId", run.TraceId);
        WriteId(json, "threadId", run.ThreadId);
        WriteId(json, "siblingRunId", run.SiblingId);
        WriteText(json, "templateVersionId", run.TemplateVersionId);
        WriteText(json, "templateSlug", run.TemplateVersionId is { } version ? refs.Slugs.GetValueOrDefault(version) : null);
        WriteText(json, "runtime", run.Runtime);
        WriteUsage(json, run);
        WriteTags(json, "tags", run.Tags);
        WriteTags(json, "inheritedTags", run.EffectiveTags.Except(run.Tags, StringComparer.Ordinal));
        WriteRaw(json, "input", run.Input);
        WriteRaw(json, "output", run.Output);
        WriteRaw(json, "error", run.Error);
        WriteRaw(json, "params", run.Params);
        WriteRaw(json, "metadata", run.Metadata);
        WriteRaw(json, "feedback", run.Feedback);
        if (parent is not null)
        {
            WriteRaw(json, "parentFeedback", parent.Feedback);
        }

        WriteScores(json, run.Scores);
        if (refs.Users is { } users)
        {
            WriteUser(json, run.User, users);
        }

        json.WriteEndObject();
    }

    public static void WriteRaw(Utf8JsonWriter json, RawJson value)
    {
        if (value.IsAbsent)
        {
            json.WriteNullValue();
            return;
        }

        // Checked when it came in; checking again would put a limit on its depth.
        json.WriteRawValue(value.Span, skipInputValidation: true);
    }

    private static void WriteRaw(Utf8JsonWriter json, string name, RawJson value)
    {
        json.WritePropertyName(name);
        WriteRaw(json, value);
    }

    private static void WriteUsage(Utf8JsonWriter json, Run run)
    {
        WriteNumber(json, "cost", run.Cost / 1_000_000_000m);
        WriteNumber(json, "costNanoUsd", run.Cost);
        json.WriteStartObject("tokens");
        WriteNumber(json, "prompt", run.Usage?.Input);
        WriteNumber(json, "cachedPrompt", run.Usage?.CacheRead);
        WriteNumber(json, "completion", run.Usage?.Output);
        WriteNumber(json, "total", run.Usage?.Total);
        json.WriteEndObject();
    }

    private static void WriteTags(Utf8JsonWriter json, string name, IEnumerable<string> tags)
    {
        json.WriteStartArray(name);
        foreach (var tag in tags)
        {
            json.WriteStringValue(WellFormed(tag));
        }

        json.WriteEndArray();
    }

    private static void WriteScores(Utf8JsonWriter json, IReadOnlyList<Score> scores)
    {
        json.WriteStartArray("scores");
        foreach (var score in scores)
        {
            json.WriteStartObject();
            WriteText(json, "label", score.Label);
            WriteRaw(json, "value", score.Value);
            WriteText(json, "comment", score.Comment);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteUser(Utf8JsonWriter json, Attribution attribution, IReadOnlyDictionary<string, EndUser> users)
    {
        if (attribution.Effective is not { } id)
        {
            json.WriteNull("user");
            return;
        }

        var user = users.GetValueOrDefault(id);
        json.WriteStartObject("user");
        WriteText(json, "id", id);
        WriteText(json, "externalId", id);
        json.WriteString("createdAt", user?.FirstSeen.ToString());
        json.WriteString("lastSeen", user?.LastSeen.ToString());
        WriteRaw(json, "props", user?.Props ?? default);
        json.WriteBoolean("inherited", attribution.IsInherited);
        json.WriteEndObject();
    }

    private static void WriteId(Utf8JsonWriter json, string name, RunId? id) => json.WriteString(name, id?.ToString());

    private static void WriteText(Utf8JsonWriter json, string name, string? text) =>
        json.WriteString(name, text is null ? null : WellFormed(text));

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static decimal? Millis(TimeSpan? span) => (decimal?)span?.Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>A lone surrogate has no form in UTF-8; it is shown as U+FFFD rather than failing the whole answer.</summary>
    private static string WellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            }
        }

        return text;
    }

    public static string? Status(RunStatus status) => status switch
    {
        RunStatus.Success => "success",
        RunStatus.Error => "error",
        RunStatus.Running => "started",
        RunStatus.Filtered => "filtered",
        _ => null,
    };

    /// <summary>The text form of intervals that PostgreSQL has, and hence Lunary: <c>00:00:02.5</c>, <c>1 day 02:00:00</c>.</summary>
    public static string Interval(TimeSpan duration)
    {
        var size = duration.Duration();
        var days = size.Days switch
        {
            0 => "",
            1 => "1 day ",
            var many => string.Create(CultureInfo.InvariantCulture, $"{many} days "),
        };
        var micros = size.Ticks / TimeSpan.TicksPerMicrosecond % 1_000_000;
        var fraction = micros == 0 ? "" : "." + micros.ToString("D6", CultureInfo.InvariantCulture).TrimEnd('0');
        return $"{(duration < TimeSpan.Zero ? "-" : "")}{days}{size.ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture)}{fraction}";
    }
}
