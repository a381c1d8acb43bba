using System.Text;

namespace Perilune.Model.Words;

/// <summary>
/// Words to look for, in this order and next to each other within one text. What stands between words does not matter:
/// <c>overdue invoice</c> is found in <c>overdue-invoice</c> and the other way round.
/// </summary>
public sealed class Phrase
{
    private Phrase(string[] words, bool isPrefix) => (Words, IsPrefix) = (words, isPrefix);

    /// <summary>As <see cref="WordReader"/> cuts and folds them.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The last word may go on.</summary>
    public bool IsPrefix { get; }

    /// <summary>There is nothing to look for.</summary>
    public bool IsEmpty => Words.Count == 0;

    public static Phrase Of(string text, bool isPrefix)
    {
        var words = new List<string>();
        var reader = new WordReader(text, stackalloc char[WordReader.MaxLength]);
        while (reader.MoveNext())
        {
            words.Add(reader.Current.ToString());
        }

        return new Phrase([.. words], isPrefix && reader.End == text.Length);
    }

    /// <summary>Where the phrase first stands in the text; null when it does not. Nothing is found by an empty phrase.</summary>
    public Range? Find(ReadOnlySpan<char> text)
    {
        if (IsEmpty)
        {
            return null;
        }

        var last = Words.Count - 1;

        // beginnings[k]: where the words read last begin, if they are the first k of the phrase; else -1.
        Span<int> beginnings = last < 64 ? stackalloc int[last + 1] : new int[last + 1];
        beginnings.Fill(-1);
        var reader = new WordReader(text, stackalloc char[WordReader.MaxLength]);
        while (reader.MoveNext())
        {
            beginnings[0] = reader.Start;
            if (beginnings[last] >= 0 && IsLast(reader.Current))
            {
                return beginnings[last]..reader.End;
            }

            for (var k = last; k > 0; k--)
            {
                beginnings[k] = beginnings[k - 1] >= 0 && reader.Current.SequenceEqual(Words[k - 1]) ? beginnings[k - 1] : -1;
            }
        }

        return null;
    }

    public override string ToString() => new StringBuilder().AppendJoin(' ', Words).Append(IsPrefix ? "*" : "").ToString();

    private bool IsLast(ReadOnlySpan<char> word) => IsPrefix ? word.StartsWith(Words[^1]) : word.SequenceEqual(Words[^1]);
}
