using Perilune.Model.Pricing;
using static Perilune.Model.Tests.Pricing.Shorthand;

namespace Perilune.Model.Tests.Pricing;

public sealed class PriceDataTests
{
    private static readonly Instant[] Times = [At("2020-01-01T12:00:00Z"), At("2026-11-24T02:00:00Z"), At("2030-01-01T23:00:00Z")];

    [Fact]
    public void Every_model_is_found_by_its_own_name()
    {
        var models = 0;
        foreach (var provider in PriceBook.Default.Providers)
        {
            foreach (var model in provider.Models)
            {
                models++;
                foreach (var time in Times)
                {
                    Assert.Equal(model.At(time).Id, PriceBook.Default.Find(provider.Id, model.Id, time)?.Id);
                    Assert.Equal(model.At(time).Id, PriceBook.Default.Find(null, $"{provider.Id}/{model.Id}", time)?.Id);
                }
            }
        }

        Assert.InRange(models, 1500, 5000);
    }

    [Fact]
    public void Every_price_has_an_id_of_its_own()
    {
        var ids = PriceBook.Default.Providers.SelectMany(p => p.Models).SelectMany(m => m.Prices).Select(p => p.Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void More_input_never_costs_less()
    {
        foreach (var price in PriceBook.Default.Providers.SelectMany(p => p.Models).SelectMany(m => m.Prices))
        {
            var last = 0L;
            foreach (var input in (long[])[0, 1, 100_000, 128_000, 128_001, 199_999, 200_000, 200_001, 271_999, 272_000, 272_001, 512_001])
            {
                var cost = price.Charge(new Usage(input, 10), out var note);
                Assert.True(note is CostNote.OtherUnit ? cost is null : cost >= last, $"{price.Id} costs {cost} for {input} tokens, after {last}.");
                last = cost ?? 0;
            }
        }
    }

    [Fact]
    public void The_book_says_where_its_prices_are_from() => Assert.StartsWith("genai-prices ", PriceBook.Default.Source, StringComparison.Ordinal);
}
