using System.Diagnostics;

namespace PeriluneSdk.Recording;

internal static class SpanCost
{
    private const int Base = 1024;
    private const int PerTag = 64;

    /// <summary>Roughly the bytes that a span takes in memory until it is sent.</summary>
    public static int Of(Activity activity)
    {
        var cost = (long)Base;
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            cost += PerTag + (tag.Value is string text ? sizeof(char) * (long)text.Length : 0);
        }

        return (int)Math.Min(cost, int.MaxValue);
    }
}
