using System.Diagnostics;
using System.Security.Cryptography;

namespace PeriluneSdk;

internal static class Ids
{
    private const int TraceBytes = 16;
    private const int SpanBytes = 8;

    /// <summary>
    /// The id under which the server keeps a span: the first 16 bytes of SHA-256("otlp" + trace id + span id), as a UUID.
    /// </summary>
    public static string OfSpan(ActivityTraceId trace, ActivitySpanId span)
    {
        Span<byte> named = stackalloc byte[4 + TraceBytes + SpanBytes];
        "otlp"u8.CopyTo(named);
        trace.CopyTo(named.Slice(4, TraceBytes));
        span.CopyTo(named[(4 + TraceBytes)..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(named, hash);
        return new Guid(hash[..TraceBytes], bigEndian: true).ToString();
    }

    /// <summary>A random UUID.</summary>
    public static string New()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)(0x40 | (bytes[6] & 0x0f));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3f));
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
