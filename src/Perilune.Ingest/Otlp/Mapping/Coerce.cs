using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>Clients send numbers and booleans as text, lists as JSON in text, and JSON in JSON: values by what is wanted.</summary>
internal static class Coerce
{
    private const long MaxCount = 1_000_000_000_000;

    public static bool IsEmpty(OtlpValue value) => value.Kind switch
    {
        OtlpKind.Null => true,
        OtlpKind.String => value.Utf8.IsEmpty,
        OtlpKind.Array => value.Items.Length == 0,
        OtlpKind.Map => value.Members.Length == 0,
        _ => false,
    };

    /// <summary>A string, or a scalar as it is written; null for anything else.</summary>
    public static string? Text(OtlpValue value) => value.Kind switch
    {
        OtlpKind.String => Encoding.UTF8.GetString(value.Utf8.Span),
        OtlpKind.Bool => value.Bool ? "true" : "false",
        OtlpKind.Int => value.Int.ToString(CultureInfo.InvariantCulture),
        OtlpKind.Double => value.Double.ToString("R", CultureInfo.InvariantCulture),
        _ => null,
    };

    public static double? Number(OtlpValue value)
    {
        var number = value.Kind switch
        {
            OtlpKind.Int => value.Int,
            OtlpKind.Double => value.Double,
            OtlpKind.String when Utf8Parser.TryParse(value.Utf8.Span, out double parsed, out var used) && used == value.Utf8.Length => parsed,
            _ => double.NaN,
        };
        return double.IsFinite(number) ? number : null;
    }

    /// <summary>A whole number from 0 to 10¹².</summary>
    public static long? Count(OtlpValue value) =>
        Number(value) is { } number && number is >= 0 and <= MaxCount && double.IsInteger(number) ? (long)number : null;

    public static bool? Flag(OtlpValue value) => value.Kind switch
    {
        OtlpKind.Bool => value.Bool,
        OtlpKind.String when value.Utf8.Span.SequenceEqual("true"u8) => true,
        OtlpKind.String when value.Utf8.Span.SequenceEqual("false"u8) => false,
        _ => null,
    };

    /// <summary>A list of texts: an array, a JSON array in a string, or a string with commas.</summary>
    public static IReadOnlyList<string> Texts(OtlpValue value, int maxItems, int maxLength)
    {
        IEnumerable<string?> texts = value.Kind switch
        {
            OtlpKind.Array => value.Items.Select(Text),
            OtlpKind.String when Parsed(value.Utf8) is { IsArray: true } json => JsonTexts(json),
            OtlpKind.String => Text(value)!.Split(',', StringSplitOptions.TrimEntries),
            _ => [Text(value)],
        };
        return [.. texts.OfType<string>().Where(text => text.Length > 0 && text.Length <= maxLength).Take(maxItems)];
    }

    /// <summary>
    /// The value as JSON. A string that holds a JSON object, array or string is that, byte for byte; any other is a JSON
    /// string.
    /// </summary>
    public static RawJson Json(OtlpValue value, bool isText = false) => value.Kind switch
    {
        OtlpKind.Null => default,
        OtlpKind.String when !isText && Parsed(value.Utf8) is { IsAbsent: false } json => json,
        _ => JsonWriting.Value(value),
    };

    /// <summary>Like <see cref="Json"/>, and JSON within a JSON string is taken out of it.</summary>
    public static RawJson DeepJson(OtlpValue value)
    {
        var json = Json(value);
        if (json.IsAbsent || json.Span[0] != (byte)'"')
        {
            return json;
        }

        try
        {
            var reader = new Utf8JsonReader(json.Span);
            reader.Read();
            var inner = Encoding.UTF8.GetBytes(reader.GetString()!);
            return Parsed(inner) is { IsAbsent: false } parsed ? parsed : json;
        }
        catch (InvalidOperationException)
        {
            return json;
        }
    }

    /// <summary>The JSON object, array or string that the text is; absent when it is none.</summary>
    public static RawJson Parsed(ReadOnlyMemory<byte> utf8)
    {
        var trimmed = utf8.TrimWhitespace();
        if (trimmed.IsEmpty || trimmed.Span[0] is not ((byte)'{' or (byte)'[' or (byte)'"'))
        {
            return default;
        }

        try
        {
            var reader = new Utf8JsonReader(trimmed.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
            while (reader.Read())
            {
            }

            return new RawJson(trimmed);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static ReadOnlyMemory<byte> TrimWhitespace(this ReadOnlyMemory<byte> utf8)
    {
        var span = utf8.Span;
        var start = span.IndexOfAnyExcept(" \t\r\n"u8);
        return start < 0 ? default : utf8[start..(span.LastIndexOfAnyExcept(" \t\r\n"u8) + 1)];
    }

    private static List<string?> JsonTexts(RawJson array)
    {
        var texts = new List<string?>();
        var reader = new Utf8JsonReader(array.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                texts.Add(JsonScan.Text(ref reader));
            }
            else
            {
                reader.Skip();
            }
        }

        return texts;
    }
}
