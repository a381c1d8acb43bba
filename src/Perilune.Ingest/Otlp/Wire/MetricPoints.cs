using Perilune.Ingest.Json;

namespace Perilune.Ingest.Otlp.Wire;

/// <summary>The data points of an <c>ExportMetricsServiceRequest</c>: all are counted, and the numbers of some sums are read.</summary>
internal static class MetricPoints
{
    private static readonly JsonGroups s_groups = new("resourceMetrics", "scopeMetrics", "metrics");

    /// <param name="isOfInterest">Whether the sums of a library are to be read.</param>
    /// <param name="visit">Called for what could be read of them, at most <see cref="OtlpLimits.Items"/>.</param>
    /// <returns>How many points the request holds, of every kind.</returns>
    /// <exception cref="OtlpFormatException">The body is no protobuf or JSON, or not of this shape. Points before that were visited.</exception>
    public static long Read(ReadOnlyMemory<byte> body, bool isJson, Func<OtlpScope, bool> isOfInterest, PointVisitor visit)
    {
        var (points, left, point, budget) = (0L, OtlpLimits.Items, new OtlpPoint(), new NodeBudget());
        if (isJson)
        {
            body = JsonFields.Mend(body);
            s_groups.Read(body, budget, (resource, scope, metric) =>
                points += isOfInterest(scope) ? JsonMetrics.Read(body[metric], point, budget, () => Visit(resource, scope)) : JsonMetrics.Count(body.Span[metric]));
        }
        else
        {
            ProtoGroups.Read(body, budget, (resource, scope, metric) =>
                points += isOfInterest(scope) ? ProtoMetrics.Read(metric, point, budget, () => Visit(resource, scope)) : ProtoMetrics.Count(metric));
        }

        return points;

        void Visit(OtlpResource resource, OtlpScope scope)
        {
            if (--left >= 0)
            {
                visit(resource, scope, point);
            }
        }
    }
}
