using Perilune.Model;
using Perilune.Model.Pricing;

namespace Perilune.Control;

/// <summary>What somebody wants a price to be.</summary>
/// <param name="Name">What to call it; null for the pattern.</param>
/// <param name="Provider">Only calls to this provider; null or blank for all.</param>
/// <param name="From">Null for all times.</param>
public sealed record PriceTerms(string? Pattern, PriceMatch Match, string? Provider, Instant? From, ProjectRates Rates, string? Name = null)
{
    /// <summary>The same without blanks around texts.</summary>
    internal PriceTerms Clean() => this with { Pattern = Pattern?.Trim() ?? "", Provider = Blank(Provider), Name = Blank(Name) };

    /// <summary>What is wrong; null when nothing is. Of clean terms.</summary>
    internal string? Fault() =>
        Pattern!.Length == 0 ? "A price needs the name of a model, as in gpt-5 or gpt-5*."
        : Text("The model's name", Pattern) ?? Text("The provider", Provider) ?? Text("The price's name", Name)
        ?? RateFault()
        ?? PriceBook.Problem(Match, Pattern);

    private static string? Text(string what, string? text) =>
        text?.Length > PriceBook.MaxNameLength ? $"{what} can have {PriceBook.MaxNameLength} characters."
        : text?.Any(char.IsControl) == true ? $"{what} has control characters in it. Leave them out."
        : null;

    private string? RateFault()
    {
        foreach (var (what, rate) in Rates.All)
        {
            if (rate is < 0 or > ProjectPrice.MaxRate)
            {
                return $"A rate is 0 to {ProjectPrice.MaxRate:N0} USD for a million tokens: {what} is not.";
            }

            if (decimal.Round(rate, ProjectPrice.RateDecimals) != rate)
            {
                return $"A rate has {ProjectPrice.RateDecimals} decimals at most: {what} has more.";
            }
        }

        return null;
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
