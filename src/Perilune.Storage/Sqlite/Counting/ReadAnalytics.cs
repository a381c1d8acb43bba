using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Storage.Sqlite.Read;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>Adds what one file has to an analytics question: from its sums as far as they go, from its runs where they do not.</summary>
internal sealed class ReadAnalytics
{
    private readonly RunFileReader _file;
    private readonly AnalyticsQuery _query;
    private readonly SeriesSums _into;
    private readonly Dictionary<(long Type, long Value), RunSums?[]?> _known = [];
    private readonly (CountKind Quarter, CountKind? Hour, CountKind Day) _kinds;
    private readonly List<(long From, long To, int Period)> _summed = [];

    private ReadAnalytics(RunFileReader file, AnalyticsQuery query, SeriesSums into)
    {
        (_file, _query, _into) = (file, query, into);
        _kinds = CountKinds.Of(query.By is Facet.Type && KeyFilter.ReadsNames(query.Filter) ? Facet.Name : query.By);
    }

    /// <summary>Adds to the sums of each question.</summary>
    public static void AddTo(IReadOnlyList<(AnalyticsQuery Query, SeriesSums Into)> questions, RunFileReader file)
    {
        var readers = new List<ReadAnalytics>(questions.Count);
        foreach (var (query, into) in questions)
        {
            if (KeyFilter.CanAnswer(query.Filter, query.By))
            {
                readers.Add(new ReadAnalytics(file, query, into));
            }
            else
            {
                Scan(into, file, query, query.Bounds[0], query.Bounds[^1]);
            }
        }

        readers.ForEach(reader => reader.AddRows());
        if (readers.Count > 0)
        {
            CountChange.ReadWaitingSums(file.Db, AddWaiting);
        }

        void AddWaiting(CountCell cell, ref ReadOnlySpan<byte> left)
        {
            var sums = left;
            var isRead = false;
            foreach (var reader in readers)
            {
                if (reader.SumsOf(cell) is { } into)
                {
                    left = sums;
                    isRead = true;
                    CountChange.ReadSums(ref left, into);
                }
            }

            if (!isRead)
            {
                CountChange.SkipSums(ref left);
            }
        }
    }

    /// <summary>The sums that a cell which waits adds to; null when it is not asked for.</summary>
    private RunSums? SumsOf(CountCell cell)
    {
        if (cell.Kind != _kinds.Quarter)
        {
            return null;
        }

        foreach (var (from, to, period) in _summed)
        {
            if (cell.First >= from && cell.First < to)
            {
                return Periods(cell.Type, cell.Value) is { } periods ? periods[period] ??= new RunSums() : null;
            }
        }

        return null;
    }

    private void AddRows()
    {
        var (first, last) = (_file.Db.ScalarInt64("SELECT min(day) FROM rollup") * Quarter.PerDay, (_file.Db.ScalarInt64("SELECT max(day) FROM rollup") + 1) * Quarter.PerDay);
        for (var period = 0; period < _query.Bounds.Count - 1; period++)
        {
            var (from, to) = (Instant.Max(_query.Bounds[period], _file.Since), _query.Bounds[period + 1]);
            if (from >= to)
            {
                continue;
            }

            var (head, tail) = WholeQuarters.Between(_file, from, to);
            if (head.CompareTo(tail) > 0)
            {
                Scan(_into, _file, _query, from, to);
                continue;
            }

            Scan(_into, _file, _query, from, head.Start);
            Scan(_into, _file, _query, tail.Start, to);
            Sum(Math.Max(first, head.Number), Math.Min(last, tail.Number), period);
            _summed.Add((head.Number, tail.Number, period));
        }
    }

    private static void Scan(SeriesSums into, RunFileReader file, AnalyticsQuery query, Instant from, Instant to)
    {
        if (from < to)
        {
            foreach (var (start, run) in CountedRows.Between(file, query.Filter, from, to))
            {
                into.Add(run, start, query.By);
            }
        }
    }

    /// <summary>Adds the quarters of a period, whole days and hours at once where they lie within it.</summary>
    private void Sum(long from, long to, int period)
    {
        for (var at = from; at < to;)
        {
            var day = CountCell.DayOf(at);
            var (begin, end) = (day * Quarter.PerDay, Math.Min(to, (day + 1) * Quarter.PerDay));
            var (part, last) = (at - begin, end - begin);
            at = end;
            if (part == 0 && last == Quarter.PerDay)
            {
                Read(_kinds.Day, day, 0, 1, period);
                continue;
            }

            var (firstHour, lastHour) = ((part + Quarter.PerHour - 1) / Quarter.PerHour, last / Quarter.PerHour);
            if (_kinds.Hour is not { } hours || firstHour >= lastHour)
            {
                Read(_kinds.Quarter, day, part, last, period);
                continue;
            }

            Read(_kinds.Quarter, day, part, firstHour * Quarter.PerHour, period);
            Read(hours, day, firstHour, lastHour, period);
            Read(_kinds.Quarter, day, lastHour * Quarter.PerHour, last, period);
        }
    }

    private void Read(CountKind kind, long day, long from, long to, int period)
    {
        if (from >= to)
        {
            return;
        }

        var row = _file.Db.Prepare("SELECT type, value, data FROM rollup WHERE day = ?1 AND kind = ?2 AND part >= ?3 AND part < ?4")
            .Bind(1, day).Bind(2, (long)kind).Bind(3, from).Bind(4, to);
        while (row.Step())
        {
            if (Periods(row.Int64(0), row.Int64(1)) is { } periods)
            {
                SumsCodec.AddTo(periods[period] ??= new RunSums(), row.Blob(2));
            }
        }

        row.Reset();
    }

    /// <summary>The sums that a row belongs to; null when the filter leaves it out.</summary>
    private RunSums?[]? Periods(long type, long value)
    {
        if (!_known.TryGetValue((type, value), out var periods))
        {
            var (typeName, valueName) = (type == 0 ? "" : _file.Rows.Term(type), value == 0 ? null : _file.Rows.Term(value));
            var isByType = _query.By is Facet.Type or Facet.Name;
            _known[(type, value)] = periods = isByType && !KeyFilter.Matches(_query.Filter, typeName, valueName)
                ? null
                : _into.Of(new FacetKey(isByType ? typeName : null, _query.By is Facet.Type ? null : valueName));
        }

        return periods;
    }
}
