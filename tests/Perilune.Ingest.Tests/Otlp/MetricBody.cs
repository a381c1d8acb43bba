using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Perilune.Ingest.Tests.Otlp;

/// <summary>One number as Claude Code measures it.</summary>
/// <param name="Type">The class of tokens; null for the cost.</param>
/// <param name="Start">Milliseconds.</param>
/// <param name="Time">Milliseconds.</param>
internal sealed record MetricPoint(double Value, string? Type, long Start, long Time, string? Session = "session-1", string Model = "claude-opus-5-5", string Source = "main", bool IsInt = false)
{
    public string Metric => Type is null ? "claude_code.cost.usage" : "claude_code.token.usage";

    public IEnumerable<(string Key, string Value)> Attributes => new[] { ("user.id", "ann"), ("session.id", Session), ("model", Model), ("query_source", Source), ("type", Type) }
        .Where(a => a.Item2 is not null).Select(a => (a.Item1, a.Item2!));
}

/// <summary>Requests of metrics as an exporter would write them.</summary>
internal static class MetricBody
{
    private const long Nanos = 1_000_000;

    /// <summary>What one recorded call of Claude Code adds, as it sends it.</summary>
    public static readonly MetricPoint[] Recorded = Call(1795436090414, 1795436090513);

    public static MetricPoint[] Call(long start, long time, int times = 1, string session = "session-1") =>
    [
        new(times * 0.0009328, null, start, time, session), new(times * 40, "input", start, time, session), new(times * 34, "output", start, time, session),
        new(times * 64, "cacheRead", start, time, session, IsInt: true), new(times * 16, "cacheCreation", start, time, session),
    ];

    public static byte[] Json(IEnumerable<MetricPoint> points, int temporality = 1, string scope = "com.anthropic.claude_code")
    {
        var metrics = points.GroupBy(point => point.Metric).Select(metric =>
            $$"""{"sum":{"dataPoints":[{{string.Join(',', metric.Select(Point))}}],"aggregationTemporality":{{temporality}},"isMonotonic":true},"name":"{{metric.Key}}"}""");
        return Encoding.UTF8.GetBytes($$"""{"resourceMetrics":[{"scopeMetrics":[{"scope":{"name":"{{scope}}"},"metrics":[{{string.Join(',', metrics)}}]}]}]}""");
    }

    public static byte[] Protobuf(IEnumerable<MetricPoint> points, int temporality = 1, string scope = "com.anthropic.claude_code")
    {
        var metrics = points.GroupBy(point => point.Metric).SelectMany(metric => Field(2,
        [
            .. Field(7, [.. metric.SelectMany(point => Field(1, Encoded(point))), 0x10, (byte)temporality, 0x18, 1]),
            .. Field(1, Encoding.UTF8.GetBytes(metric.Key)),
        ]));
        return Field(1, Field(2, [.. Field(1, Field(1, Encoding.UTF8.GetBytes(scope))), .. metrics]));
    }

    private static string Point(MetricPoint point)
    {
        var attributes = point.Attributes.Select(a => $$$"""{"key":"{{{a.Key}}}","value":{"stringValue":"{{{a.Value}}}"}}""");
        var value = point.IsInt ? $"\"asInt\":\"{point.Value.ToString(CultureInfo.InvariantCulture)}\"" : $"\"asDouble\":{point.Value.ToString(CultureInfo.InvariantCulture)}";
        return $$"""{{{value}},"startTimeUnixNano":"{{point.Start * Nanos}}","timeUnixNano":{{point.Time * Nanos}},"attributes":[{{string.Join(',', attributes)}}]}""";
    }

    private static byte[] Encoded(MetricPoint point) =>
    [
        0x11, .. Fixed(point.Start * Nanos), 0x19, .. Fixed(point.Time * Nanos),
        .. point.IsInt ? (byte[])[0x31, .. Fixed((long)point.Value)] : [0x21, .. Fixed(BitConverter.DoubleToInt64Bits(point.Value))],
        .. point.Attributes.SelectMany(a => Field(7, [.. Field(1, Encoding.UTF8.GetBytes(a.Key)), .. Field(2, Field(1, Encoding.UTF8.GetBytes(a.Value)))])),
    ];

    private static byte[] Fixed(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Field(int number, byte[] value)
    {
        var head = new List<byte> { (byte)((number << 3) | 2) };
        for (var length = value.Length; ; length >>= 7)
        {
            head.Add((byte)(length < 0x80 ? length : length | 0x80));
            if (length < 0x80)
            {
                return [.. head, .. value];
            }
        }
    }
}
