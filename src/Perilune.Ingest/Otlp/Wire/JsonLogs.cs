using System.IO.Hashing;
using System.Text.Json;
using Perilune.Ingest.Json;

namespace Perilune.Ingest.Otlp.Wire;

/// <summary>Reads an <c>ExportLogsServiceRequest</c> in JSON.</summary>
internal static class JsonLogs
{
    private static readonly JsonGroups s_groups = new("resourceLogs", "scopeLogs", "logRecords");

    private enum Member
    {
        Other, Time, ObservedTime, Severity, SeverityText, Body, Attributes, TraceId, SpanId, EventName,
    }

    /// <exception cref="OtlpFormatException">The body is no JSON, or not of this shape. Records before that were visited.</exception>
    public static void Read(ReadOnlyMemory<byte> body, LogVisitor visit)
    {
        var (record, budget) = (new OtlpLogRecord(), new NodeBudget());
        body = JsonFields.Mend(body);
        s_groups.Read(body, budget, (resource, scope, item) =>
        {
            string? problem = null;
            try
            {
                record.Clear();
                budget.Reset();
                ReadRecord(body[item], record, budget);
            }
            catch (OtlpFormatException malformed)
            {
                problem = malformed.Message;
            }

            visit(resource, scope, record, problem);
        });
    }

    private static void ReadRecord(ReadOnlyMemory<byte> json, OtlpLogRecord record, NodeBudget budget)
    {
        record.ContentHash = XxHash3.HashToUInt64(json.Span);
        var reader = new Utf8JsonReader(json.Span, JsonScan.Options);
        reader.Read();
        while (JsonScan.NextMember(ref reader))
        {
            var member = MemberOf(ref reader);
            reader.Read();
            switch (member)
            {
                case Member.Time:
                    record.Time = JsonScan.UInt64(ref reader);
                    break;
                case Member.ObservedTime:
                    record.ObservedTime = JsonScan.UInt64(ref reader);
                    break;
                case Member.Severity:
                    record.Severity = reader.TokenType == JsonTokenType.String && reader.ValueSpan.StartsWith("SEVERITY_"u8) ? 0 : JsonScan.Int32(ref reader);
                    break;
                case Member.SeverityText:
                    record.SeverityText = JsonScan.Text(ref reader);
                    break;
                case Member.Body:
                    record.Body = JsonCommon.Value(ref reader, json, budget, 0);
                    break;
                case Member.Attributes:
                    JsonCommon.Attributes(ref reader, json, record.Attributes, budget, 0);
                    break;
                case Member.TraceId:
                    record.TraceId = JsonScan.Id(ref reader);
                    break;
                case Member.SpanId:
                    record.SpanId = JsonScan.Id(ref reader);
                    break;
                case Member.EventName:
                    record.EventName = JsonScan.Text(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private static Member MemberOf(ref Utf8JsonReader reader) =>
        JsonScan.Is(ref reader, "timeUnixNano"u8) ? Member.Time
        : JsonScan.Is(ref reader, "observedTimeUnixNano"u8) ? Member.ObservedTime
        : JsonScan.Is(ref reader, "severityNumber"u8) ? Member.Severity
        : JsonScan.Is(ref reader, "severityText"u8) ? Member.SeverityText
        : JsonScan.Is(ref reader, "body"u8) ? Member.Body
        : JsonScan.Is(ref reader, "attributes"u8) ? Member.Attributes
        : JsonScan.Is(ref reader, "traceId"u8) ? Member.TraceId
        : JsonScan.Is(ref reader, "spanId"u8) ? Member.SpanId
        : JsonScan.Is(ref reader, "eventName"u8) ? Member.EventName
        : Member.Other;
}
