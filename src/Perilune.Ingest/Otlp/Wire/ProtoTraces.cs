using System.IO.Hashing;

namespace Perilune.Ingest.Otlp.Wire;

/// <summary>Reads an <c>ExportTraceServiceRequest</c> in protobuf.</summary>
internal static class ProtoTraces
{
    /// <exception cref="OtlpFormatException">The body is no protobuf, or not of this shape. Spans before that were visited.</exception>
    public static void Read(ReadOnlyMemory<byte> body, SpanVisitor visit)
    {
        var (span, budget) = (new OtlpSpan(), new NodeBudget());
        ProtoGroups.Read(body, budget, (resource, scope, message) =>
        {
            string? problem = null;
            try
            {
                span.Clear();
                budget.Reset();
                ReadSpan(message, span, budget);
            }
            catch (OtlpFormatException malformed)
            {
                problem = malformed.Message;
            }

            visit(resource, scope, span, problem);
        });
    }

    private static void ReadSpan(ReadOnlyMemory<byte> message, OtlpSpan span, NodeBudget budget)
    {
        span.ContentHash = XxHash3.HashToUInt64(message.Span);
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    span.TraceId = reader.Bytes();
                    break;
                case 2:
                    span.SpanId = reader.Bytes();
                    break;
                case 3:
                    span.TraceState = reader.Text();
                    break;
                case 4:
                    span.ParentSpanId = reader.Bytes();
                    break;
                case 5:
                    span.Name = reader.Text();
                    break;
                case 6:
                    span.Kind = (int)reader.Varint();
                    break;
                case 7:
                    span.Start = reader.Fixed64();
                    break;
                case 8:
                    span.End = reader.Fixed64();
                    break;
                case 9:
                    span.Attributes.Add(ProtoCommon.Attribute(reader.Bytes(), budget, 0));
                    break;
                case 10:
                    span.DroppedAttributes = (uint)reader.Varint();
                    break;
                case 11:
                    span.Events.Add(ReadEvent(reader.Bytes(), budget));
                    break;
                case 12:
                    span.DroppedEvents = (uint)reader.Varint();
                    break;
                case 13:
                    span.Links.Add(ReadLink(reader.Bytes(), budget));
                    break;
                case 15:
                    ReadStatus(reader.Bytes(), span);
                    break;
            }
        }
    }

    private static OtlpEvent ReadEvent(ReadOnlyMemory<byte> message, NodeBudget budget)
    {
        budget.Take();
        var (name, time, attributes) = ("", 0UL, new List<OtlpAttribute>());
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    time = reader.Fixed64();
                    break;
                case 2:
                    name = reader.Text();
                    break;
                case 3:
                    attributes.Add(ProtoCommon.Attribute(reader.Bytes(), budget, 0));
                    break;
            }
        }

        return new OtlpEvent(name, time, attributes);
    }

    private static OtlpLink ReadLink(ReadOnlyMemory<byte> message, NodeBudget budget)
    {
        budget.Take();
        var (trace, span, attributes) = (ReadOnlyMemory<byte>.Empty, ReadOnlyMemory<byte>.Empty, new List<OtlpAttribute>());
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    trace = reader.Bytes();
                    break;
                case 2:
                    span = reader.Bytes();
                    break;
                case 4:
                    attributes.Add(ProtoCommon.Attribute(reader.Bytes(), budget, 0));
                    break;
            }
        }

        return new OtlpLink(trace, span, attributes);
    }

    private static void ReadStatus(ReadOnlyMemory<byte> message, OtlpSpan span)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2:
                    span.StatusMessage = reader.Text();
                    break;
                case 3:
                    span.StatusCode = (int)reader.Varint();
                    break;
            }
        }
    }
}
