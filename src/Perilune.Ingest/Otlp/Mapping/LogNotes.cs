using System.Globalization;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>A log record with what is known of where it comes from.</summary>
internal sealed record LogEntry(string Name, OtlpLogRecord Record, Instant? Time, Instant ReceivedAt, ResourceFacts Facts)
{
    /// <summary>The run of the span that the record was written in.</summary>
    public RunId? SpanRun => OtlpIds.IsTrace(Record.TraceId.Span) && OtlpIds.IsSpan(Record.SpanId.Span) ? OtlpIds.Of(Record.TraceId.Span, Record.SpanId.Span) : null;

    /// <summary>What the record says about <paramref name="run"/>; with <paramref name="member"/> it is a message of its.</summary>
    public RunEvent Note(RunId run, string? member, RawJson message) => new()
    {
        Kind = RunEventKind.Note,
        Id = run,
        Time = Time,
        ReceivedAt = ReceivedAt,
        ContentHash = Record.ContentHash,
        Environment = Facts.Environment,
        Release = Facts.Release,
        Service = Facts.Service,
        Resource = Facts.Json,
        Notes = LogNotes.Compose(this, member, message),
    };
}

internal static class LogNotes
{
    public const string Input = "input";
    public const string Output = "output";

    /// <summary>A note under a key that sorts by the record's time to the nanosecond.</summary>
    public static RawJson Compose(LogEntry log, string? member, RawJson message)
    {
        var nanos = log.Record.Time != 0 ? log.Record.Time : log.Time is { } time ? (ulong)time.Micros * 1000 : 0;
        return JsonWriting.Write(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject(string.Create(CultureInfo.InvariantCulture, $"{nanos:x16}-{log.Record.ContentHash:x16}"));
            json.WriteString("event", log.Name);
            if (log.Time is { } at)
            {
                json.WriteString("time", at.ToString());
            }

            if (member is not null)
            {
                json.WritePropertyName(member);
                JsonWriting.Raw(json, message);
            }
            else
            {
                json.WritePropertyName("attributes");
                JsonWriting.Object(json, log.Record.Attributes);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    public static RawJson Attributes(OtlpLogRecord record, string level) => JsonWriting.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("level", level);
        foreach (var attribute in record.Attributes)
        {
            json.WritePropertyName(attribute.Key.Name);
            JsonWriting.Value(json, attribute.Value);
        }

        json.WriteEndObject();
    });
}
