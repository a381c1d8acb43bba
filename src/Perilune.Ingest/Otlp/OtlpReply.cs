using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Perilune.Ingest.Otlp;

/// <summary>The answers of OTLP, in the encoding of the request.</summary>
internal static class OtlpReply
{
    /// <summary>An <c>Export…ServiceResponse</c>: empty, or with a partial success.</summary>
    public static byte[] Success(OtlpSignal signal, long rejected, string? message, bool isJson)
    {
        if (rejected == 0 && message is null)
        {
            return isJson ? [.. "{}"u8] : [];
        }

        if (!isJson)
        {
            var partial = new ArrayBufferWriter<byte>();
            if (rejected > 0)
            {
                WriteVarintField(partial, 1, (ulong)rejected);
            }

            WriteBytesField(partial, 2, Encoding.UTF8.GetBytes(message ?? ""));
            var response = new ArrayBufferWriter<byte>();
            WriteBytesField(response, 1, partial.WrittenSpan);
            return response.WrittenSpan.ToArray();
        }

        return Json(json =>
        {
            json.WriteStartObject("partialSuccess");
            if (rejected > 0)
            {
                // 64-bit numbers are text in protobuf's JSON.
                json.WriteString(RejectedMember(signal), rejected.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            json.WriteString("errorMessage", message);
            json.WriteEndObject();
        });
    }

    private static string RejectedMember(OtlpSignal signal) => signal switch
    {
        OtlpSignal.Traces => "rejectedSpans",
        OtlpSignal.Logs => "rejectedLogRecords",
        _ => "rejectedDataPoints",
    };

    /// <summary>A <c>google.rpc.Status</c>.</summary>
    public static byte[] Failure(GrpcCode code, string message, bool isJson)
    {
        if (isJson)
        {
            return Json(json =>
            {
                json.WriteNumber("code", (int)code);
                json.WriteString("message", message);
            });
        }

        var status = new ArrayBufferWriter<byte>();
        WriteVarintField(status, 1, (ulong)code);
        WriteBytesField(status, 2, Encoding.UTF8.GetBytes(message));
        return status.WrittenSpan.ToArray();
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteVarintField(IBufferWriter<byte> to, int field, ulong value)
    {
        WriteVarint(to, (ulong)(field << 3));
        WriteVarint(to, value);
    }

    private static void WriteBytesField(IBufferWriter<byte> to, int field, ReadOnlySpan<byte> value)
    {
        WriteVarint(to, (ulong)((field << 3) | 2));
        WriteVarint(to, (ulong)value.Length);
        to.Write(value);
    }

    private static void WriteVarint(IBufferWriter<byte> to, ulong value)
    {
        var span = to.GetSpan(10);
        var at = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[at++] = (byte)(value | 0x80);
        }

        span[at++] = (byte)value;
        to.Advance(at);
    }
}

/// <summary>The status codes of gRPC that are answered.</summary>
internal enum GrpcCode
{
    Ok = 0,
    InvalidArgument = 3,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    Unimplemented = 12,
    Unavailable = 14,
    Unauthenticated = 16,
}
