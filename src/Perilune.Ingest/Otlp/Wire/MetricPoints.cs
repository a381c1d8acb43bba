using System.Text.Json;
using Perilune.Ingest.Json;

namespace Perilune.Ingest.Otlp.Wire;

/// <summary>How many data points an <c>ExportMetricsServiceRequest</c> holds.</summary>
internal static class MetricPoints
{
    private static readonly JsonGroups s_groups = new("resourceMetrics", "scopeMetrics", "metrics");

    /// <exception cref="OtlpFormatException">The body is no protobuf or JSON, or not of this shape.</exception>
    public static long Count(ReadOnlyMemory<byte> body, bool isJson)
    {
        var (points, budget) = (0L, new NodeBudget());
        if (isJson)
        {
            body = JsonFields.Mend(body);
            s_groups.Read(body, budget, (_, _, metric) => points += OfMetric(body.Span[metric]));
        }
        else
        {
            ProtoGroups.Read(body, budget, (_, _, metric) => points += OfMetric(metric));
        }

        return points;
    }

    private static long OfMetric(ReadOnlyMemory<byte> message)
    {
        var points = 0L;
        var metric = new ProtoReader(message);
        while (metric.Next())
        {
            // Gauge, sum, histogram, exponential histogram, summary: the points of each are its field 1.
            if (metric.Field is 5 or 7 or 9 or 10 or 11)
            {
                var data = new ProtoReader(metric.Bytes());
                while (data.Next())
                {
                    points += data.Field == 1 ? 1 : 0;
                }
            }
        }

        return points;
    }

    private static long OfMetric(ReadOnlySpan<byte> json)
    {
        var points = 0L;
        var metric = new Utf8JsonReader(json, JsonScan.Options);
        metric.Read();
        while (JsonScan.NextMember(ref metric))
        {
            metric.Read();
            if (metric.TokenType != JsonTokenType.StartObject)
            {
                metric.Skip();
                continue;
            }

            while (JsonScan.NextMember(ref metric))
            {
                var isPoints = JsonScan.Is(ref metric, "dataPoints"u8);
                metric.Read();
                if (!isPoints || metric.TokenType != JsonTokenType.StartArray)
                {
                    metric.Skip();
                    continue;
                }

                while (metric.Read() && metric.TokenType != JsonTokenType.EndArray)
                {
                    metric.Skip();
                    points++;
                }
            }
        }

        return points;
    }
}
