using System.Numerics;

namespace Perilune.Model.Counting;

/// <summary>
/// The fixed buckets that durations are counted in: 16 to each doubling, from a microsecond to 12 days, so that a bucket
/// is at most 6.25 % wide. Percentiles are defined on them, which makes them sums like everything else: they merge over
/// periods and files, and a recount gives the same number.
/// </summary>
public static class DurationScale
{
    private const int Bits = 4;
    private const int PerDoubling = 1 << Bits;
    private const long Greatest = (1L << 40) - 1;

    /// <summary>How many buckets there are.</summary>
    public static readonly int Count = IndexOf(Greatest) + 1;

    /// <summary>The bucket of a duration in microseconds; negative ones count as none, those above 12 days as 12 days.</summary>
    public static int IndexOf(long micros)
    {
        var value = Math.Clamp(micros, 0, Greatest);
        if (value < PerDoubling)
        {
            return (int)value;
        }

        var shift = BitOperations.Log2((ulong)value) - Bits;
        return ((shift + 1) << Bits) + (int)((value >> shift) & (PerDoubling - 1));
    }

    /// <summary>Least number of microseconds in a bucket; that of the bucket after is where it ends.</summary>
    public static long Start(int index) => index < PerDoubling
        ? index
        : (long)(PerDoubling + (index & (PerDoubling - 1))) << ((index >> Bits) - 1);
}
