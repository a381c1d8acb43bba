using System.Buffers;
using System.Text;

namespace Perilune.Server.Ui.Json;

/// <summary>
/// Text of JSON strings for display. Clients send what the decoders of the platform refuse: lone surrogates, invalid
/// UTF-8, ten megabytes. None of that fails here, and no more is decoded than is shown.
/// </summary>
internal static class JsonText
{
    private const char Replacement = '\uFFFD';
    private const byte LastAscii = 0x7f;

    /// <summary>Bytes that are the characters they stand for: ASCII but for NUL and the backslash.</summary>
    private static readonly SearchValues<byte> s_plain = SearchValues.Create([.. Enumerable.Range(1, LastAscii).Select(i => (byte)i).Where(b => b != (byte)'\\')]);

    /// <param name="token">A JSON string with its quotes, as sent.</param>
    /// <param name="limit">The most characters to return.</param>
    public static Clip Decode(ReadOnlySpan<byte> token, int limit)
    {
        var body = token is [(byte)'"', .., (byte)'"'] ? token[1..^1] : token;
        var text = new StringBuilder(Math.Min(body.Length, limit));
        while (!body.IsEmpty)
        {
            if (text.Length >= limit)
            {
                return new Clip(TrimHalfPair(text).ToString(), body.Length);
            }

            body = s_plain.Contains(body[0]) ? AppendPlain(text, body, limit)
                : body[0] == (byte)'\\' ? AppendEscape(text, body)
                : AppendRune(text, body);
        }

        return new Clip(text.ToString(), 0);
    }

    private static ReadOnlySpan<byte> AppendPlain(StringBuilder text, ReadOnlySpan<byte> body, int limit)
    {
        Span<char> piece = stackalloc char[256];
        var length = Math.Min(Math.Min(body.Length, piece.Length), limit - text.Length);
        length = body[..length].IndexOfAnyExcept(s_plain) is >= 0 and var end ? end : length;
        Ascii.ToUtf16(body[..length], piece, out _);
        text.Append(piece[..length]);
        return body[length..];
    }

    private static ReadOnlySpan<byte> AppendRune(StringBuilder text, ReadOnlySpan<byte> body)
    {
        Rune.DecodeFromUtf8(body, out var rune, out var length);
        if (rune.Value == 0)
        {
            text.Append('␀');
        }
        else
        {
            text.Append(rune);
        }

        return body[length..];
    }

    private static ReadOnlySpan<byte> AppendEscape(StringBuilder text, ReadOnlySpan<byte> body)
    {
        if (body.Length < 2)
        {
            text.Append('\\');
            return [];
        }

        if (body[1] != (byte)'u')
        {
            text.Append(body[1] switch
            {
                (byte)'n' => '\n',
                (byte)'t' => '\t',
                (byte)'r' => '\r',
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                var other => (char)other,
            });
            return body[2..];
        }

        var unit = Unit(body);
        if (unit is { } high && char.IsHighSurrogate(high) && body.Length >= 12 && body[6] == (byte)'\\' && body[7] == (byte)'u' &&
            Unit(body[6..]) is { } low && char.IsLowSurrogate(low))
        {
            text.Append(high).Append(low);
            return body[12..];
        }

        text.Append(unit switch
        {
            null => Replacement,
            '\0' => '␀',
            { } c when char.IsSurrogate(c) => Replacement,
            { } c => c,
        });
        return body[Math.Min(6, body.Length)..];
    }

    private static char? Unit(ReadOnlySpan<byte> escape) =>
        escape.Length >= 6 && ushort.TryParse(escape[2..6], System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;

    private static StringBuilder TrimHalfPair(StringBuilder text)
    {
        if (text.Length > 0 && char.IsHighSurrogate(text[^1]))
        {
            text.Length--;
        }

        return text;
    }
}

/// <summary>The beginning of a text.</summary>
/// <param name="BytesLeft">About how many bytes were not shown; 0 when all was.</param>
public readonly record struct Clip(string Text, long BytesLeft)
{
    public bool IsCut => BytesLeft > 0;
}
