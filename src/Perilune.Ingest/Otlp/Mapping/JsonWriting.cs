using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>Values of OTLP as JSON. Text stays readable: it becomes part of no page without being encoded there.</summary>
internal static class JsonWriting
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = int.MaxValue };

    /// <summary>A larger buffer is let go after use.</summary>
    private const int MaxKept = 64 << 10;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json)? t_idle;

    public static RawJson Write(Action<Utf8JsonWriter> write)
    {
        // What is written within another's writing finds none idle.
        var (buffer, json) = t_idle ?? NewWriter();
        t_idle = null;
        write(json);
        json.Flush();
        var written = new RawJson(buffer.WrittenSpan.ToArray());
        if (buffer.Capacity <= MaxKept)
        {
            buffer.ResetWrittenCount();
            json.Reset();
            t_idle = (buffer, json);
        }

        return written;
    }

    private static (ArrayBufferWriter<byte>, Utf8JsonWriter) NewWriter()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        return (buffer, new Utf8JsonWriter(buffer, s_options));
    }

    public static RawJson Value(OtlpValue value) => Write(json => Value(json, value));

    public static void Value(Utf8JsonWriter json, OtlpValue value)
    {
        switch (value.Kind)
        {
            case OtlpKind.String:
                json.WriteStringValue(value.Utf8.Span);
                break;
            case OtlpKind.Bool:
                json.WriteBooleanValue(value.Bool);
                break;
            case OtlpKind.Int:
                json.WriteNumberValue(value.Int);
                break;
            case OtlpKind.Double when double.IsFinite(value.Double):
                json.WriteNumberValue(value.Double);
                break;
            case OtlpKind.Double:
                json.WriteStringValue(value.Double.ToString(CultureInfo.InvariantCulture));
                break;
            case OtlpKind.Bytes:
                json.WriteBase64StringValue(value.Utf8.Span);
                break;
            case OtlpKind.Array:
                json.WriteStartArray();
                foreach (var item in value.Items)
                {
                    Value(json, item);
                }

                json.WriteEndArray();
                break;
            case OtlpKind.Map:
                Object(json, value.Members);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    public static void Object(Utf8JsonWriter json, IReadOnlyList<OtlpAttribute> members)
    {
        json.WriteStartObject();
        foreach (var member in members)
        {
            json.WritePropertyName(member.Key.Name);
            Value(json, member.Value);
        }

        json.WriteEndObject();
    }

    public static void Raw(Utf8JsonWriter json, RawJson value) => json.WriteRawValue(value.Span, skipInputValidation: true);
}
