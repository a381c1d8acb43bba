using Perilune.Model;

namespace Perilune.Ingest.Otlp;

/// <summary>The runs that spans and log records are about.</summary>
internal static class OtlpIds
{
    public const int TraceBytes = 16;
    public const int SpanBytes = 8;

    public static RunId Of(ReadOnlySpan<byte> trace, ReadOnlySpan<byte> span) => RunId.FromSpan(trace, span);

    /// <summary>The run that something without a span of its own is about, by the words that name it.</summary>
    public static RunId Of(params ReadOnlySpan<string> words) => RunId.FromClient(string.Join('\0', ["otlp", .. words]));

    /// <summary>As it is shown and searched for: both ids in hexadecimal.</summary>
    public static string ClientId(ReadOnlySpan<byte> trace, ReadOnlySpan<byte> span) =>
        $"{Convert.ToHexStringLower(trace)}-{Convert.ToHexStringLower(span)}";

    public static bool IsTrace(ReadOnlySpan<byte> id) => id.Length == TraceBytes && id.ContainsAnyExcept((byte)0);

    public static bool IsSpan(ReadOnlySpan<byte> id) => id.Length == SpanBytes && id.ContainsAnyExcept((byte)0);
}
