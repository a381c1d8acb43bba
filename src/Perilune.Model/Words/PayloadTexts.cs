using System.Buffers;
using Perilune.Model.Filtering;

namespace Perilune.Model.Words;

/// <summary>
/// The texts of a payload, one after the other: the content of every JSON string value, unescaped, and every number as it
/// is written. Object keys, <c>true</c>, <c>false</c> and <c>null</c> are none. A payload may be read in pieces: whatever
/// is cut between its values has the texts of the whole.
/// </summary>
/// <remarks>Reads any bytes: no depth limit, no error; an escaped lone surrogate stays one, invalid UTF-8 reads as U+FFFD.</remarks>
public ref struct PayloadTexts(ReadOnlySpan<byte> json) : IDisposable
{
    /// <summary>Numbers beyond this many in a row are a vector, which nobody looks for by its words.</summary>
    public const int MaxNumbersInARow = 32;

    private const int LongestNumber = 32;
    private static readonly SearchValues<byte> Structure = SearchValues.Create(" \t\r\n,]}\""u8);
    private readonly ReadOnlySpan<byte> _json = json;
    private char[]? _buffer;
    private int _at;
    private int _length;
    private int _numbers;

    /// <summary>The text, until the next one is read.</summary>
    public readonly ReadOnlySpan<char> Current => _buffer.AsSpan(0, _length);

    /// <summary>Whether the text is one of the numbers that <see cref="MaxNumbersInARow"/> leaves out.</summary>
    public readonly bool IsOfVector => _numbers > MaxNumbersInARow;

    public bool MoveNext()
    {
        while (_at < _json.Length)
        {
            switch (_json[_at])
            {
                case (byte)'"':
                    _numbers = 0;
                    var content = _json[(_at + 1)..];
                    var length = StringLength(content);
                    _at += length + 2;
                    if (!IsKey())
                    {
                        Take(content[..length]);
                        return true;
                    }

                    break;
                case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                    length = _json[_at..].IndexOfAny(Structure);
                    var number = length < 0 ? _json[_at..] : _json.Slice(_at, length);
                    _at += number.Length;
                    _numbers = number.Length > LongestNumber ? 0 : _numbers + 1;
                    Take(number);
                    return true;
                case (byte)',' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t':
                    _at++;
                    break;
                default:
                    _numbers = 0;
                    _at++;
                    break;
            }
        }

        return false;
    }

    public readonly void Dispose()
    {
        if (_buffer is not null)
        {
            ArrayPool<char>.Shared.Return(_buffer);
        }
    }

    private void Take(ReadOnlySpan<byte> escaped)
    {
        if (_buffer is null || _buffer.Length < escaped.Length)
        {
            Dispose();
            _buffer = ArrayPool<char>.Shared.Rent(Math.Max(1024, escaped.Length));
        }

        _length = PayloadText.Unescape(escaped, _buffer);
    }

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

    private readonly bool IsKey()
    {
        var at = _at;
        while (at < _json.Length && _json[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at++;
        }

        return at < _json.Length && _json[at] == (byte)':';
    }
}
