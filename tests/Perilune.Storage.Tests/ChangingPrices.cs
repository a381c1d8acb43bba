using Perilune.Model;
using Perilune.Model.Pricing;

namespace Perilune.Storage.Tests;

/// <summary>Prices of a project that change while it is written to.</summary>
internal sealed class ChangingPrices : IProjectPrices
{
    public static readonly IReadOnlyList<PriceBook> Books =
    [
        PriceBook.Default,
        PriceBook.Default.With([Price(1, "gpt-5", 3, PriceMatch.Exact), Price(2, "*", 1, PriceMatch.Wildcard)]),
        PriceBook.Default.With([Price(3, "gpt-5", 7, PriceMatch.Exact) with { From = EventGen.Origin + TimeSpan.FromSeconds(4) }]),
        PriceBook.Default.With([Price(4, "agent|search", 0, PriceMatch.Regex), Price(5, "gpt*", 2, PriceMatch.Wildcard) with { Provider = "openai" }]),
    ];

    public PriceBook Book { get; set; } = PriceBook.Default;

    public PriceBook For(Guid project) => Book;

    public static ProjectPrice Price(long id, string pattern, decimal rate, PriceMatch match) => new()
    {
        Id = id,
        Name = pattern,
        Pattern = pattern,
        Match = match,
        Rates = new ProjectRates(rate, 2 * rate),
    };
}
