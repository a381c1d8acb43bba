using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Perilune.Model.Filtering;

/// <summary>Regular expressions that people search with: of a kind whose time grows with the text only, and built once.</summary>
public static class FilterPatterns
{
    /// <summary>In characters.</summary>
    public const int MaxLength = 500;

    private const int MaxKept = 256;

    private static readonly ConcurrentDictionary<string, Regex?> Known = new(StringComparer.Ordinal);

    /// <summary>Null when it is no regular expression, too long, or needs backtracking (lookarounds, back references).</summary>
    public static Regex? Find(string pattern)
    {
        if (Known.TryGetValue(pattern, out var known))
        {
            return known;
        }

        if (Known.Count >= MaxKept)
        {
            Known.Clear();
        }

        return Known[pattern] = Build(pattern);
    }

    private static Regex? Build(string pattern)
    {
        if (pattern.Length > MaxLength)
        {
            return null;
        }

        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
