using System.Buffers;
using System.Text;

namespace Perilune.Model.Words;

/// <summary>
/// Cuts a text into words: stretches of letters and digits in any script, folded by <see cref="Letters"/>. Of a longer word
/// the first <see cref="MaxLength"/> characters count. Stretches of more than <see cref="MaxStretch"/> letters and digits
/// with nothing between but <c>+ / = _ -</c> are encoded data and hold no words.
/// </summary>
/// <param name="word">Room for a word: <see cref="MaxLength"/> characters.</param>
public ref struct WordReader(ReadOnlySpan<char> text, Span<char> word)
{
    /// <summary>Grows when the same text is cut into other words than before: indexes are then made anew.</summary>
    public const int Version = 1;

    public const int MaxLength = 64;

    public const int MaxStretch = 256;

    private static readonly SearchValues<char> Encoded = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-");
    private readonly ReadOnlySpan<char> _text = text;
    private readonly Span<char> _word = word;
    private int _at;
    private int _wordsUntil;
    private int _length;

    /// <summary>The word, until the next one is read.</summary>
    public readonly ReadOnlySpan<char> Current => _word[.._length];

    /// <summary>Where the word begins in the text.</summary>
    public int Start { get; private set; }

    /// <summary>Where it ends.</summary>
    public int End { get; private set; }

    public bool MoveNext()
    {
        _length = 0;
        while (_at < _text.Length)
        {
            var c = _text[_at];
            var letter = char.IsAscii(c) ? Letters.OfAscii(c) : '\0';
            if (letter != '\0' && !SkipsData())
            {
                Append(letter, 1);
            }
            else if (!char.IsAscii(c))
            {
                if (BeyondAscii())
                {
                    return true;
                }
            }
            else if (_length > 0)
            {
                return true;
            }
            else if (letter == '\0')
            {
                _at++;
            }
        }

        return _length > 0;
    }

    // True when a word is complete.
    private bool BeyondAscii()
    {
        if (Rune.DecodeFromUtf16(_text[_at..], out var rune, out var taken) != OperationStatus.Done)
        {
            _at += taken;
            return _length > 0;
        }

        switch (Letters.Of(rune, out var folded))
        {
            case LetterKind.Letter when folded.IsBmp:
                Append((char)folded.Value, taken);
                return false;
            case LetterKind.Letter:
                Append(folded, taken);
                return false;
            case LetterKind.Single when _length > 0:
                return true;
            case LetterKind.Single:
                Append(folded, taken);
                return true;
            case LetterKind.Ignored:
                _at += taken;
                End = _length > 0 ? _at : End;
                return false;
            default:
                _at += taken;
                return _length > 0;
        }
    }

    private bool SkipsData()
    {
        if (_at < _wordsUntil)
        {
            return false;
        }

        var length = _text[_at..].IndexOfAnyExcept(Encoded);
        _wordsUntil = length < 0 ? _text.Length : _at + length;
        if (_wordsUntil - _at <= MaxStretch)
        {
            return false;
        }

        _at = _wordsUntil;
        return true;
    }

    private void Append(char letter, int taken)
    {
        if (_length == 0)
        {
            Start = _at;
        }

        if (_length < MaxLength)
        {
            _word[_length++] = letter;
        }

        _at += taken;
        End = _at;
    }

    private void Append(Rune rune, int taken)
    {
        if (_length == 0)
        {
            Start = _at;
        }

        if (_length + rune.Utf16SequenceLength <= MaxLength)
        {
            _length += rune.EncodeToUtf16(_word[_length..]);
        }

        _at += taken;
        End = _at;
    }
}
