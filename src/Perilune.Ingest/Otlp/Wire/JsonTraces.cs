using System.IO.Hashing;
using System.Text.Json;
using Perilune.Ingest.Json;

namespace Perilune.Ingest.Otlp.Wire;

/// <summary>Reads an <c>ExportTraceServiceRequest</c> in JSON.</summary>
internal static class JsonTraces
{
    private static readonly JsonGroups s_groups = new("resourceSpans", "scopeSpans", "spans");

    private enum Member
    {
        Other, TraceId, SpanId, ParentSpanId, TraceState, Name, Kind, Start, End, Attributes, DroppedAttributes, Events, DroppedEvents, Links, Status,
    }

    /// <exception cref="OtlpFormatException">The body is no JSON, or not of this shape. Spans before that were visited.</exception>
    public static void Read(ReadOnlyMemory<byte> body, SpanVisitor visit)
    {
        var (span, budget) = (new OtlpSpan(), new NodeBudget());
        body = JsonFields.Mend(body);
        s_groups.Read(body, budget, (resource, scope, item) =>
        {
            string? problem = null;
            try
            {
                span.Clear();
                budget.Reset();
                ReadSpan(body[item], span, budget);
            }
            catch (OtlpFormatException malformed)
            {
                problem = malformed.Message;
            }

            visit(resource, scope, span, problem);
        });
    }

