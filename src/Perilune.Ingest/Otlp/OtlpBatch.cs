using Perilune.Ingest.Otlp.Mapping;
using Perilune.Ingest.Otlp.Mapping.Agents;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Ingest.Otlp;

internal enum OtlpSignal { Traces, Logs, Metrics }

/// <summary>What a request's body holds.</summary>
internal sealed class OtlpBatch
{
    private const string BadIds = "Its trace id must be 16 bytes and its span id 8, neither of them all zeros.";

    private readonly HashSet<string> _calls = new(StringComparer.Ordinal);
    private bool _keepsMetrics;

    public List<RunEvent> Events { get; } = [];

    /// <summary>Sessions of Claude Code that spans or records of the request tell model calls of.</summary>
    public IReadOnlyCollection<string> SessionsWithCalls => _calls;

    /// <summary>What the request's metrics say of the usage of sessions; it joins the events with <see cref="Keep"/>.</summary>
    public IReadOnlyList<MetricSession> Metrics { get; private set; } = [];

    /// <summary>Spans or records that are refused.</summary>
    public RefusedEvents Refused { get; } = new();

    /// <summary>How many items of the request are not stored: those that are refused, and data points of metrics that are not kept.</summary>
    public long Rejected { get; private set; }

    /// <summary>Why, for the first of them; or something to tell the sender although all was stored.</summary>
    public string? Message { get; private set; }

    /// <summary>The body as a whole cannot be read.</summary>
    public string? Malformed { get; private set; }

    public static OtlpBatch Read(OtlpSignal signal, ReadOnlyMemory<byte> body, bool isJson, Instant receivedAt)
    {
        var batch = new OtlpBatch();
        try
        {
            switch (signal)
            {
                case OtlpSignal.Traces:
                    batch.ReadTraces(body, isJson, receivedAt);
                    break;
                case OtlpSignal.Logs:
                    batch.ReadLogs(body, isJson, receivedAt);
                    break;
                case OtlpSignal.Metrics:
                    batch.ReadMetrics(body, isJson, receivedAt);
                    break;
            }
        }
        catch (OtlpFormatException malformed)
        {
            batch.Malformed = malformed.Message;
        }

        return batch;
    }

    /// <summary>Takes in what the store refused: changes that a public key may not make.</summary>
    public void AddRefusals(IReadOnlyList<EventRefusal> refusals)
    {
        if (refusals is [var first, ..])
        {
            Rejected += refusals.Select(refusal => Events[refusal.Index].Id).Distinct().Count();
            Message = Refused.Count > 0 ? Message : $"Span '{RunText.Cut(Events[first.Index].Name ?? "", 60)}' was refused: {first.Reason}";
        }
    }

    /// <summary>Stores what the metrics of a session say.</summary>
    public void Keep(MetricSession session)
    {
        Events.AddRange(session.Events);
        Rejected -= session.Points;
        _keepsMetrics = true;
        Message = Rejected == 0 ? null : OtlpMetricsReply.SomeKept;
    }

    /// <summary>Leaves what the metrics of a session say to its spans and records.</summary>
    public void Leave() => Message = _keepsMetrics ? OtlpMetricsReply.SomeKept : OtlpMetricsReply.Told;

    private void ReadTraces(ReadOnlyMemory<byte> body, bool isJson, Instant receivedAt)
    {
        var (mapper, count) = (new SpanMapper(receivedAt), 0);
        SpanVisitor visit = (resource, scope, span, problem) =>
        {
            if (++count > OtlpLimits.Items)
            {
                Refuse("Span", count, span.Name, $"A request may hold {OtlpLimits.Items:N0} spans; send the ones after that in another.");
            }
            else if (problem is not null || !OtlpIds.IsTrace(span.TraceId.Span) || !OtlpIds.IsSpan(span.SpanId.Span))
            {
                Refuse("Span", count, span.Name, problem ?? BadIds);
            }
            else
            {
                var before = Events.Count;
                mapper.Map(resource, scope, span, Events);
                NoteCalls(scope, span.Attributes, before);
                Warn(span);
            }
        };
        if (isJson)
        {
            JsonTraces.Read(body, visit);
        }
        else
        {
            ProtoTraces.Read(body, visit);
        }
    }

    private void ReadLogs(ReadOnlyMemory<byte> body, bool isJson, Instant receivedAt)
    {
        var (mapper, count) = (new LogMapper(receivedAt), 0);
        LogVisitor visit = (resource, scope, record, problem) =>
        {
            if (++count > OtlpLimits.Items)
            {
                Refuse("Log record", count, record.EventName, $"A request may hold {OtlpLimits.Items:N0} log records; send the ones after that in another.");
            }
            else if (problem is not null)
            {
                Refuse("Log record", count, record.EventName, problem);
            }
            else
            {
                var before = Events.Count;
                mapper.Map(resource, scope, record, Events);
                NoteCalls(scope, record.Attributes, before);
            }
        };
        if (isJson)
        {
            JsonLogs.Read(body, visit);
        }
        else
        {
            ProtoLogs.Read(body, visit);
        }
    }

    private void ReadMetrics(ReadOnlyMemory<byte> body, bool isJson, Instant receivedAt)
    {
        var mapper = new ClaudeCodeMetrics(receivedAt);
        Rejected = MetricPoints.Read(body, isJson, static scope => ClaudeCodeSession.IsScope(scope.Name), mapper.Add);
        Message = Rejected == 0 ? null : mapper.WithoutSession > 0 ? OtlpMetricsReply.NoSession : OtlpMetricsReply.NoneKept;
        Metrics = [.. mapper.Sessions().Take(OtlpLimits.Sessions)];
    }

    private void NoteCalls(OtlpScope scope, List<OtlpAttribute> attributes, int before)
    {
        if (ClaudeCodeSession.IsScope(scope.Name) && Events.Skip(before).Any(e => RunTypes.IsModelCall(e.Type)) && ClaudeCodeSession.Of(attributes) is { } session)
        {
            _calls.Add(session);
        }
    }

    private void Refuse(string kind, int number, string name, string reason)
    {
        if (Refused.Count == 0)
        {
            Message = $"{What()} was refused: {reason}";
        }

        Rejected++;
        Refused.Add(() => Arrivals.Refused(What(), reason));

        string What() => name.Length == 0 ? $"{kind} {number}" : $"{kind} {number} ('{RunText.Cut(name, 60)}')";
    }

    private void Warn(OtlpSpan span)
    {
        if (span.DroppedAttributes > 0)
        {
            Message ??= $"All spans were stored, but the SDK had dropped {span.DroppedAttributes} attributes of '{RunText.Cut(span.Name, 60)}'. Set OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT higher, for example to 4096.";
        }
    }
}
