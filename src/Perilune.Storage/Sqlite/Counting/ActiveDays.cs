using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Storage.Sqlite.Read;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>
/// Who was active when, from the days of users that one file holds. A day that lies within one period tells by being there;
/// into others one has to look.
/// </summary>
internal sealed class ActiveDays(RunFileReader file, ActiveUsers into, IReadOnlyList<Instant> bounds)
{
    private readonly Dictionary<long, int> _numbers = [];
    private Dictionary<(long User, long Quarter), UserSums> _waiting = [];
    private HashSet<(long Day, long User)> _changing = [];

    /// <summary>Adds the quarters from one number to before another; where periods meet, a quarter begins.</summary>
    public void Add(long from, long to)
    {
        if (from >= to)
        {
            return;
        }

        _waiting = CountChange.WaitingUsers(file.Db).Where(use => use.Key.Quarter >= from && use.Key.Quarter < to).ToDictionary();
        _changing = [.. _waiting.Keys.Select(use => (CountCell.DayOf(use.Quarter), use.User))];
        var (first, last) = (CountCell.DayOf(from), CountCell.DayOf(to - 1));
        for (var day = first; day <= last; day++)
        {
            var (begin, end) = (day * Quarter.PerDay, (day + 1) * Quarter.PerDay);
            var (period, isWithin) = (PeriodOf(Math.Max(begin, from)), begin >= from && end <= to && PeriodOf(begin) == PeriodOf(end - 1));
            AddDay(day, from, to, isWithin ? period : null);
        }

        foreach (var ((user, quarter), sums) in _waiting)
        {
            if (sums != default)
            {
                into.Add(PeriodOf(quarter), Number(user));
            }
        }
    }

    /// <param name="day">Since 1970.</param>
    /// <param name="from">The first quarter that is asked for.</param>
    /// <param name="to">Where what is asked for ends.</param>
    /// <param name="period">The one that all of the day lies in; null when it lies in several, or not all of it is asked for.</param>
    private void AddDay(long day, long from, long to, int? period)
    {
        var row = file.Db.Prepare("SELECT user, data FROM user_day WHERE day = ?1").Bind(1, day);
        while (row.Step())
        {
            var user = row.Int64(0);
            if (period is { } whole && !_changing.Contains((day, user)))
            {
                into.Add(whole, Number(user));
                continue;
            }

            AddQuarters(row.Blob(1), day * Quarter.PerDay, user, from, to);
        }

        row.Reset();
    }

    private void AddQuarters(ReadOnlySpan<byte> data, long begin, long user, long from, long to)
    {
        for (var quarter = -1; UserDays.TryRead(ref data, ref quarter, out var sums);)
        {
            var number = begin + quarter;
            if (number < from || number >= to)
            {
                continue;
            }

            _waiting.Remove((user, number), out var change);
            if (sums.Plus(change) != default)
            {
                into.Add(PeriodOf(number), Number(user));
            }
        }
    }

    private int PeriodOf(long quarter) => SeriesSums.PeriodOf(bounds, new Quarter(quarter).Start);

    private int Number(long user)
    {
        if (!_numbers.TryGetValue(user, out var number))
        {
            _numbers[user] = number = into.NumberOf(file.Rows.Term(user));
        }

        return number;
    }
}