    private static void ReadSpan(ReadOnlyMemory<byte> json, OtlpSpan span, NodeBudget budget)
    {
        span.ContentHash = XxHash3.HashToUInt64(json.Span);
        var reader = new Utf8JsonReader(json.Span, JsonScan.Options);
        reader.Read();
        while (JsonScan.NextMember(ref reader))
        {
            var member = MemberOf(ref reader);
            reader.Read();
            switch (member)
            {
                case Member.TraceId:
                    span.TraceId = JsonScan.Id(ref reader);
                    break;
                case Member.SpanId:
                    span.SpanId = JsonScan.Id(ref reader);
                    break;
                case Member.ParentSpanId:
                    span.ParentSpanId = JsonScan.Id(ref reader);
                    break;
                case Member.TraceState:
                    span.TraceState = JsonScan.Text(ref reader);
                    break;
                case Member.Name:
                    span.Name = JsonScan.Text(ref reader);
                    break;
                case Member.Kind:
                    span.Kind = reader.TokenType == JsonTokenType.String && reader.ValueSpan.StartsWith("SPAN_KIND_"u8) ? 0 : JsonScan.Int32(ref reader);
                    break;
                case Member.Start:
                    span.Start = JsonScan.UInt64(ref reader);
                    break;
                case Member.End:
                    span.End = JsonScan.UInt64(ref reader);
                    break;
                case Member.Attributes:
                    JsonCommon.Attributes(ref reader, json, span.Attributes, budget, 0);
                    break;
                case Member.DroppedAttributes:
                    span.DroppedAttributes = (uint)JsonScan.Int32(ref reader);
                    break;
                case Member.DroppedEvents:
                    span.DroppedEvents = (uint)JsonScan.Int32(ref reader);
                    break;
                case Member.Events:
                    ReadEvents(ref reader, json, span, budget);
                    break;
                case Member.Links:
                    ReadLinks(ref reader, json, span, budget);
                    break;
                case Member.Status:
                    ReadStatus(ref reader, span);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private static void ReadEvents(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, OtlpSpan span, NodeBudget budget)
    {
        if (!JsonScan.IsArray(ref reader))
        {
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (JsonScan.IsObject(ref reader))
            {
                span.Events.Add(ReadEvent(ref reader, json, budget));
            }
        }
    }

    private static OtlpEvent ReadEvent(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, NodeBudget budget)
    {
        budget.Take();
        var (name, time, attributes) = ("", 0UL, new List<OtlpAttribute>());
        while (JsonScan.NextMember(ref reader))
        {
            var (isName, isTime, isAttributes) = (JsonScan.Is(ref reader, "name"u8), JsonScan.Is(ref reader, "timeUnixNano"u8), JsonScan.Is(ref reader, "attributes"u8));
            reader.Read();
            if (isName)
            {
                name = JsonScan.Text(ref reader);
            }
            else if (isTime)
            {
                time = JsonScan.UInt64(ref reader);
            }
            else if (isAttributes)
            {
                JsonCommon.Attributes(ref reader, json, attributes, budget, 0);
            }
            else
            {
                reader.Skip();
            }
        }

        return new OtlpEvent(name, time, attributes);
    }

    private static void ReadLinks(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, OtlpSpan span, NodeBudget budget)
    {
        if (!JsonScan.IsArray(ref reader))
        {
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (JsonScan.IsObject(ref reader))
            {
                span.Links.Add(ReadLink(ref reader, json, budget));
            }
        }
    }

    private static OtlpLink ReadLink(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, NodeBudget budget)
    {
        budget.Take();
        var (trace, span, attributes) = (ReadOnlyMemory<byte>.Empty, ReadOnlyMemory<byte>.Empty, new List<OtlpAttribute>());
        while (JsonScan.NextMember(ref reader))
        {
            var member = MemberOf(ref reader);
            reader.Read();
            switch (member)
            {
                case Member.TraceId:
                    trace = JsonScan.Id(ref reader);
                    break;
                case Member.SpanId:
                    span = JsonScan.Id(ref reader);
                    break;
                case Member.Attributes:
                    JsonCommon.Attributes(ref reader, json, attributes, budget, 0);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OtlpLink(trace, span, attributes);
    }

    private static void ReadStatus(ref Utf8JsonReader reader, OtlpSpan span)
    {
        if (!JsonScan.IsObject(ref reader))
        {
            return;
        }

        while (JsonScan.NextMember(ref reader))
        {
            var (isCode, isMessage) = (JsonScan.Is(ref reader, "code"u8), JsonScan.Is(ref reader, "message"u8));
            reader.Read();
            if (isCode)
            {
                // The enum's names are not allowed by the protocol, and sent all the same.
                span.StatusCode = reader.TokenType == JsonTokenType.String && JsonScan.Is(ref reader, "STATUS_CODE_ERROR"u8) ? 2
                    : reader.TokenType == JsonTokenType.String && reader.ValueSpan.StartsWith("STATUS_CODE_"u8) ? 1
                    : JsonScan.Int32(ref reader);
            }
            else if (isMessage)
            {
                span.StatusMessage = JsonScan.Text(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static Member MemberOf(ref Utf8JsonReader reader) =>
        JsonScan.Is(ref reader, "traceId"u8) ? Member.TraceId
        : JsonScan.Is(ref reader, "spanId"u8) ? Member.SpanId
        : JsonScan.Is(ref reader, "parentSpanId"u8) ? Member.ParentSpanId
        : JsonScan.Is(ref reader, "traceState"u8) ? Member.TraceState
        : JsonScan.Is(ref reader, "name"u8) ? Member.Name
        : JsonScan.Is(ref reader, "kind"u8) ? Member.Kind
        : JsonScan.Is(ref reader, "startTimeUnixNano"u8) ? Member.Start
        : JsonScan.Is(ref reader, "endTimeUnixNano"u8) ? Member.End
        : JsonScan.Is(ref reader, "attributes"u8) ? Member.Attributes
        : JsonScan.Is(ref reader, "droppedAttributesCount"u8) ? Member.DroppedAttributes
        : JsonScan.Is(ref reader, "droppedEventsCount"u8) ? Member.DroppedEvents
        : JsonScan.Is(ref reader, "events"u8) ? Member.Events
        : JsonScan.Is(ref reader, "links"u8) ? Member.Links
        : JsonScan.Is(ref reader, "status"u8) ? Member.Status
        : Member.Other;
}
