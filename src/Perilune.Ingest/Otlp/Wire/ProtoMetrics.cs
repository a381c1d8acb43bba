using System.IO.Hashing;

namespace Perilune.Ingest.Otlp.Wire;

/// <summary>Reads a <c>Metric</c> in protobuf.</summary>
internal static class ProtoMetrics
{
    private const int Sum = 7;
    private const int Cumulative = 2;

    /// <summary>How many data points it has.</summary>
    public static long Count(ReadOnlyMemory<byte> message)
    {
        var points = 0L;
        var metric = new ProtoReader(message);
        while (metric.Next())
        {
            // Gauge, sum, histogram, exponential histogram, summary: the points of each are its field 1.
            if (metric.Field is 5 or Sum or 9 or 10 or 11)
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

    /// <summary>Fills <paramref name="point"/> with each number of a sum that can be read. Returns how many points the metric has.</summary>
    public static long Read(ReadOnlyMemory<byte> message, OtlpPoint point, NodeBudget budget, Action visit)
    {
        // Name and kind may stand behind the points.
        point.Metric = "";
        var metric = new ProtoReader(message);
        while (metric.Next())
        {
            if (metric.Field == 1)
            {
                point.Metric = metric.Text();
            }
        }

        metric = new ProtoReader(message);
        while (metric.Next())
        {
            if (metric.Field == Sum)
            {
                ReadSum(metric.Bytes(), point, budget, visit);
            }
        }

        return Count(message);
    }

    private static void ReadSum(ReadOnlyMemory<byte> message, OtlpPoint point, NodeBudget budget, Action visit)
    {
        point.IsCumulative = false;
        var sum = new ProtoReader(message);
        while (sum.Next())
        {
            if (sum.Field == 2)
            {
                point.IsCumulative = sum.Varint() == Cumulative;
            }
        }

        sum = new ProtoReader(message);
        while (sum.Next())
        {
            if (sum.Field == 1 && TryReadPoint(sum.Bytes(), point, budget))
            {
                visit();
            }
        }
    }

    private static bool TryReadPoint(ReadOnlyMemory<byte> message, OtlpPoint point, NodeBudget budget)
    {
        try
        {
            point.Clear();
            budget.Reset();
            ReadPoint(message, point, budget);
            return true;
        }
        catch (OtlpFormatException)
        {
            return false;
        }
    }

    private static void ReadPoint(ReadOnlyMemory<byte> message, OtlpPoint point, NodeBudget budget)
    {
        point.ContentHash = XxHash3.HashToUInt64(message.Span);
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2:
                    point.Start = reader.Fixed64();
                    break;
                case 3:
                    point.Time = reader.Fixed64();
                    break;
                case 4:
                    point.Value = OtlpValue.Of(BitConverter.UInt64BitsToDouble(reader.Fixed64()));
                    break;
                case 6:
                    point.Value = OtlpValue.Of((long)reader.Fixed64());
                    break;
                case 7:
                    point.Attributes.Add(ProtoCommon.Attribute(reader.Bytes(), budget, 0));
                    break;
            }
        }
    }
}
