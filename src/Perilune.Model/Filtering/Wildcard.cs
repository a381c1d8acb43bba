using System.Text;

namespace Perilune.Model.Filtering;

/// <summary>
/// The pattern language of <see cref="FilterOperator.Is"/>: <c>*</c> stands for any characters or none, <c>\*</c> and
/// <c>\\</c> for the character itself; any other backslash is just that. A pattern has to match the whole value.
/// </summary>
public static class Wildcard
{
    /// <summary>The pattern that matches exactly <paramref name="literal"/>.</summary>
    public static string Escape(string literal) =>
        literal.AsSpan().ContainsAny('*', '\\')
            ? literal.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("*", @"\*", StringComparison.Ordinal)
            : literal;

    /// <summary>The only string that <paramref name="pattern"/> matches; null when it has a wildcard.</summary>
    public static string? Literal(string pattern) => Parts(pattern) is [var only] ? only : null;

    /// <summary>Whether the pattern is nothing but <c>*</c>.</summary>
    public static bool IsAny(string pattern) => pattern.Length > 0 && !pattern.AsSpan().ContainsAnyExcept('*');

    /// <summary>The literal pieces between the wildcards: <c>a*b</c> has two, <c>*</c> has two empty ones.</summary>
    public static IReadOnlyList<string> Parts(string pattern)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\' when i + 1 < pattern.Length && pattern[i + 1] is '*' or '\\':
                    part.Append(pattern[++i]);
                    break;
                case '*':
                    // Neighbouring stars are one.
                    if (part.Length > 0 || parts.Count == 0)
                    {
                        parts.Add(part.ToString());
                        part.Clear();
                    }

                    break;
                default:
                    part.Append(pattern[i]);
                    break;
            }
        }

        parts.Add(part.ToString());
        return parts;
    }

    public static bool Matches(string pattern, string value, bool ignoreCase)
    {
        var comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        var parts = Parts(pattern);
        if (parts is [var literal])
        {
            return string.Equals(literal, value, comparison);
        }

        var rest = value.AsSpan();
        if (!rest.StartsWith(parts[0], comparison) || !rest[parts[0].Length..].EndsWith(parts[^1], comparison))
        {
            return false;
        }

        rest = rest[parts[0].Length..^parts[^1].Length];
        for (var i = 1; i < parts.Count - 1; i++)
        {
            var at = rest.IndexOf(parts[i], comparison);
            if (at < 0)
            {
                return false;
            }

            rest = rest[(at + parts[i].Length)..];
        }

        return true;
    }

    /// <summary>The same pattern in its one spelling, so that equal patterns are equal strings.</summary>
    internal static string Normalize(string pattern) => string.Join('*', Parts(pattern).Select(Escape));
}
