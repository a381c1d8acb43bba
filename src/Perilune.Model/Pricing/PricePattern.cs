using System.Text.RegularExpressions;
using Perilune.Model.Filtering;

namespace Perilune.Model.Pricing;

/// <summary>Compares names of models with what a <see cref="ProjectPrice"/> is for, in time that grows with the name alone.</summary>
internal static class PricePattern
{
    private const int MostParts = 256;
    private const int MostChoices = 16;

    // What a first match can take grows with both: with this, to a few hundred milliseconds of one core.
    private const int MostTogether = 1024;

    // No back-tracking, so that a pattern that somebody made up cannot hold up what is stored.
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    /// <summary>What is wrong with the pattern; null when it can be used.</summary>
    public static string? Problem(PriceMatch match, string pattern)
    {
        // Comments could hide anything from the measuring.
        if (match == PriceMatch.Regex && (pattern.Contains("(?#", StringComparison.Ordinal) || IsTooLarge(ExpressionSize.Of(pattern))))
        {
            return $"The regular expression is too large: with its counts written out it can have {MostParts} parts, or {MostTogether / MostChoices} when {MostChoices} of them repeat with *, + or ?; and no comments.";
        }

        try
        {
            Compile(match, pattern);
            return null;
        }
        catch (NotSupportedException)
        {
            return "The regular expression looks around, or refers back. Use one that only says what the name is, such as ^gpt-5.";
        }
        catch (RegexParseException e)
        {
            return $"The regular expression cannot be read: {e.Message}";
        }
    }

    /// <exception cref="NotSupportedException">The expression cannot be matched without back-tracking.</exception>
    /// <exception cref="RegexParseException">It is no regular expression.</exception>
    public static Func<string, bool> Compile(PriceMatch match, string pattern)
    {
        switch (match)
        {
            case PriceMatch.Regex:
                var regex = new Regex(pattern, Options, Regex.InfiniteMatchTimeout);
                return regex.IsMatch;
            case PriceMatch.Wildcard:
                return name => Wildcard.Matches(pattern, name, ignoreCase: true);
            default:
                return name => string.Equals(name, pattern, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static bool IsTooLarge(ExpressionSize size) =>
        size.Parts > MostParts || size.Choices > MostChoices || size.Parts * size.Choices > MostTogether;
}
