using Perilune.Model.Pricing;
using static Perilune.Model.Tests.Pricing.Shorthand;

namespace Perilune.Model.Tests.Pricing;

public sealed class CostRulesTests
{
    private static readonly Instant Now = At("2026-11-24");

    // claude-haiku-4-5, in nano-USD per token: input 1000, read 100, write 1250, an hour's 2000, output 5000.
    [Theory]
    [InlineData("in 10, out 1, read 100", 25_000)] // More is cached than there is: counted apart. 10*1000 + 100*100 + 1*5000
    [InlineData("in 10, out 1, write 8, write1h 8", 41_000)] // 10*1000 + 8*1250 + 8*2000 + 1*5000
    [InlineData("out 1, read 100", 15_000, CostNote.None)] // 100*100 + 1*5000
    [InlineData("in -5, out 1", 5_000, CostNote.Partial)] // 1*5000
    [InlineData("in 10, out -1", 10_000, CostNote.Partial)] // 10*1000
    [InlineData("in 10, out 1, read -7, write -7, think -7, searches -7", 15_000)] // 10*1000 + 1*5000
    [InlineData("in 10, out 18, think 16", 100_000)] // 10*1000 + 18*5000
    [InlineData("in 10, out 2, think 16", 100_000)] // More thought than said: counted apart. 10*1000 + 18*5000
    [InlineData("in 10, out 1, inAudio 30", 35_000)] // 30*1000 + 1*5000
    [InlineData("in 10", 10_000, CostNote.Partial)] // 10*1000
    [InlineData("searches 1", 10_000_000, CostNote.Partial)] // 1*10000000
    public void Usage_that_contradicts_itself_is_taken_at_the_larger_amount(string counts, long nanoUsd, CostNote note = CostNote.None)
    {
        var cost = PriceBook.Default.Price("anthropic", "claude-haiku-4-5", Now, Counts(counts));
        Assert.Equal(new Cost(nanoUsd, CostSource.Computed, "anthropic/claude-haiku-4-5", note, nanoUsd), cost);
    }

    // gpt-realtime, in nano-USD per token: text 4000, cached 400, audio 32000, cached audio 400.
    [Theory]
    [InlineData("in 100, out 0, read 60, inAudio 100", 1_304_000)] // What is cached must be audio. 40*32000 + 60*400
    [InlineData("in 100, out 0, read 60, inAudio 40", 1_304_000)] // Nothing says that audio is cached. 40*32000 + 60*400
    [InlineData("in 100, out 0, read 10, inAudio 50, readAudio 90", 1_484_000)] // No more audio is cached than is. 50*4000 + 40*32000 + 10*400
    public void Media_and_cache_overlap_no_more_than_they_must(string counts, long nanoUsd)
    {
        var cost = PriceBook.Default.Price("openai", "gpt-realtime", Now, Counts(counts));
        Assert.Equal((nanoUsd, CostNote.None), (cost.NanoUsd!.Value, cost.Note));
    }

    [Fact]
    public void No_usage_has_no_cost()
    {
        Assert.Equal(new Cost(null, CostSource.None, null, CostNote.NoUsage, null), PriceBook.Default.Price("openai", "gpt-4o", Now, null));
        Assert.Equal(
            new Cost(null, CostSource.None, "openai/gpt-4o", CostNote.NoUsage, null),
            PriceBook.Default.Price("openai", "gpt-4o", Now, new Usage(null, null)));
    }

    [Fact]
    public void What_is_sold_by_the_hour_or_page_is_not_charged_by_the_token()
    {
        Assert.Equal(CostNote.OtherUnit, PriceBook.Default.Price("groq", "whisper-large-v3", Now, new Usage(10, 10)).Note);
        Assert.Equal(CostNote.OtherUnit, PriceBook.Default.Price(null, "mistral-ocr-latest", Now, new Usage(10, 10)).Note);
        Assert.Empty(PriceBook.Default.Find("groq", "whisper-large-v3", Now)!.Explain(new Usage(10, 10)));
    }

