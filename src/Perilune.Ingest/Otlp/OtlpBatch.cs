using Perilune.Ingest.Otlp.Mapping;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp;

internal enum OtlpSignal { Traces, Logs, Metrics }

/// <summary>What a request's body holds.</summary>
internal sealed class OtlpBatch
{
    private const string BadIds = "Its trace id must be 16 bytes and its span id 8, neither of them all zeros.";

    public List<RunEvent> Events { get; } = [];

    /// <summary>Spans or records that are refused.</summary>
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
                    // No client's metrics tell of usage that its spans or logs do not.
                    break;
            }
        }
        catch (OtlpFormatException malformed)
        {
            batch.Malformed = malformed.Message;
        }

        return batch;
    }

    private void ReadTraces(ReadOnlyMemory<byte> body, bool isJson, Instant receivedAt)
    {
        var (mapper, count) = (new SpanMapper(receivedAt), 0);
        SpanVisitor visit = (resource, scope, span, problem) =>
        {
            if (++count > OtlpLimits.Items)
            {
                Reject($"A request may hold {OtlpLimits.Items:N0} spans; send the ones after that in another.");
            }
            else if (problem is not null || !OtlpIds.IsTrace(span.TraceId.Span) || !OtlpIds.IsSpan(span.SpanId.Span))
            {
                Reject($"Span {count} ('{OtlpText.Cut(span.Name, 60)}') was refused: {problem ?? BadIds}");
            }
            else
            {
                mapper.Map(resource, scope, span, Events);
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
                Reject($"A request may hold {OtlpLimits.Items:N0} log records; send the ones after that in another.");
            }
            else if (problem is not null)
            {
                Reject($"Log record {count} was refused: {problem}");
            }
            else
            {
                mapper.Map(resource, scope, record, Events);
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

    private void Reject(string reason)
    {
        Message = Rejected == 0 ? reason : Message;
        Rejected++;
    }

    private void Warn(OtlpSpan span)
    {
        if (span.DroppedAttributes > 0)
        {
            Message ??= $"All spans were stored, but the SDK had dropped {span.DroppedAttributes} attributes of '{OtlpText.Cut(span.Name, 60)}'. Set OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT higher, for example to 4096.";
        }
    }
}
