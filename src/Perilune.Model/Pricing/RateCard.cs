using System.Numerics;

namespace Perilune.Model.Pricing;

/// <summary>Rates by class, in pico-USD per unit. A class without a rate of its own is charged as what it is part of.</summary>
internal sealed class RateCard
{
    private readonly uint _has;
    private readonly long[] _rates;

    public RateCard(IReadOnlyList<(CostClass Class, long Pico)> rates)
    {
        _rates = new long[rates.Count];
        foreach (var (c, _) in rates)
        {
            _has |= 1u << (int)c;
        }

        foreach (var (c, pico) in rates)
        {
            _rates[Place(c)] = pico;
        }
    }

    public bool Has(CostClass c) => (_has >> (int)c & 1) == 1;

    public long this[CostClass c] => _rates[Place(c)];

    /// <summary>Moves the units of classes without a rate into the class that they are charged as; drops those that are free.</summary>
    public void Fold(ref ClassCounts counts)
    {
        for (var c = CostClass.WebSearches; c >= CostClass.Input; c--)
        {
            if (counts[c] > 0 && !Has(c))
            {
                if (Parent(c) is { } parent)
                {
                    counts[parent] += counts[c];
                }

                counts[c] = 0;
            }
        }
    }

    /// <summary>The sum in pico-USD, of counts that were folded.</summary>
    public Int128 Total(in ClassCounts counts)
    {
        Int128 sum = 0;
        for (var rest = _has; rest != 0; rest &= rest - 1)
        {
            var c = (CostClass)BitOperations.TrailingZeroCount(rest);
            var product = Math.BigMul((ulong)counts[c], (ulong)this[c], out var low);
            sum += new Int128(product, low);
        }

        return sum;
    }

    private int Place(CostClass c) => BitOperations.PopCount(_has & ((1u << (int)c) - 1));

    private CostClass? Parent(CostClass c) => c switch
    {
        CostClass.CacheReadAudio => Has(CostClass.CacheRead) ? CostClass.CacheRead : CostClass.InputAudio,
        CostClass.CacheReadImage => Has(CostClass.CacheRead) ? CostClass.CacheRead : CostClass.InputImage,
        CostClass.CacheWrite1h => CostClass.CacheWrite,
        CostClass.CacheRead or CostClass.CacheWrite or CostClass.InputAudio or CostClass.InputImage or CostClass.InputVideo => CostClass.Input,
        CostClass.Reasoning or CostClass.OutputAudio or CostClass.OutputImage or CostClass.OutputVideo => CostClass.Output,
        _ => null,
    };
}