    [Fact]
    public void A_clients_cost_stands_in_where_none_can_be_computed()
    {
        var book = PriceBook.Default;
        Assert.Equal(new Cost(7, CostSource.ClientGiven, null, CostNote.NoPrice, null), book.Price(null, "my-model", Now, new Usage(1, 1), 7));
        Assert.Equal(new Cost(7, CostSource.ClientGiven, null, CostNote.NoUsage, null), book.Price(null, "gpt-4o", Now, null, 7));
        Assert.Equal(new Cost(7, CostSource.ClientGiven, "openai/gpt-4o", CostNote.Partial, 2500), book.Price(null, "gpt-4o", Now, new Usage(1, null), 7));
        Assert.Equal(new Cost(12_500, CostSource.Computed, "openai/gpt-4o", CostNote.None, 12_500), book.Price(null, "gpt-4o", Now, new Usage(1, 1), 7));
        Assert.Equal(new Cost(null, CostSource.None, null, CostNote.NoPrice, null), book.Price(null, "my-model", Now, new Usage(1, 1), -7));
        Assert.Equal(0, book.Price(null, "my-model", Now, new Usage(1, 1), 0).NanoUsd);
    }

    [Fact]
    public void A_sum_of_requests_is_charged_as_short_ones_unless_the_client_knows_better()
    {
        var (book, sum) = (PriceBook.Default, new Usage(400_000, 0) { Requests = 0 });
        Assert.Equal(new Cost(7, CostSource.ClientGiven, "anthropic/claude-sonnet-4-5", CostNote.Sum, 1_200_000_000), book.Price("anthropic", "claude-sonnet-4-5", Now, sum, 7)); // 400000*3000
        Assert.Equal(new Cost(1_200_000_000, CostSource.Computed, "anthropic/claude-sonnet-4-5", CostNote.Sum, 1_200_000_000), book.Price("anthropic", "claude-sonnet-4-5", Now, sum));
        Assert.Equal(CostNote.None, book.Price("openai", "gpt-4o", Now, sum, 7).Note);
    }

    [Theory]
    [InlineData("in 1000000000000000, out 0", "gpt-4o-mini", 150_000_000_000_000_000L)] // 10^15*150
    [InlineData("in 1000000000000001, out 0", "gpt-4o-mini", null)]
    [InlineData("in 9223372036854775807, out 9223372036854775807", "gpt-4o-mini", null)]
    [InlineData("in 1, out 1, searches 9223372036854775807", "gpt-4o-mini", null)]
    [InlineData("in 0, out 15372286728091", "o1-pro", 9_223_372_036_854_600_000L)] // 15372286728091*600000, the last below 2^63
    [InlineData("in 0, out 15372286728092", "o1-pro", null)] // 15372286728092*600000 is above
    public void A_cost_that_does_not_fit_is_none(string counts, string model, long? nanoUsd)
    {
        var cost = PriceBook.Default.Price("openai", model, Now, Counts(counts));
        Assert.Equal((nanoUsd, nanoUsd is null ? CostNote.TooLarge : CostNote.None), (cost.NanoUsd, cost.Note));
    }

    [Fact]
    public void The_lines_show_each_class_with_its_rate()
    {
        var usage = Counts("in 250000, out 1000, read 240000, write1h 9000, searches 2");
        var lines = PriceBook.Default.Find("anthropic", "claude-sonnet-4-5", Now)!.Explain(usage);
        Assert.Equal(
            [
                new CostLine(CostClass.Input, 1000, 6_000_000),
                new CostLine(CostClass.CacheRead, 240_000, 600_000),
                new CostLine(CostClass.CacheWrite1h, 9000, 12_000_000),
                new CostLine(CostClass.Output, 1000, 22_500_000),
                new CostLine(CostClass.WebSearches, 2, 10_000_000_000),
            ],
            lines);
        Assert.Equal(300_500_000m, lines.Sum(line => line.NanoUsd)); // 1000*6000 + 240000*600 + 9000*12000 + 1000*22500 + 2*10000000
    }
}
