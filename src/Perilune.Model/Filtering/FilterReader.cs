using System.Text;

namespace Perilune.Model.Filtering;

/// <summary>Where the parser stands in the text, and what it found wrong so far.</summary>
internal sealed class FilterReader(string text)
{
    public int Position { get; set; }

    public int Length => text.Length;

    public bool AtEnd => Position >= text.Length;

    public char Current => AtEnd ? '\0' : text[Position];

    public char this[int index] => text[index];

    public List<FilterError> Errors { get; } = [];

    public string Slice(int start, int end) => text[start..end];

    public void Fail(int position, int length, string message, string? suggestion = null) =>
        Errors.Add(new(position, length, message, suggestion));

    public void SkipSpace()
    {
        while (!AtEnd && char.IsWhiteSpace(Current))
        {
            Position++;
        }
    }

    /// <summary>The position of the keyword if it is next.</summary>
    public int? PeekWord(string word)
    {
        SkipSpace();
        var end = Position + word.Length;
        return string.CompareOrdinal(text, Position, word, 0, word.Length) == 0 && (end == text.Length || (end < text.Length && EndsTerm(text[end])))
            ? Position
            : null;
    }

    public int? TakeWord(string word)
    {
        var at = PeekWord(word);
        Position += at is null ? 0 : word.Length;
        return at;
    }

    public static bool EndsTerm(char c, bool openingToo = true) => char.IsWhiteSpace(c) || c == ')' || (openingToo && c == '(');

    /// <summary>The content of the quoted string that starts here, after which the reader stands.</summary>
    public string Quoted()
    {
        var opening = Position++;
        var content = new StringBuilder();
        for (; !AtEnd; Position++)
        {
            if (Current == '"')
            {
                Position++;
                return content.ToString();
            }

            if (Current == '\\' && Position + 1 < text.Length && text[Position + 1] is '"' or '\\')
            {
                Position++;
            }

            content.Append(Current);
        }

        Fail(opening, text.Length - opening, "This quote is not closed.", "Add a \" at the end.");
        return content.ToString();
    }
}
