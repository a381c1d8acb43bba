namespace Perilune.Model.Filtering;

/// <summary>
/// From the units of a <see cref="FilterValue"/> to those runs are stored in, rounded to the nearest, so that every
/// store compares the same integers.
/// </summary>
public static class FilterUnits
{
    /// <summary>Seconds to whole microseconds.</summary>
    public static long ToMicros(double seconds) => Round(seconds * 1e6);

    /// <summary>USD to whole nano-USD.</summary>
    public static long ToNanoUsd(double usd) => Round(usd * 1e9);

    // A conversion of a double beyond the range of long saturates.
    private static long Round(double value) => (long)Math.Round(value);
}
