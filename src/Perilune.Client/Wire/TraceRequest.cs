using PeriluneSdk.Recording;
using static PeriluneSdk.Wire.OtlpFields;

namespace PeriluneSdk.Wire;

/// <summary>Puts encoded spans together to the body of <c>POST /v1/traces</c>.</summary>
internal sealed class TraceRequest
{
    private readonly ProtoWriter _proto = new();

    public ReadOnlyMemory<byte> Write(IReadOnlyList<EncodedItem> spans, IEnumerable<KeyValuePair<string, object>> resource)
    {
        _proto.Clear();
        var all = _proto.Begin(RequestResourceSpans);
        var about = _proto.Begin(ResourceSpansResource);
        var attributes = new AttributeWriter(_proto, captureContent: true, Masking.None);
        foreach (var (key, value) in resource)
        {
            attributes.Write(ResourceAttributes, key, value);
        }

        _proto.End(about);
        foreach (var scope in spans.GroupBy(static span => span.Scope))
        {
            var group = _proto.Begin(ResourceSpansScopes);
            var named = _proto.Begin(ScopeSpansScope);
            _proto.Text(ScopeName, scope.Key.Name);
            if (scope.Key.Version is { Length: > 0 } version)
            {
                _proto.Text(ScopeVersion, version);
            }

            _proto.End(named);
            foreach (var span in scope)
            {
                _proto.Bytes(ScopeSpansSpans, span.Bytes);
            }

            _proto.End(group);
        }

        _proto.End(all);
        return _proto.Written.ToArray();
    }
}

/// <summary>The instrumentation that made a span.</summary>
internal readonly record struct SourceName(string Name, string? Version);

/// <summary>A span or an event as it will stand in a request.</summary>
/// <param name="Scope">Who made it; nobody for events.</param>
internal sealed record EncodedItem(byte[] Bytes, SourceName Scope);
