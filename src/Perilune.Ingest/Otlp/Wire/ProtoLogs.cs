using System.IO.Hashing;

namespace Perilune.Ingest.Otlp.Wire;

/// <summary>Reads an <c>ExportLogsServiceRequest</c> in protobuf.</summary>
internal static class ProtoLogs
{
    /// <exception cref="OtlpFormatException">The body is no protobuf, or not of this shape. Records before that were visited.</exception>
    public static void Read(ReadOnlyMemory<byte> body, LogVisitor visit)
    {
        var (record, budget) = (new OtlpLogRecord(), new NodeBudget());
        ProtoGroups.Read(body, budget, (resource, scope, message) =>
        {
            string? problem = null;
            try
            {
                record.Clear();
                budget.Reset();
                ReadRecord(message, record, budget);
            }
            catch (OtlpFormatException malformed)
            {
                problem = malformed.Message;
            }

            visit(resource, scope, record, problem);
        });
    }

    private static void ReadRecord(ReadOnlyMemory<byte> message, OtlpLogRecord record, NodeBudget budget)
    {
        record.ContentHash = XxHash3.HashToUInt64(message.Span);
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    record.Time = reader.Fixed64();
                    break;
                case 2:
                    record.Severity = (int)reader.Varint();
                    break;
                case 3:
                    record.SeverityText = reader.Text();
                    break;
                case 5:
                    record.Body = ProtoCommon.Value(reader.Bytes(), budget, 0);
                    break;
                case 6:
                    record.Attributes.Add(ProtoCommon.Attribute(reader.Bytes(), budget, 0));
                    break;
                case 9:
                    record.TraceId = reader.Bytes();
                    break;
                case 10:
                    record.SpanId = reader.Bytes();
                    break;
                case 11:
                    record.ObservedTime = reader.Fixed64();
                    break;
                case 12:
                    record.EventName = reader.Text();
                    break;
            }
        }
    }
}
