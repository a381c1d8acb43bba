using Perilune.Model.Pricing;
using static Perilune.Model.Tests.Pricing.Shorthand;

namespace Perilune.Model.Tests.Pricing;

public sealed class ProjectPriceTests
{
    private static readonly Usage Thousands = new(1_000_000, 1_000_000);
    private int _last;

    // The input rate tells which price was taken: in USD for a million tokens.
    [Theory]
    [InlineData(null, "gpt-5", "2026-11-24", 11)] // The later of the two that have begun.
    [InlineData("openai", "GPT-5", "2026-11-24", 11)] // In any case.
    [InlineData("anthropic", " gpt-5 ", "2026-11-24", 11)]
    [InlineData(null, "gpt-5", "2026-10-31T23:59:59Z", 10)] // A moment before the later one begins.
    [InlineData(null, "gpt-5", "2026-11-01", 11)] // Its first moment.
    [InlineData(null, "gpt-5", "2026-01-01", 13)] // No exact one had begun.
    [InlineData(null, "gpt-5-mini", "2026-11-24", 13)]
    [InlineData("azure_openai", "gpt-5-mini", "2026-11-24", 12)] // One provider's before everybody's.
    [InlineData("Azure", "gpt-5-mini", "2026-11-24", 12)] // However the client calls it.
    [InlineData(null, "house-model-7b", "2026-11-24", 15)] // The newest of equals.
    [InlineData(null, "my-house-model", "2026-11-24", null)]
    [InlineData(null, "ft:acme:x", "2026-11-24", 16)]
    [InlineData(null, "ACME", "2026-11-24", 16)] // An expression is found anywhere, in any case.
    [InlineData("mistral", "mistral-large-latest", "2026-11-24", 17)]
    [InlineData(null, "mistral-large-latest", "2026-11-24", 17)] // Whose model it is tells the provider.
    [InlineData("groq", "mistral-large-latest", "2026-11-24", null)]
    public void A_whole_name_goes_before_a_pattern_and_a_later_price_before_an_earlier_one(string? provider, string model, string at, int? input)
    {
        var book = PriceBook.Default.With(
        [
            Price("gpt-5", 10, from: "2026-03-01"),
            Price("gpt-5", 11, from: "2026-11-01"),
            Price("gpt-5*", 12, PriceMatch.Wildcard, provider: "azure"),
            Price("gpt-5*", 13, PriceMatch.Wildcard),
            Price("house-*", 14, PriceMatch.Wildcard),
            Price("house-model*", 15, PriceMatch.Wildcard),
            Price("acme|umbrella", 16, PriceMatch.Regex),
            Price("mistral-large-latest", 17, provider: "Mistral AI"),
        ]);

        var price = book.FindOwn(provider, model, At(at));
        Assert.Equal(input, price?.UsdPerMillion(CostClass.Input));
        Assert.Equal(price, price is null ? null : book.Find(provider, model, At(at)));
        Assert.Equal(price is null, !book.Price(provider, model, At(at), Thousands).PriceId?.StartsWith("project:", StringComparison.Ordinal) ?? true);
    }

    [Fact]
    public void Other_models_are_charged_by_the_bundled_book()
    {
        var book = PriceBook.Default.With([Price("mine", 1)]);
        Assert.Equal("openai/gpt-4o", book.Find("openai", "gpt-4o", At("2026-11-24"))?.Id);
        Assert.Null(PriceBook.Default.FindOwn(null, "mine", At("2026-11-24")));
        Assert.Null(book.FindOwn(null, new string('x', 300), At("2026-11-24")));
    }

