using System.Buffers;
using System.Text;

namespace Perilune.Model.Filtering;

/// <summary>
/// What text search sees of a payload: the content of every JSON string value, unescaped, and every number as it is
/// written; each on its own. Object keys, <c>true</c>, <c>false</c> and <c>null</c> are not searched.
/// </summary>
public static class PayloadText
{
    /// <summary>Whether one of the payload's texts contains <paramref name="text"/>, upper and lower case being equal.</summary>
    /// <remarks>Reads any bytes: no depth limit, no error; an escaped lone surrogate stays one, invalid UTF-8 reads as U+FFFD.</remarks>
    public static bool Contains(RawJson payload, string text)
    {
        if (payload.IsAbsent)
        {
            return false;
        }

        char[]? buffer = null;
        try
        {
            var json = payload.Span;
            for (var at = 0; at < json.Length;)
            {
                if (json[at] == (byte)'"')
                {
                    var content = json[(at + 1)..];
                    var length = StringLength(content);
                    at += length + 2;
                    if (!IsKey(json, at) && StringContains(content[..length], text, ref buffer))
                    {
                        return true;
                    }
                }
                else if (json[at] is (byte)'-' or (>= (byte)'0' and <= (byte)'9'))
                {
                    var length = json[at..].IndexOfAny(Structure);
                    var number = length < 0 ? json[at..] : json.Slice(at, length);
                    at += number.Length;
                    if (StringContains(number, text, ref buffer))
                    {
                        return true;
                    }
                }
                else
                {
                    at++;
                }
            }

            return false;
        }
        finally
        {
            if (buffer is not null)
            {
                ArrayPool<char>.Shared.Return(buffer);
            }
        }
    }

    private static readonly SearchValues<byte> Structure = SearchValues.Create(" \t\r\n,]}\""u8);

    private static int StringLength(ReadOnlySpan<byte> content)
    {
        var at = 0;
        while (true)
        {
            var next = content[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                return content.Length;
            }

            at += next;
            if (content[at] == (byte)'"')
            {
                return at;
            }

            if (at + 2 > content.Length)
            {
                return content.Length;
            }

            at += 2;
        }
    }

    private static bool IsKey(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at++;
        }

        return at < json.Length && json[at] == (byte)':';
    }

    private static bool StringContains(ReadOnlySpan<byte> escaped, string text, ref char[]? buffer)
    {
        if (buffer is null || buffer.Length < escaped.Length)
        {
            if (buffer is not null)
            {
                ArrayPool<char>.Shared.Return(buffer);
            }

            buffer = ArrayPool<char>.Shared.Rent(Math.Max(256, escaped.Length));
        }

        var length = Unescape(escaped, buffer);
        return buffer.AsSpan(0, length).Contains(text, StringComparison.OrdinalIgnoreCase);
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
