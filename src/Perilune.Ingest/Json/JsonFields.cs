using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Perilune.Model;

namespace Perilune.Ingest.Json;

/// <summary>
/// Members of parsed JSON by what is wanted of them. What is absent, <c>null</c> or of another kind is null, and nothing
/// that JSON allows throws: the framework's own reading of text does, at half a character.
/// </summary>
internal static class JsonFields
{
    /// <summary>How deep a body may be nested.</summary>
    public const int MaxDepth = 1024;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = MaxDepth };

    /// <summary>The body without a byte order mark, and as valid UTF-8: what is not valid in it becomes U+FFFD.</summary>
    public static ReadOnlyMemory<byte> Mend(ReadOnlyMemory<byte> body)
    {
        body = body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;
        return Utf8.IsValid(body.Span) ? body : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body.Span));
    }

    /// <exception cref="JsonException">The body is not JSON, or nested too deep.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body) => JsonDocument.Parse(Mend(body), s_options);

    /// <summary>The member of this name, the last where there are several.</summary>
    public static JsonElement? Get(this JsonElement? json, ReadOnlySpan<byte> name)
    {
        JsonElement? found = null;
        if (json is { ValueKind: JsonValueKind.Object } value)
        {
            foreach (var member in value.EnumerateObject())
            {
                found = JsonMarshal.GetRawUtf8PropertyName(member).SequenceEqual(name) ? member.Value : found;
            }
        }

        return found is { ValueKind: JsonValueKind.Null } ? null : found;
    }

    public static JsonElement? Get(this JsonElement json, ReadOnlySpan<byte> name) => ((JsonElement?)json).Get(name);

    public static JsonElement? First(this JsonElement? json) =>
        json is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() > 0 && array[0].ValueKind != JsonValueKind.Null ? array[0] : null;

    /// <summary>Its elements; none when it is no array.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement? json) =>
        json is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>The value byte for byte.</summary>
    public static RawJson Raw(this JsonElement? json) => json is { } value ? Raw(value) : default;

    public static RawJson Raw(this JsonElement json) => new(JsonMarshal.GetRawUtf8Value(json).ToArray());

    public static RawJson Object(this JsonElement? json) => json is { ValueKind: JsonValueKind.Object } value ? Raw(value) : default;

    /// <summary>Text that is not empty, or a number as it is written.</summary>
    public static string? Text(this JsonElement? json) => json switch
    {
        { ValueKind: JsonValueKind.String } text => Unquote(text) is { Length: > 0 } read ? read : null,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    /// <summary>Text that names or labels something: null when it is longer than that.</summary>
    public static string? Text(this JsonElement? json, int maxLength) => Text(json) is { } text && text.Length <= maxLength ? text : null;

    /// <summary>The texts of a list that may be labels; null when there are none.</summary>
    public static IReadOnlyList<string>? Texts(this JsonElement? json, int maxItems, int maxLength)
    {
        string[] texts = [.. Items(json).Select(item => Text(item, maxLength)).OfType<string>().Distinct(StringComparer.Ordinal).Take(maxItems)];
        return texts.Length == 0 ? null : texts;
    }

    /// <summary>Milliseconds since 1970, or ISO 8601.</summary>
    public static Instant? Time(this JsonElement? json) =>
        json is { ValueKind: JsonValueKind.String or JsonValueKind.Number } value && EventTime.TryParse(JsonMarshal.GetRawUtf8Value(value), out var time) ? time : null;

    public static double? Number(this JsonElement? json) =>
        json is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    /// <summary>An amount in US dollars as nano-USD.</summary>
    public static long? NanoUsd(this JsonElement? json) => Number(json) is >= 0 and < 1e9 and var usd ? (long)Math.Round(usd * 1e9) : null;

    private static string Unquote(JsonElement text)
    {
        var token = JsonMarshal.GetRawUtf8Value(text);
        return JsonText.TryDecode(token, out var decoded) ? decoded : Encoding.UTF8.GetString(LoneSurrogates.Replace(token[1..^1]));
    }
}
