using System.Globalization;
using System.Text;

namespace Perilune.Ingest.Json;

/// <summary>JSON allows an escape that is half a character (<c>\ud83d</c>), which UTF-8 does not.</summary>
internal static class LoneSurrogates
{
    /// <summary>Unescapes the inside of a JSON string; halves of characters become U+FFFD.</summary>
    public static byte[] Replace(ReadOnlySpan<byte> escaped)
    {
        var text = Encoding.UTF8.GetString(escaped);
        var builder = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                builder.Append(text[i]);
                continue;
            }

            i++;
            if (text[i] == 'u')
            {
                builder.Append((char)ushort.Parse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
                continue;
            }

            builder.Append(text[i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', var other => other });
        }

        // The encoder replaces what is no character.
        return Encoding.UTF8.GetBytes(builder.ToString());
    }
}
