using System.IO.Hashing;
using System.Text.Json;

namespace Perilune.Ingest.Otlp.Wire;

/// <summary>Reads a <c>Metric</c> in JSON.</summary>
internal static class JsonMetrics
{
    private const int Cumulative = 2;

    private delegate void PointRange(Range point);

    private enum Member
    {
        Other, Start, Time, Double, Int, Attributes,
    }

    /// <summary>How many data points it has.</summary>
    public static long Count(ReadOnlySpan<byte> json) => Walk(json, new OtlpPoint(), isSumWanted: false, static _ => { });

    /// <summary>Fills <paramref name="point"/> with each number of a sum that can be read. Returns how many points the metric has.</summary>
    public static long Read(ReadOnlyMemory<byte> json, OtlpPoint point, NodeBudget budget, Action visit)
    {
        // Name and kind may stand behind the points.
        (point.Metric, point.IsCumulative) = ("", false);
        Walk(json.Span, point, isSumWanted: true, static _ => { });
        return Walk(json.Span, point, isSumWanted: true, range =>
        {
            if (TryReadPoint(json[range], point, budget))
            {
                visit();
            }
        });
    }

    private static long Walk(ReadOnlySpan<byte> json, OtlpPoint point, bool isSumWanted, PointRange visit)
    {
        var points = 0L;
        var metric = new Utf8JsonReader(json, JsonScan.Options);
        metric.Read();
        while (JsonScan.NextMember(ref metric))
        {
            var (isName, isSum) = (isSumWanted && JsonScan.Is(ref metric, "name"u8), isSumWanted && JsonScan.Is(ref metric, "sum"u8));
            metric.Read();
            if (isName)
            {
                point.Metric = JsonScan.Text(ref metric);
            }
            else if (metric.TokenType == JsonTokenType.StartObject)
            {
                points += WalkData(ref metric, point, isSum, visit);
            }
            else
            {
                metric.Skip();
            }
        }

        return points;
    }

    private static long WalkData(ref Utf8JsonReader data, OtlpPoint point, bool isSum, PointRange visit)
    {
        var points = 0L;
        while (JsonScan.NextMember(ref data))
        {
            var (isPoints, isTemporality) = (JsonScan.Is(ref data, "dataPoints"u8), isSum && JsonScan.Is(ref data, "aggregationTemporality"u8));
            data.Read();
            if (isTemporality)
            {
                point.IsCumulative = data.TokenType == JsonTokenType.String && data.ValueSpan.StartsWith("AGGREGATION_"u8)
                    ? data.ValueSpan.EndsWith("CUMULATIVE"u8)
                    : JsonScan.Int32(ref data) == Cumulative;
                continue;
            }

            if (!isPoints || data.TokenType != JsonTokenType.StartArray)
            {
                data.Skip();
                continue;
            }

            while (data.Read() && data.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)data.TokenStartIndex;
                var isObject = data.TokenType == JsonTokenType.StartObject;
                data.Skip();
                points++;
                if (isSum && isObject)
                {
                    visit(start..(int)data.BytesConsumed);
                }
            }
        }

        return points;
    }

    private static bool TryReadPoint(ReadOnlyMemory<byte> json, OtlpPoint point, NodeBudget budget)
    {
        try
        {
            point.Clear();
            budget.Reset();
            ReadPoint(json, point, budget);
            return true;
        }
        catch (OtlpFormatException)
        {
            return false;
        }
    }

    private static void ReadPoint(ReadOnlyMemory<byte> json, OtlpPoint point, NodeBudget budget)
    {
        point.ContentHash = XxHash3.HashToUInt64(json.Span);
        var reader = new Utf8JsonReader(json.Span, JsonScan.Options);
        reader.Read();
        while (JsonScan.NextMember(ref reader))
        {
            var member = MemberOf(ref reader);
            reader.Read();
            switch (member)
            {
                case Member.Start:
                    point.Start = JsonScan.UInt64(ref reader);
                    break;
                case Member.Time:
                    point.Time = JsonScan.UInt64(ref reader);
                    break;
                case Member.Double:
                    point.Value = OtlpValue.Of(JsonScan.Double(ref reader));
                    break;
                case Member.Int:
                    point.Value = OtlpValue.Of(JsonScan.Int64(ref reader));
                    break;
                case Member.Attributes:
                    JsonCommon.Attributes(ref reader, json, point.Attributes, budget, 0);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private static Member MemberOf(ref Utf8JsonReader reader) =>
        JsonScan.Is(ref reader, "startTimeUnixNano"u8) ? Member.Start
        : JsonScan.Is(ref reader, "timeUnixNano"u8) ? Member.Time
        : JsonScan.Is(ref reader, "asDouble"u8) ? Member.Double
        : JsonScan.Is(ref reader, "asInt"u8) ? Member.Int
        : JsonScan.Is(ref reader, "attributes"u8) ? Member.Attributes
        : Member.Other;
}
