namespace Perilune.Load.Traffic;

/// <summary>A small seeded generator: the same seed and stream give the same throws on every machine and runtime.</summary>
internal sealed class Dice(int seed, int stream)
{
    private ulong _state = Mix(((ulong)(uint)seed << 32) | (uint)stream);

    public double Next() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    public int Below(int limit) => (int)(Next() * limit);

    public bool Chance(double probability) => Next() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>Sizes and durations of real traffic: many small, few huge.</summary>
    public double LogNormal(double median, double sigma)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - Next())) * Math.Cos(2 * Math.PI * Next());
        return median * Math.Exp(sigma * normal);
    }

    public string Uuid()
    {
        var high = NextBits();
        var low = NextBits();
        return string.Create(
            null, stackalloc char[36],
            $"{high >> 32:x8}-{(high >> 16) & 0xffff:x4}-4{high & 0xfff:x3}-a{(low >> 48) & 0xfff:x3}-{low & 0xffff_ffff_ffff:x12}");
    }

    private ulong NextBits()
    {
        _state += 0x9e3779b97f4a7c15;
        return Mix(_state);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
