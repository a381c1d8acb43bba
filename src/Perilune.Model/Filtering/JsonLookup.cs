using System.Text.Json;

namespace Perilune.Model.Filtering;

/// <summary>Decides about one JSON scalar: its text (a string's content, anything else as written) and what it is.</summary>
internal delegate bool ScalarTest(string text, JsonTokenType type);

/// <summary>
/// Finds values by a path such as <c>a.b</c>. A dot also matches itself in a key, arrays are looked into (one level),
/// and of several places that a path leads to, any will do.
/// </summary>
internal static class JsonLookup
{
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>Whether a scalar at the path passes the test.</summary>
    public static bool Any(RawJson json, ReadOnlySpan<char> path, ScalarTest test) => Walk(json, path, test);

    /// <summary>Whether there is a value other than null at the path.</summary>
    public static bool Exists(RawJson json, ReadOnlySpan<char> path) => Walk(json, path, test: null);

    /// <summary>Whether there is anything in it besides nulls.</summary>
    public static bool HasContent(RawJson json)
    {
        if (!json.IsObject)
        {
            return json.HasValue;
        }

        try
        {
            var reader = new Utf8JsonReader(json.Span, AnyDepth);
            reader.Read();
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                reader.Read();
                if (reader.TokenType is not JsonTokenType.Null)
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // Payloads are stored as sent; what is not JSON has no fields.
        }

        return false;
    }

    /// <summary>Whether the whole value is a scalar that passes the test.</summary>
    public static bool Is(RawJson json, ScalarTest test)
    {
        if (json.IsAbsent)
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(json.Span, AnyDepth);
            return reader.Read() && Test(ref reader, test);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Walk(RawJson json, ReadOnlySpan<char> path, ScalarTest? test)
    {
        if (!json.IsObject && !json.IsArray)
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(json.Span, AnyDepth);
            reader.Read();
            return Below(ref reader, path, test);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Below(ref Utf8JsonReader reader, ReadOnlySpan<char> path, ScalarTest? test)
    {
        if (reader.TokenType is JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
            {
                var element = reader;
                if (element.TokenType is JsonTokenType.StartObject && Below(ref element, path, test))
                {
                    return true;
                }

                reader.Skip();
            }

            return false;
        }

        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var key = PayloadText.Unescape(reader.ValueSpan);
            reader.Read();
            var value = reader;
            if (path.StartsWith(key, StringComparison.Ordinal) &&
                (path.Length == key.Length
                    ? At(ref value, test)
                    : path[key.Length] == '.' && Below(ref value, path[(key.Length + 1)..], test)))
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private static bool At(ref Utf8JsonReader reader, ScalarTest? test)
    {
        if (test is null)
        {
            return reader.TokenType is not JsonTokenType.Null;
        }

        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            return Test(ref reader, test);
        }

        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (Test(ref reader, test))
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private static bool Test(ref Utf8JsonReader reader, ScalarTest test) =>
        reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray) &&
        test(PayloadText.Unescape(reader.ValueSpan), reader.TokenType);
}
