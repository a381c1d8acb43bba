namespace Perilune.Server.Ui.Charts;

public enum ChartShape
{
    /// <summary>Series on top of each other: parts of a whole.</summary>
    Bars,

    /// <summary>A line for each series; it breaks where there is no value.</summary>
    Lines,
}

/// <summary>A chart over periods of time.</summary>
/// <param name="Format">Writes a value as people read it.</param>
public sealed record Chart(string Title, ChartShape Shape, IReadOnlyList<ChartPeriod> Periods, IReadOnlyList<ChartSeries> Series, Func<double, string> Format)
{
    /// <summary>What the chart says in one number.</summary>
    public string? Headline { get; init; }

    public string? Note { get; init; }

    public bool IsEmpty => Series.All(s => s.Values.All(v => v is null or 0));

    private static readonly double[] s_steps = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

    /// <summary>Where the scale ends: the least round number that nothing exceeds.</summary>
    public double Top
    {
        get
        {
            var greatest = Shape == ChartShape.Bars
                ? Enumerable.Range(0, Periods.Count).Select(i => Series.Sum(s => s.Values[i] ?? 0)).DefaultIfEmpty().Max()
                : Series.SelectMany(s => s.Values).Max() ?? 0;
            if (greatest <= 0)
            {
                return 1;
            }

            var unit = Math.Pow(10, Math.Floor(Math.Log10(greatest)));
            return unit * s_steps.First(step => greatest <= step * unit || step == s_steps[^1]);
        }
    }
}

/// <param name="Label">Such as <c>Thu, Nov 26</c>.</param>
/// <param name="Url">What the period holds; null when there is nothing to show.</param>
public sealed record ChartPeriod(string Label, string? Url);

/// <param name="Color">A class that sets <c>color</c>.</param>
public sealed record ChartSeries(string Label, string Color, IReadOnlyList<double?> Values);
