namespace Perilune.Ingest.Otlp.Wire;

/// <summary>Who sent a group of spans or records.</summary>
internal sealed record OtlpResource(IReadOnlyList<OtlpAttribute> Attributes)
{
    public static readonly OtlpResource None = new([]);
}

/// <summary>The library that made a group of spans or records.</summary>
internal sealed record OtlpScope(string Name, string? Version, IReadOnlyList<OtlpAttribute> Attributes)
{
    public static readonly OtlpScope None = new("", null, []);
}

/// <summary>A moment within a span.</summary>
internal readonly record struct OtlpEvent(string Name, ulong Time, IReadOnlyList<OtlpAttribute> Attributes);

internal readonly record struct OtlpLink(ReadOnlyMemory<byte> TraceId, ReadOnlyMemory<byte> SpanId, IReadOnlyList<OtlpAttribute> Attributes);

/// <summary>One span as it came; a reader fills the same one again and again. Times are nanoseconds since 1970, 0 when not sent.</summary>
internal sealed class OtlpSpan
{
    public ReadOnlyMemory<byte> TraceId { get; set; }

    public ReadOnlyMemory<byte> SpanId { get; set; }

    public ReadOnlyMemory<byte> ParentSpanId { get; set; }

    public string TraceState { get; set; } = "";

    public string Name { get; set; } = "";

    /// <summary>1 internal, 2 server, 3 client, 4 producer, 5 consumer.</summary>
    public int Kind { get; set; }

    public ulong Start { get; set; }

    public ulong End { get; set; }

    /// <summary>0 unset, 1 ok, 2 error.</summary>
    public int StatusCode { get; set; }

    public string StatusMessage { get; set; } = "";

    public uint DroppedAttributes { get; set; }

    public uint DroppedEvents { get; set; }

    public List<OtlpAttribute> Attributes { get; } = [];

    public List<OtlpEvent> Events { get; } = [];

    public List<OtlpLink> Links { get; } = [];

    public ulong ContentHash { get; set; }

    public void Clear()
    {
        (TraceId, SpanId, ParentSpanId) = (default, default, default);
        (TraceState, Name, StatusMessage) = ("", "", "");
        (Kind, StatusCode, Start, End) = (0, 0, 0, 0);
        (DroppedAttributes, DroppedEvents, ContentHash) = (0, 0, 0);
        Attributes.Clear();
        Events.Clear();
        Links.Clear();
    }
}

/// <summary>One log record as it came.</summary>
internal sealed class OtlpLogRecord
{
    public ReadOnlyMemory<byte> TraceId { get; set; }

    public ReadOnlyMemory<byte> SpanId { get; set; }

    public ulong Time { get; set; }

    public ulong ObservedTime { get; set; }

    public int Severity { get; set; }

    public string SeverityText { get; set; } = "";

    public string EventName { get; set; } = "";

    public OtlpValue Body { get; set; }

    public List<OtlpAttribute> Attributes { get; } = [];

    public ulong ContentHash { get; set; }

    public void Clear()
    {
        (TraceId, SpanId, Time, ObservedTime, Severity, ContentHash) = (default, default, 0, 0, 0, 0);
        (SeverityText, EventName, Body) = ("", "", default);
        Attributes.Clear();
    }
}

/// <summary>One number of a sum as it came. Times are nanoseconds since 1970, 0 when not sent.</summary>
internal sealed class OtlpPoint
{
    public string Metric { get; set; } = "";

    /// <summary>The number is since <see cref="Start"/> however often it is told, and not what was added since the one before.</summary>
    public bool IsCumulative { get; set; }

    public ulong Start { get; set; }

    public ulong Time { get; set; }

    /// <summary>Absent when the point holds no number.</summary>
    public OtlpValue Value { get; set; }

    public List<OtlpAttribute> Attributes { get; } = [];

    public ulong ContentHash { get; set; }

    public void Clear()
    {
        (Start, Time, Value, ContentHash) = (0, 0, default, 0);
        Attributes.Clear();
    }
}

/// <summary>Called for each span; the span is only the callee's until it returns. <paramref name="problem"/> says why the span could not be read.</summary>
internal delegate void SpanVisitor(OtlpResource resource, OtlpScope scope, OtlpSpan span, string? problem);

internal delegate void LogVisitor(OtlpResource resource, OtlpScope scope, OtlpLogRecord record, string? problem);

/// <summary>Called for each number of a sum; the point is only the callee's until it returns.</summary>
internal delegate void PointVisitor(OtlpResource resource, OtlpScope scope, OtlpPoint point);
