using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Perilune.Ingest.Json;

namespace Perilune.Ingest.Otlp.Wire;

/// <summary>Values out of OTLP's JSON, which clients write in several ways: numbers as text, ids in any case.</summary>
internal static class JsonScan
{
    public static readonly JsonReaderOptions Options = new() { MaxDepth = JsonFields.MaxDepth };

    /// <summary>Text as UTF-8; half a character in it becomes U+FFFD.</summary>
    public static ReadOnlyMemory<byte> Utf8(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return reader.TokenType == JsonTokenType.Null ? default : throw Unexpected(ref reader, "a string");
        }

        return reader.ValueIsEscaped ? Unescape(ref reader) : body.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
    }

    public static string Text(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => "",
        JsonTokenType.String => Name(ref reader),
        _ => throw Unexpected(ref reader, "a string"),
    };

    /// <summary>The text of the string or member name the reader is at.</summary>
    public static string Name(ref Utf8JsonReader reader) =>
        Encoding.UTF8.GetString(reader.ValueIsEscaped ? Unescape(ref reader) : reader.ValueSpan);

    public static ulong UInt64(ref Utf8JsonReader reader)
    {
        var text = NumberText(ref reader);
        return Utf8Parser.TryParse(text, out ulong whole, out var used) && used == text.Length ? whole
            : Utf8Parser.TryParse(text, out double real, out used) && used == text.Length && real is >= 0 and < 18446744073709551616.0 ? (ulong)real
            : throw Unexpected(ref reader, "a whole number");
    }

    public static long Int64(ref Utf8JsonReader reader)
    {
        var text = NumberText(ref reader);
        return Utf8Parser.TryParse(text, out long whole, out var used) && used == text.Length ? whole
            : Utf8Parser.TryParse(text, out double real, out used) && used == text.Length && real is >= -9.2e18 and <= 9.2e18 ? (long)real
            : throw Unexpected(ref reader, "a whole number");
    }

    public static int Int32(ref Utf8JsonReader reader) => (int)long.Clamp(Int64(ref reader), int.MinValue, int.MaxValue);

    public static double Double(ref Utf8JsonReader reader)
    {
        var text = NumberText(ref reader);
        return Utf8Parser.TryParse(text, out double value, out var used) && used == text.Length ? value
            : text.SequenceEqual("NaN"u8) ? double.NaN
            : text.SequenceEqual("Infinity"u8) ? double.PositiveInfinity
            : text.SequenceEqual("-Infinity"u8) ? double.NegativeInfinity
            : throw Unexpected(ref reader, "a number");
    }

    public static bool Bool(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False or JsonTokenType.Null => false,
        JsonTokenType.String => reader.ValueSpan.SequenceEqual("true"u8),
        _ => throw Unexpected(ref reader, "a boolean"),
    };

    /// <summary>An id in hexadecimal; some clients write it in base64, as other bytes are.</summary>
    public static ReadOnlyMemory<byte> Id(ref Utf8JsonReader reader)
    {
        var text = Text(ref reader);
        if (text.Length <= 64 && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit))
        {
            return Convert.FromHexString(text);
        }

        Span<byte> bytes = stackalloc byte[48];
        return text.Length <= 64 && Convert.TryFromBase64String(text, bytes, out var length)
            ? bytes[..length].ToArray()
            : throw Unexpected(ref reader, "an id in hexadecimal");
    }

    public static ReadOnlyMemory<byte> Base64(ref Utf8JsonReader reader)
    {
        try
        {
            return Convert.FromBase64String(Text(ref reader));
        }
        catch (FormatException)
        {
            throw Unexpected(ref reader, "base64");
        }
    }

    /// <summary>Whether the reader is at this text. The framework's own comparison throws at half a character.</summary>
    public static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> text) =>
        reader.ValueIsEscaped ? Unescape(ref reader).AsSpan().SequenceEqual(text) : reader.ValueSpan.SequenceEqual(text);

    /// <summary>Whether there is another member; the reader is then at its name.</summary>
    public static bool NextMember(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Goes into an object; false when there is null instead.</summary>
    public static bool IsObject(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => true,
        JsonTokenType.Null => false,
        _ => throw Unexpected(ref reader, "an object"),
    };

    public static bool IsArray(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartArray => true,
        JsonTokenType.Null => false,
        _ => throw Unexpected(ref reader, "an array"),
    };

    public static OtlpFormatException Unexpected(ref Utf8JsonReader reader, string expected) =>
        new($"At byte {reader.TokenStartIndex} there must be {expected}.");

    private static ReadOnlySpan<byte> NumberText(ref Utf8JsonReader reader) =>
        reader.TokenType switch
        {
            JsonTokenType.Number or JsonTokenType.String => reader.ValueSpan,
            JsonTokenType.Null => "0"u8,
            _ => throw Unexpected(ref reader, "a number"),
        };

    private static byte[] Unescape(ref Utf8JsonReader reader)
    {
        try
        {
            var buffer = new byte[reader.ValueSpan.Length];
            return buffer[..reader.CopyString(buffer)];
        }
        catch (InvalidOperationException)
        {
            return LoneSurrogates.Replace(reader.ValueSpan);
        }
    }
}
