using System.Globalization;
using System.Text;

namespace Perilune.Server.Ui.Charts;

/// <summary>Where a chart's marks go: 10 wide per period, 100 high, 0 at the bottom.</summary>
internal static class ChartDrawing
{
    public const int Step = 10;

    /// <summary>The stack of bars of one period: class, top and height of each.</summary>
    public static IEnumerable<(string Color, string Y, string Height)> Stack(Chart chart, int period)
    {
        var (top, below) = (chart.Top, 0.0);
        foreach (var series in chart.Series)
        {
            var height = (series.Values[period] ?? 0) / top * 100;
            if (height > 0)
            {
                yield return (series.Color, Number(100 - below - height), Number(height));
                below += height;
            }
        }
    }

    /// <summary>The path of a line.</summary>
    public static string Path(Chart chart, ChartSeries series)
    {
        var path = new StringBuilder();
        var top = chart.Top;
        for (var i = 0; i < series.Values.Count; i++)
        {
            if (series.Values[i] is not { } value)
            {
                continue;
            }

            var isStart = i == 0 || series.Values[i - 1] is null;

            // A lone point is a line of no length, which is drawn as a dot.
            path.Append(isStart ? 'M' : 'L').Append(Number((i * Step) + (Step / 2.0))).Append(' ').Append(Number(100 - (value / top * 100))).Append(isStart ? "h.01" : "");
        }

        return path.ToString();
    }

    public static string Describe(Chart chart, int period)
    {
        var text = new StringBuilder(chart.Periods[period].Label);
        foreach (var series in chart.Series)
        {
            if (series.Values[period] is { } value && (value != 0 || chart.Series.Count == 1))
            {
                text.Append('\n').Append(series.Label).Append(": ").Append(chart.Format(value));
            }
        }

        return text.ToString();
    }

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