    // 1,000,000 in at $2, of which 400,000 cached; 500,000 out at $8, of which 100,000 thought.
    [Theory]
    [InlineData(null, null, 6_000_000_000L)] // 1.0*2 + 0.5*8
    [InlineData(0.5, null, 5_400_000_000L)] // 0.6*2 + 0.4*0.5 + 0.5*8
    [InlineData(0.5, 20.0, 6_600_000_000L)] // 0.6*2 + 0.4*0.5 + 0.4*8 + 0.1*20
    [InlineData(0.0, 0.000001, 4_400_000_100L)] // 0.6*2 + 0 + 0.4*8 + 0.1*0.000001
    public void A_rate_that_is_not_set_is_that_of_what_it_is_part_of(double? cacheRead, double? reasoning, long nanoUsd)
    {
        var price = Price("m", 2) with { Rates = new ProjectRates(2, 8) { CacheRead = (decimal?)cacheRead, Reasoning = (decimal?)reasoning } };
        var usage = new Usage(1_000_000, 500_000, 400_000) { Reasoning = 100_000 };
        var cost = PriceBook.Default.With([price]).Price(null, "m", At("2026-11-24"), usage, given: 7);
        Assert.Equal(new Cost(nanoUsd, CostSource.Computed, price.PriceId, CostNote.None, nanoUsd), cost);
    }

    [Fact]
    public void A_price_for_a_deployment_holds_though_the_model_that_served_it_has_another()
    {
        var book = PriceBook.Default.With([Price("prod-deployment", 3)]);
        Assert.Equal(6_000_000_000, CallPricing.Of(book, "azure", "prod-deployment", "gpt-5", At("2026-11-24"), Thousands, null).Cost.NanoUsd);
        book = PriceBook.Default.With([Price("prod-deployment", 3), Price("gpt-5", 4)]);
        Assert.Equal(8_000_000_000, CallPricing.Of(book, "azure", "prod-deployment", "gpt-5", At("2026-11-24"), Thousands, null).Cost.NanoUsd);
    }

    [Theory]
    [InlineData("(a+)+$", null)]
    [InlineData("(?i)^(gpt-4o)$", null)]
    [InlineData("gpt(?!-5)", "looks around")]
    [InlineData(@"(a)\1", "refers back")]
    [InlineData("gpt-[", "cannot be read")]
    [InlineData(@"^gpt-[0-9]{1,2}-20[0-9]{2}-[0-9]{2}-[0-9]{2}$", null)]
    [InlineData(@"^(ft:)?(gpt-4o|gpt-4\.1|o[134])(-mini|-nano)?(:[\w.-]+)*$", null)]
    [InlineData(@"(\w{1,8}){8}!", "too large")]
    [InlineData("(.*a){17}", "too large")]
    [InlineData("(.{20}){20}", "too large")]
    [InlineData(@"[]\](]{300}", "too large")]
    [InlineData("[^]a]{9,}{9,}x{99999999999999999999}", "too large")]
    [InlineData("(?#[)(.*a){64}]", "too large")]
    [InlineData("((((((.*a){2}){2}){2}){2}){2}", "too large")]
    public void An_expression_that_could_take_long_is_refused(string pattern, string? problem)
    {
        var found = PriceBook.Problem(PriceMatch.Regex, pattern);
        Assert.True(problem is null ? found is null : found?.Contains(problem, StringComparison.Ordinal), found);
    }

    [Fact]
    public void Two_books_have_one_stamp_when_they_charge_the_same()
    {
        var price = Price("m", 2);
        var stamp = PriceBook.Default.With([price]).Stamp;
        Assert.Equal(stamp, PriceBook.Default.With([price with { Changed = At("2026-11-24") }]).Stamp);
        Assert.NotEqual(stamp, PriceBook.Default.With([price with { From = At("2026-11-24") }]).Stamp);
        Assert.NotEqual(stamp, PriceBook.Default.With([price with { Rates = price.Rates with { CacheWrite1h = 2 } }]).Stamp);
        Assert.NotEqual(stamp, PriceBook.Default.Stamp);
    }

    // Input and output at one rate.
    private ProjectPrice Price(string pattern, decimal rate, PriceMatch match = PriceMatch.Exact, string? provider = null, string? from = null) => new()
    {
        Id = ++_last,
        Name = pattern,
        Pattern = pattern,
        Match = match,
        Provider = provider,
        From = from is null ? null : At(from),
        Rates = new ProjectRates(rate, rate),
        Created = new Instant(_last),
    };
}
