namespace Perilune.Load;

internal sealed record Percentiles(int Count, double P50, double P90, double P95, double P99, double Max)
{
    public static Percentiles Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? new(0, 0, 0, 0, 0, 0)
            : new(sorted.Length, At(sorted, 0.5), At(sorted, 0.9), At(sorted, 0.95), At(sorted, 0.99), sorted[^1]);
    }

    public string Describe(string unit) => $"p50 {P50:0.00}, p90 {P90:0.00}, p95 {P95:0.00}, p99 {P99:0.00}, max {Max:0.00} {unit}";

    private static double At(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
}
