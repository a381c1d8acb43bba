namespace PeriluneSdk.Wire;

/// <summary>Field numbers of OTLP's trace messages.</summary>
internal static class OtlpFields
{
    public const int RequestResourceSpans = 1;
    public const int ResponsePartialSuccess = 1;
    public const int PartialRejected = 1;
    public const int PartialMessage = 2;

    public const int ResourceSpansResource = 1;
    public const int ResourceSpansScopes = 2;
    public const int ResourceAttributes = 1;
    public const int ScopeSpansScope = 1;
    public const int ScopeSpansSpans = 2;
    public const int ScopeName = 1;
    public const int ScopeVersion = 2;

    public const int SpanTraceId = 1;
    public const int SpanId = 2;
    public const int SpanTraceState = 3;
    public const int SpanParent = 4;
    public const int SpanName = 5;
    public const int SpanKind = 6;
    public const int SpanStart = 7;
    public const int SpanEnd = 8;
    public const int SpanAttributes = 9;
    public const int SpanEvents = 11;
    public const int SpanLinks = 13;
    public const int SpanStatus = 15;
    public const int SpanFlags = 16;

    public const int EventTime = 1;
    public const int EventName = 2;
    public const int EventAttributes = 3;
    public const int LinkTraceId = 1;
    public const int LinkSpanId = 2;
    public const int LinkAttributes = 4;
    public const int StatusMessage = 2;
    public const int StatusCode = 3;

    public const int KeyValueKey = 1;
    public const int KeyValueValue = 2;
    public const int ValueText = 1;
    public const int ValueBool = 2;
    public const int ValueInt = 3;
    public const int ValueDouble = 4;
    public const int ValueArray = 5;
    public const int ArrayValues = 1;
}
