using CsCheck;
using Perilune.Model.Pricing;
using static Perilune.Model.Tests.Pricing.Shorthand;

namespace Perilune.Model.Tests.Pricing;

public sealed class PricePropertyTests
{
    private static readonly ModelPrice[] Prices =
        [.. PriceBook.Default.Providers.SelectMany(p => p.Models).SelectMany(m => m.Prices).Where(p => p.Charge(new Usage(1, 1), out _) is not null)];

    private static readonly string[] Tiered = [.. Prices.Where(p => p.Charge(new Usage(10_000_000, 0), out _) != p.Charge(new Usage(1_000_000, 0), out _) * 10
        || p.Charge(new Usage(1_000_000, 0), out _) != p.Charge(new Usage(1000, 0), out _) * 1000).Select(p => p.Id)];

    private static readonly Gen<ModelPrice> AnyPrice = Gen.OneOf(Prices);

    private static readonly Gen<long?> Count = Gen.Frequency(
        (3, Gen.Const((long?)null)), (6, Gen.Long[0, 300_000].Select(n => (long?)n)), (1, Gen.Long.Select(n => (long?)n)),
        (1, Gen.OneOf<long?>(0, -1, long.MinValue, long.MaxValue, ModelPrice.MaxCount, ModelPrice.MaxCount + 1)));

    private static readonly Gen<Usage> AnyUsage = Count.Array[16].Select(c => new Usage(c[0], c[1], c[2])
    {
        CacheWrite5m = c[3], CacheWrite1h = c[4], Reasoning = c[5], InputAudio = c[6], CacheReadAudio = c[7], OutputAudio = c[8],
        InputImage = c[9], CacheReadImage = c[10], OutputImage = c[11], InputVideo = c[12], OutputVideo = c[13], Requests = c[14], WebSearches = c[15],
    });

    /// <summary>Disjoint parts, so that their totals are known: text, read, written, an hour's, audio, image, video in; then out.</summary>
    private static readonly Gen<long[]> Parts = Gen.Long[0, 10_000].Array[12];

    private static readonly Gen<string?> Name = Gen.Frequency(
        (1, Gen.Const((string?)null)),
        (3, Gen.String[0, 300].Select(s => (string?)s)),
        (3, Gen.String[Gen.OneOf('/', ':', '.', '-', '@', '2', '0', '1', 'g', 'p', 't', 'a', 'Z', ' ', 'é', '\ud800'), 0, 20].Select(s => (string?)s)),
        (3, Gen.Select(Gen.OneOf(Prices), Gen.OneOf("", "-20250101", "@20251399", "-latest", ":free", "/x", "models/", "/"), (p, end) => (string?)(p.Model + end))),
        (2, Gen.OneOf<string?>("openai", "azure", "a.b.c", "models/", "arn:aws:bedrock:", "us.", "us.anthropic.", "ft:", ".", "/", "//", "-latest", "@default", "-20250101")));

    [Fact]
    public void No_usage_of_no_model_crashes_or_costs_less_than_nothing() =>
        Gen.Select(Name, Name, Gen.Long[Instant.MinValue.Micros, Instant.MaxValue.Micros], AnyUsage, Count).Sample(call =>
        {
            var (provider, model, at, usage, given) = call;
            var cost = PriceBook.Default.Price(provider, model, new Instant(at), usage, given);
            return cost.NanoUsd is null == (cost.Source is CostSource.None) && cost.NanoUsd is not < 0 && cost.ComputedNanoUsd is not < 0;
        });

    [Fact]
    public void The_lines_add_up_to_the_cost() => Gen.Select(AnyPrice, AnyUsage).Sample((price, usage) =>
    {
        var sum = price.Explain(usage).Sum(line => line.NanoUsd);
        return (price.Charge(usage, out _) ?? 0) == decimal.Round(sum, MidpointRounding.ToEven);
    });

    [Fact]
    public void Any_token_more_never_costs_less() => Gen.Select(AnyPrice, Parts, Gen.Int[0, 11], Gen.Long[1, 300_000]).Sample((price, parts, at, more) =>
    {
        var before = price.Charge(Of(parts), out _);
        parts[at] += more;
        return price.Charge(Of(parts), out _) >= before;
    });

    [Fact]
    public void Without_tiers_two_calls_cost_what_they_cost_as_one() => Gen.Select(AnyPrice, Parts, Parts).Sample((price, a, b) =>
    {
        if (Tiered.Contains(price.Id))
        {
            return true;
        }

        var both = price.Charge(Of([.. a.Zip(b, (x, y) => x + y)]) with { Requests = 2 }, out _)!.Value;
        return Math.Abs(price.Charge(Of(a), out _)!.Value + price.Charge(Of(b), out _)!.Value - both) <= 1;
    });

    [Fact]
    public void A_token_is_charged_once() => Gen.Select(AnyPrice, Parts).Sample((price, parts) =>
    {
        var lines = price.Explain(Of(parts));
        var input = lines.Where(line => line.Class < CostClass.Output).Sum(line => line.Count);
        var output = lines.Where(line => line.Class is >= CostClass.Output and < CostClass.Requests).Sum(line => line.Count);
        return (input == 0 || input == parts[..7].Sum()) && (output == 0 || output == parts[7..].Sum());
    });

    [Fact]
    public void A_full_cache_changes_nothing()
    {
        var at = At("2026-11-24");
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Null(PriceBook.Default.Find("openai", $"model-{i}", at));
        }

        Assert.Equal("openai/gpt-4o", PriceBook.Default.Find("openai", "gpt-4o", at)?.Id);
    }

    private static Usage Of(long[] p) => new(p[..7].Sum(), p[7..].Sum(), p[1])
    {
        CacheWrite5m = p[2], CacheWrite1h = p[3], InputAudio = p[4], InputImage = p[5], InputVideo = p[6],
        Reasoning = p[8], OutputAudio = p[9], OutputImage = p[10], OutputVideo = p[11],
    };
}
