namespace Perilune.Model;

/// <summary>Sums of tokens and of money that clients report, who may report anything: they end at <see cref="long.MaxValue"/>.</summary>
public static class Amounts
{
    /// <summary>The sum of the values that are known; null when none is.</summary>
    public static long? Sum(IEnumerable<long?> values)
    {
        Int128? sum = null;
        foreach (var value in values)
        {
            sum = value is null ? sum : (sum ?? 0) + value.Value;
        }

        return sum is { } known ? long.CreateSaturating(known) : null;
    }
}
