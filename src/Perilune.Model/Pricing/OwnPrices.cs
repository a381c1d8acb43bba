using System.Collections.Frozen;

namespace Perilune.Model.Pricing;

/// <summary>
/// A project's own prices, ready to be asked. Of those that match a name and have begun, a whole name goes before a
/// pattern, one provider's before everybody's, a later beginning before an earlier one, and then the newest.
/// </summary>
internal sealed class OwnPrices
{
    private readonly FrozenDictionary<string, Rule[]> _exact;
    private readonly Rule[] _patterns;
    private readonly LookupCache<Rule[]> _found = new(capacity: 4096);

    /// <param name="providerId">The one name of a provider that clients call differently.</param>
    public OwnPrices(IReadOnlyList<ProjectPrice> prices, Func<string, string> providerId)
    {
        All = prices;
        var rules = prices
            .OrderBy(price => price.Match == PriceMatch.Exact ? 0 : 1)
            .ThenBy(price => price.Provider is null ? 1 : 0)
            .ThenByDescending(price => price.From ?? Instant.MinValue)
            .ThenByDescending(price => price.Created)
            .ThenByDescending(price => price.Id)
            .Select(price => new Rule(ModelPrice.Of(price), price.Provider is { } provider ? providerId(provider) : null, PricePattern.Compile(price.Match, price.Pattern)))
            .ToList();
        _exact = rules.Where(rule => rule.Own.Match == PriceMatch.Exact)
            .GroupBy(rule => rule.Own.Pattern, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.OrdinalIgnoreCase);
        _patterns = [.. rules.Where(rule => rule.Own.Match != PriceMatch.Exact)];
    }

    public IReadOnlyList<ProjectPrice> All { get; }

    /// <param name="providerId">Who serves the model, asked only when a price depends on it; null when that is not known.</param>
    public ModelPrice? Find(string? provider, string model, Instant at, Func<string?> providerId)
    {
        if (!_found.TryGet(provider, model, out var rules))
        {
            rules = Matching(model.Trim(), providerId);
            _found.Add(provider, model, rules);
        }

        return Array.Find(rules!, rule => (rule.Own.From ?? Instant.MinValue) <= at)?.Price;
    }

    private Rule[] Matching(string model, Func<string?> providerId)
    {
        Rule[] rules = [.. _exact.GetValueOrDefault(model, []), .. _patterns.Where(rule => rule.Matches(model))];
        if (!Array.Exists(rules, rule => rule.Provider is not null))
        {
            return rules;
        }

        var provider = providerId();
        return Array.FindAll(rules, rule => rule.Provider is null || rule.Provider == provider);
    }

    private sealed record Rule(ModelPrice Price, string? Provider, Func<string, bool> Matches)
    {
        public ProjectPrice Own => Price.Own!;
    }
}
