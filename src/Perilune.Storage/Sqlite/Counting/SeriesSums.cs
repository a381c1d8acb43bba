using Perilune.Model;
using Perilune.Model.Counting;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>The answer to an analytics question as it is put together, file by file.</summary>
internal sealed class SeriesSums(IReadOnlyList<Instant> bounds)
{
    private readonly Dictionary<FacetKey, RunSums?[]> _series = [];

    public RunSums?[] Of(FacetKey key)
    {
        if (!_series.TryGetValue(key, out var periods))
        {
            _series[key] = periods = new RunSums?[bounds.Count - 1];
        }

        return periods;
    }

    public void Add(CountedRun run, Instant start, Facet by)
    {
        var period = PeriodOf(bounds, start);
        foreach (var key in FacetKey.Of(run, by))
        {
            (Of(key)[period] ??= new RunSums()).Add(run);
        }
    }

    public IReadOnlyList<AnalyticsSeries> ToSeries()
    {
        DropNothings();
        return [.. _series.Where(s => Array.Exists(s.Value, p => p is not null)).Select(s => new AnalyticsSeries(s.Key, s.Value))];
    }

    /// <summary>The period that holds a time within the bounds.</summary>
    public static int PeriodOf(IReadOnlyList<Instant> bounds, Instant time)
    {
        var (low, high) = (0, bounds.Count - 2);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = bounds[middle] <= time ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    // What was taken out of sums may have been added by other rows.
    private void DropNothings()
    {
        foreach (var periods in _series.Values)
        {
            for (var i = 0; i < periods.Length; i++)
            {
                periods[i] = periods[i] is { IsNothing: false } sums ? sums : null;
            }
        }
    }
}
