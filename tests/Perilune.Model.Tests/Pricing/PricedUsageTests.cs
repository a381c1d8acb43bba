using System.Globalization;
using Perilune.Model.Pricing;
using static Perilune.Model.Tests.Pricing.Shorthand;

namespace Perilune.Model.Tests.Pricing;

/// <summary>The calls of <c>priced-usage.txt</c>: by provider, model, class of tokens, tier and date.</summary>
public sealed class PricedUsageTests
{
    public static TheoryData<string, string, string, string, string, long> Calls
    {
        get
        {
            var calls = new TheoryData<string, string, string, string, string, long>();
            foreach (var line in Lines().Where(line => line.Length > 0 && line[0] != '#'))
            {
                if (line.Split(" | ") is not [var provider, var model, var at, var counts, var sum, var nanoUsd])
                {
                    throw new FormatException($"'{line}' has not six parts.");
                }

                calls.Add(provider, model, at, counts, sum, long.Parse(nanoUsd, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
            }

            return calls;
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void Costs_its_sum(string provider, string model, string at, string counts, string sum, long nanoUsd)
    {
        Assert.Equal(nanoUsd, sum.Split(" + ").Sum(Term));
        var usage = Counts(counts);
        var cost = PriceBook.Default.Price(provider, model, At(at), usage);
        Assert.Equal((nanoUsd, CostSource.Computed, CostNote.None), (cost.NanoUsd!.Value, cost.Source, cost.Note));
        Assert.Equal(nanoUsd, PriceBook.Default.Find(provider, model, At(at))!.Explain(usage).Sum(line => line.NanoUsd));
    }

    /// <summary>Nano-USD of <c>1,024 × $0.4/1M</c> or <c>2 × $10/1K</c>.</summary>
    private static decimal Term(string term)
    {
        var (times, dollar, slash) = (term.IndexOf(" × ", StringComparison.Ordinal), term.IndexOf('$', StringComparison.Ordinal), term.IndexOf('/', StringComparison.Ordinal));
        var units = decimal.Parse(term[..times], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        var rate = decimal.Parse(term[(dollar + 1)..slash], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return units * rate * (term[slash..] switch { "/1M" => 1_000, "/1K" => 1_000_000, _ => throw new FormatException(term) });
    }

    private static IEnumerable<string> Lines()
    {
        using var reader = new StreamReader(typeof(PricedUsageTests).Assembly.GetManifestResourceStream("priced-usage.txt")!);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
