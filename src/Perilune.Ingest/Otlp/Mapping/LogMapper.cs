using Perilune.Ingest.Otlp.Mapping.Agents;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>
/// Makes events of log records: what is logged about a model call becomes a note on its span's run, the logs of coding
/// agents become runs, and any other record is a run of the type log below its span.
/// </summary>
internal sealed class LogMapper(Instant receivedAt)
{
    private readonly AttributeSet _set = new();
    private (OtlpResource Resource, OtlpScope Scope, ResourceFacts Facts)? _last;

    public void Map(OtlpResource resource, OtlpScope scope, OtlpLogRecord record, List<RunEvent> events)
    {
        var name = NameOf(record);
        var time = OtlpTime.Of(record.Time) ?? EventTime(record) ?? OtlpTime.Of(record.ObservedTime);
        var log = new LogEntry(name, record, time, receivedAt, FactsOf(resource, scope));
        _set.Load(record.Attributes);
        if (Evaluation.Read(name, record.Attributes) is { } score && log.SpanRun is { } scored)
        {
            events.Add(Evaluation.Event(score, scored, time, receivedAt, record.ContentHash));
        }
        else if (CodexLogs.Map(log, _set, events) || ClaudeCodeLogs.Map(log, _set, events) || GeminiCliLogs.Map(log, _set, events))
        {
            // They know their own.
        }
        else if (log.SpanRun is { } run && IsAboutCall(name))
        {
            events.Add(CallNote(log, run));
        }
        else
        {
            events.Add(PlainLog(log));
        }
    }

    private static bool IsAboutCall(string name) => name.StartsWith("gen_ai.", StringComparison.Ordinal);

    private RunEvent CallNote(LogEntry log, RunId run)
    {
        if (EventMessages.RoleOf(log.Name) is { } role)
        {
            var message = EventMessages.Message(role, log.Record.Body, log.Record.Attributes);
            return log.Note(run, log.Name == EventMessages.Choice ? LogNotes.Output : LogNotes.Input, message);
        }

        var isException = SpanErrors.Text(log.Record.Attributes, "exception.type") is not null;
        return log.Note(run, null, default) with
        {
            Input = SpanContent.Input(RunTypes.Llm, _set, []),
            Output = SpanContent.Output(RunTypes.Llm, _set, []),
            Params = SpanContent.Parameters(_set),
            Usage = SpanUsage.Read(_set),
            Provider = SpanNames.Provider(_set.TakeText(Field.Provider, RunText.Label)),
            Name = _set.TakeText(Field.RequestedModel, RunText.Name),
            ServedModel = _set.TakeText(Field.ServedModel, RunText.Name),
            CallId = _set.TakeText(Field.ResponseId, RunText.Id),
            UserId = _set.TakeText(Field.User, RunText.Id),
            Error = isException
                ? SpanErrors.Compose(
                    SpanErrors.Text(log.Record.Attributes, "exception.message") ?? "",
                    SpanErrors.Text(log.Record.Attributes, "exception.type"),
                    SpanErrors.Text(log.Record.Attributes, "exception.stacktrace"))
                : default,
        };
    }

    private RunEvent PlainLog(LogEntry log)
    {
        var body = Coerce.Json(log.Record.Body);
        var level = log.Record.SeverityText.Length > 0 ? log.Record.SeverityText.ToLowerInvariant() : Severity(log.Record.Severity);
        return new RunEvent
        {
            Kind = RunEventKind.Log,
            Id = OtlpIds.Of("log", log.Record.ContentHash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture), log.Facts.Json.ToString()),
            Time = log.Time,
            ReceivedAt = receivedAt,
            ContentHash = log.Record.ContentHash,
            Type = RunTypes.Log,
            Name = RunText.Cut(log.Name.Length > 0 ? log.Name : level, RunText.Name),
            ParentId = log.SpanRun,
            Input = body,
            UserId = _set.TakeText(Field.User, RunText.Id),
            Environment = log.Facts.Environment,
            Release = log.Facts.Release,
            Service = log.Facts.Service,
            Runtime = log.Facts.Runtime.Length > 0 ? log.Facts.Runtime : null,
            IsStructural = true,
            Attributes = LogNotes.Attributes(log.Record, level),
            Resource = log.Facts.Json,
        };
    }

    private static string Severity(int number) => number switch
    {
        >= 21 => "fatal",
        >= 17 => "error",
        >= 13 => "warn",
        >= 9 => "info",
        >= 5 => "debug",
        >= 1 => "trace",
        _ => "log",
    };

    // Rust's tracing names events after lines of its source; the name is then an attribute.
    private static string NameOf(OtlpLogRecord record) =>
        SpanErrors.Text(record.Attributes, "event.name") is { Length: > 0 } named
            ? named
            : record.EventName;

    private static Instant? EventTime(OtlpLogRecord record) =>
        SpanErrors.Text(record.Attributes, "event.timestamp") is { } text &&
        DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time)
            ? Instant.From(time)
            : null;

    private ResourceFacts FactsOf(OtlpResource resource, OtlpScope scope)
    {
        if (_last is not { } last || last.Resource != resource || last.Scope != scope)
        {
            _last = last = (resource, scope, ResourceFacts.Of(resource, scope));
        }

        return last.Facts;
    }
}
