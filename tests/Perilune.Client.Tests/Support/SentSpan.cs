namespace PeriluneSdk.Tests.Support;

/// <summary>A span as it was sent.</summary>
internal sealed record SentSpan(string TraceId, string SpanId, string ParentId, string Name, string Scope, int Status, IReadOnlyDictionary<string, object?> Attributes, IReadOnlyDictionary<string, object?> Resource, IReadOnlyList<string> Events)
{
    public object? this[string key] => Attributes.GetValueOrDefault(key);

    public static IEnumerable<SentSpan> ReadAll(byte[] body) =>
        from resource in new Proto(body).Messages(1)
        let about = ReadAttributes(resource.Message(1)!, 1)
        from scope in resource.Messages(2)
        from span in scope.Messages(2)
        select new SentSpan(
            span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), scope.Message(1)!.Text(1), (int)(span.Message(15)?.Number(3) ?? 0),
            ReadAttributes(span, 9), about, [.. span.Messages(11).Select(static e => e.Text(2))]);

    private static Dictionary<string, object?> ReadAttributes(Proto message, int field) =>
        message.Messages(field).ToDictionary(static pair => pair.Text(1), static pair => pair.Message(2)?.Value(), StringComparer.Ordinal);
}
