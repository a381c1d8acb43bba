using System.Diagnostics;
using PeriluneSdk.Recording;
using static PeriluneSdk.Wire.OtlpFields;

namespace PeriluneSdk.Wire;

/// <summary>Writes spans as OTLP. For one thread at a time.</summary>
internal sealed class SpanEncoder(SpanRecorder recorder, PeriluneOptions options)
{
    private const uint FlagHasIsRemote = 0x100;
    private const uint FlagIsRemote = 0x200;
    private const long NanosPerTick = 100;

    private readonly ProtoWriter _proto = new();
    private readonly Masking _masking = new(options.Mask);
    private readonly Dictionary<string, object?> _tags = new(StringComparer.Ordinal);
    private readonly byte[] _traceId = new byte[16];
    private readonly byte[] _spanId = new byte[8];

    /// <summary>The span alone, as the value of a field <c>spans</c>.</summary>
    public byte[] Encode(Activity activity)
    {
        _proto.Clear();
        var attributes = new AttributeWriter(_proto, options.CaptureContent, _masking);
        WriteIds(activity);
        _proto.Text(SpanName, activity.DisplayName);
        _proto.Varint(SpanKind, (ulong)activity.Kind + 1);
        _proto.Fixed64(SpanStart, Nanos(activity.StartTimeUtc));
        _proto.Fixed64(SpanEnd, Nanos(activity.StartTimeUtc + activity.Duration));
        WriteTags(activity, attributes);
        WriteEvents(activity, attributes);
        WriteLinks(activity, attributes);
        if (activity.Status != ActivityStatusCode.Unset)
        {
            var status = _proto.Begin(SpanStatus);
            if (activity.StatusDescription is { Length: > 0 } message)
            {
                _proto.Text(StatusMessage, _masking.Apply(message));
            }

            _proto.Varint(StatusCode, activity.Status == ActivityStatusCode.Ok ? 1UL : 2UL);
            _proto.End(status);
        }

        _proto.Fixed32(SpanFlags, (uint)activity.ActivityTraceFlags | FlagHasIsRemote | (activity.HasRemoteParent ? FlagIsRemote : 0));
        return _proto.Written.ToArray();
    }

    private void WriteIds(Activity activity)
    {
        activity.TraceId.CopyTo(_traceId);
        _proto.Bytes(SpanTraceId, _traceId);
        activity.SpanId.CopyTo(_spanId);
        _proto.Bytes(SpanId, _spanId);
        if (activity.TraceStateString is { Length: > 0 } state)
        {
            _proto.Text(SpanTraceState, state);
        }

        var parent = recorder.Parent(activity);
        if (parent != default)
        {
            parent.CopyTo(_spanId);
            _proto.Bytes(SpanParent, _spanId);
        }
    }

    /// <summary>Libraries add tags without looking whether they are there; a key stands once, with the value said last.</summary>
    private void WriteTags(Activity activity, AttributeWriter attributes)
    {
        _tags.Clear();
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            _tags[tag.Key] = tag.Value;
        }

        foreach (var (key, value) in _tags)
        {
            attributes.Write(SpanAttributes, key, value);
        }
    }

    private void WriteEvents(Activity activity, AttributeWriter attributes)
    {
        foreach (ref readonly var e in activity.EnumerateEvents())
        {
            var begun = _proto.Begin(SpanEvents);
            _proto.Fixed64(EventTime, Nanos(e.Timestamp.UtcDateTime));
            _proto.Text(EventName, e.Name);
            foreach (ref readonly var tag in e.EnumerateTagObjects())
            {
                attributes.Write(EventAttributes, tag.Key, tag.Value);
            }

            _proto.End(begun);
        }
    }

    private void WriteLinks(Activity activity, AttributeWriter attributes)
    {
        foreach (ref readonly var link in activity.EnumerateLinks())
        {
            var begun = _proto.Begin(SpanLinks);
            link.Context.TraceId.CopyTo(_traceId);
            _proto.Bytes(LinkTraceId, _traceId);
            link.Context.SpanId.CopyTo(_spanId);
            _proto.Bytes(LinkSpanId, _spanId);
            foreach (ref readonly var tag in link.EnumerateTagObjects())
            {
                attributes.Write(LinkAttributes, tag.Key, tag.Value);
            }

            _proto.End(begun);
        }
    }

    private static ulong Nanos(DateTime time) => (ulong)((time - DateTime.UnixEpoch).Ticks * NanosPerTick);
}
