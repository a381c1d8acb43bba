using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Perilune.Ingest.Json;

/// <summary>Strings out of JSON that may hold half a character: JSON allows <c>"\ud800"</c>, text does not.</summary>
internal static class JsonText
{
    /// <summary>Copies the text the reader is at. False when it has unpaired surrogates or is too long for the buffer.</summary>
    public static bool TryCopy(ref Utf8JsonReader reader, scoped Span<byte> buffer, out int length)
    {
        length = 0;
        if (reader.ValueSpan.Length > buffer.Length)
        {
            return false;
        }

        if (!reader.ValueIsEscaped)
        {
            reader.ValueSpan.CopyTo(buffer);
            length = reader.ValueSpan.Length;
            return true;
        }

        try
        {
            length = reader.CopyString(buffer);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Decodes a JSON string token, quotes included, of valid UTF-8. False when it has unpaired surrogates.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> token, [NotNullWhen(true)] out string? text)
    {
        var inner = token[1..^1];
        if (!inner.Contains((byte)'\\'))
        {
            text = Encoding.UTF8.GetString(inner);
            return true;
        }

        var reader = new Utf8JsonReader(token);
        reader.Read();
        try
        {
            text = reader.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = null;
            return false;
        }
    }

    public static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => "null",
    };
}
