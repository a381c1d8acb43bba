using System.Globalization;

namespace Perilune.Model.Pricing;

/// <summary>
/// How large a regular expression is with its counts written out. What it costs to match grows with that, and most of all
/// with the parts that may match more or less.
/// </summary>
/// <param name="Parts">Characters, classes and the like.</param>
/// <param name="Choices">Quantifiers that leave open how often something repeats.</param>
internal readonly record struct ExpressionSize(long Parts, long Choices)
{
    private const long Limit = 1_000_000;

    /// <summary>An upper bound for any text; it need not be a regular expression.</summary>
    public static ExpressionSize Of(string pattern)
    {
        var (outer, whole, last) = (new Stack<ExpressionSize>(), default(ExpressionSize), default(ExpressionSize));
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '(':
                    outer.Push(whole);
                    (whole, last) = (default, default);
                    break;
                case ')' when outer.TryPop(out var before):
                    (whole, last) = (before.Plus(whole), whole);
                    break;
                case '*' or '+' or '?':
                    whole = whole.Plus(new ExpressionSize(0, 1));
                    last = last.Plus(new ExpressionSize(0, 1));
                    break;
                case '{' when Counts(pattern, ref i) is { } counts:
                    var more = last.Times(counts.Most - 1).Plus(new ExpressionSize(0, counts.IsOpen ? counts.Most : 0));
                    (whole, last) = (whole.Plus(more), last.Plus(more));
                    break;
                default:
                    i = EndOfPart(pattern, i);
                    last = new ExpressionSize(1, 0);
                    whole = whole.Plus(last);
                    break;
            }
        }

        return outer.Aggregate(whole, (sum, before) => sum.Plus(before));
    }

    private ExpressionSize Plus(ExpressionSize other) => new(Math.Min(Parts + other.Parts, Limit), Math.Min(Choices + other.Choices, Limit));

    private ExpressionSize Times(long count) => new(Math.Min(Parts * count, Limit), Math.Min(Choices * count, Limit));

    /// <summary>The last character of an escape or a class, or the character itself.</summary>
    private static int EndOfPart(string pattern, int start)
    {
        if (pattern[start] == '\\')
        {
            return start + 1;
        }

        if (pattern[start] != '[')
        {
            return start;
        }

        // A bracket right after the opening is part of the class.
        var at = start + (pattern.AsSpan(start + 1).StartsWith("^") ? 3 : 2);
        while (at < pattern.Length && pattern[at] != ']')
        {
            at += pattern[at] == '\\' ? 2 : 1;
        }

        return at;
    }

    /// <summary>The counts in braces from <paramref name="at"/> on, which goes to their end; null when they are something else.</summary>
    private static (long Most, bool IsOpen)? Counts(string pattern, ref int at)
    {
        var end = pattern.IndexOf('}', at);
        if (end < 0)
        {
            return null;
        }

        var comma = pattern.IndexOf(',', at, end - at);
        var least = pattern.AsSpan(at + 1, (comma < 0 ? end : comma) - at - 1);
        var most = comma < 0 ? least : pattern.AsSpan(comma + 1, end - comma - 1);
        if (least.IsEmpty || least.ContainsAnyExceptInRange('0', '9') || most.ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        at = end;
        return (Math.Max(Number(least), Math.Max(Number(most), 1)), IsOpen: comma >= 0 && !most.SequenceEqual(least));
    }

    // What has more digits than fit is too many anyway.
    private static long Number(ReadOnlySpan<char> digits) => digits.IsEmpty ? 0 : long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Min(number, Limit) : Limit;
}
