using System.Text.RegularExpressions;

namespace Perilune.Model.Pricing;

/// <summary>A rule about a name. Names are asked for in lower case, and the data's case does not matter, except in a regular expression.</summary>
internal abstract class NameMatcher
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    public abstract bool Matches(string name);

    public static NameMatcher Of(MatchData data) => data switch
    {
        { Same: { } same } => new Text(same, static (name, text) => name == text),
        { Start: { } start } => new Text(start, static (name, text) => name.StartsWith(text, StringComparison.Ordinal)),
        { End: { } end } => new Text(end, static (name, text) => name.EndsWith(text, StringComparison.Ordinal)),
        { Part: { } part } => new Text(part, static (name, text) => name.Contains(text, StringComparison.Ordinal)),
        { Regex: { } pattern } => new Pattern(pattern),
        { Or: { } some } => new Some(Array.ConvertAll(some, Of)),
        { And: { } all } => new All(Array.ConvertAll(all, Of)),
        _ => throw new InvalidDataException("The price data has a match without a rule."),
    };

    private sealed class Text(string text, Func<string, string, bool> test) : NameMatcher
    {
        private readonly string _text = text.ToLowerInvariant();

        public override bool Matches(string name) => test(name, _text);
    }

    private sealed class Some(NameMatcher[] rules) : NameMatcher
    {
        public override bool Matches(string name) => Array.Exists(rules, rule => rule.Matches(name));
    }

    private sealed class All(NameMatcher[] rules) : NameMatcher
    {
        public override bool Matches(string name) => Array.TrueForAll(rules, rule => rule.Matches(name));
    }

    private sealed class Pattern(string pattern) : NameMatcher
    {
        private Regex? _regex;

        // Names are short and the time is limited. Some patterns look ahead, so the engine must be able to.
        public override bool Matches(string name)
        {
            try
            {
                return (_regex ??= new Regex(pattern, RegexOptions.CultureInvariant, Patience)).IsMatch(name);
            }
            catch (RegexMatchTimeoutException)
            {
                return false;
            }
        }
    }
}
