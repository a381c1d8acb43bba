using System.Text;
using System.Text.RegularExpressions;
using Perilune.Model.Words;

namespace Perilune.Model.Filtering;

/// <summary>Looks into the texts of a payload; <see cref="PayloadTexts"/> says what those are.</summary>
public static class PayloadText
{
    /// <summary>Whether one of the texts says the phrase: the meaning of a <see cref="TextFilter"/>.</summary>
    public static bool Says(ReadOnlySpan<byte> json, Phrase phrase)
    {
        using var texts = new PayloadTexts(json);
        while (texts.MoveNext())
        {
            if (!texts.IsOfVector && phrase.Find(texts.Current) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether one of the texts contains <paramref name="text"/>, be it part of a word; upper and lower case are equal.</summary>
    public static bool Contains(RawJson payload, string text)
    {
        using var texts = new PayloadTexts(payload.Span);
        while (texts.MoveNext())
        {
            if (texts.Current.Contains(text, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether one of the texts matches.</summary>
    internal static bool Matches(RawJson payload, Regex pattern)
    {
        using var texts = new PayloadTexts(payload.Span);
        while (texts.MoveNext())
        {
            if (pattern.IsMatch(texts.Current))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How many UTF-16 characters the texts have in all.</summary>
    internal static long Length(RawJson payload)
    {
        var length = 0L;
        using var texts = new PayloadTexts(payload.Span);
        while (texts.MoveNext())
        {
            length += texts.Current.Length;
        }

        return length;
    }

    /// <summary>The content of a JSON string. <paramref name="chars"/> needs as many places as there are bytes.</summary>
    internal static int Unescape(ReadOnlySpan<byte> escaped, Span<char> chars)
    {
        var written = 0;
        while (true)
        {
            var plain = escaped.IndexOf((byte)'\\');
            written += Encoding.UTF8.GetChars(plain < 0 ? escaped : escaped[..plain], chars[written..]);
            if (plain < 0 || plain + 1 >= escaped.Length)
            {
                return written;
            }

            var taken = 2;
            chars[written++] = escaped[plain + 1] switch
            {
                (byte)'n' => '\n',
                (byte)'t' => '\t',
                (byte)'r' => '\r',
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                (byte)'u' => CodeUnit(escaped[(plain + 2)..], ref taken),
                var other => (char)other,
            };
            escaped = escaped[(plain + taken)..];
        }
    }

    internal static string Unescape(ReadOnlySpan<byte> escaped)
    {
        var chars = new char[escaped.Length];
        return new string(chars, 0, Unescape(escaped, chars));
    }

    private static char CodeUnit(ReadOnlySpan<byte> hex, ref int taken)
    {
        if (hex.Length < 4 || !ushort.TryParse(hex[..4], System.Globalization.NumberStyles.AllowHexSpecifier, null, out var unit))
        {
            return 'u';
        }

        taken += 4;
        return (char)unit;
    }
}
