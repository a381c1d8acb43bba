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
    private ILookup<long, long> _changing = Array.Empty<long>().ToLookup(day => day);

    /// <summary>Adds the quarters from one number to before another; where periods meet, a quarter begins.</summary>
    public void Add(long from, long to)
    {
        if (from >= to)
        {
            return;
        }

        _waiting = CountChange.WaitingUsers(file.Db).Where(use => use.Key.Quarter >= from && use.Key.Quarter < to).ToDictionary();
        _changing = _waiting.Keys.ToLookup(use => CountCell.DayOf(use.Quarter), use => use.User);
        var first = Math.Max(CountCell.DayOf(from), file.Db.ScalarInt64("SELECT coalesce(min(day), 0) FROM day_user"));
        var last = Math.Min(CountCell.DayOf(to - 1), file.Db.ScalarInt64("SELECT coalesce(max(day), -1) FROM day_user"));
        for (var day = first; day <= last; day++)
        {
            var (begin, end) = (day * Quarter.PerDay, (day + 1) * Quarter.PerDay);
            if (begin >= from && end <= to && PeriodOf(begin) == PeriodOf(end - 1))
            {
                AddDay(day, PeriodOf(begin));
            }
            else
            {
                AddQuarters(day, from, to);
            }
        }

        foreach (var ((user, quarter), sums) in _waiting)
        {
            if (sums != default)
            {
                into.Add(PeriodOf(quarter), Number(user));
            }
        }
    }

    /// <summary>A day that lies in one period: who is there was active, unless that is about to change.</summary>
    private void AddDay(long day, int period)
    {
        var changing = _changing[day].ToHashSet();
        var row = file.Db.Prepare("SELECT data FROM day_user WHERE day = ?1").Bind(1, day);
        while (row.Step())
        {
            var left = row.Blob(0);
            for (var user = 0L; DayUsers.TryRead(ref left, ref user);)
            {
                if (changing.Count == 0 || !changing.Contains(user))
                {
                    into.Add(period, Number(user));
                }
            }
        }

        row.Reset();
        row = file.Db.Prepare("SELECT data FROM user_day WHERE day = ?1 AND user = ?2").Bind(1, day);
        foreach (var user in changing)
        {
            row.Bind(2, user);
            if (row.Step())
            {
                AddQuarters(row.Blob(0), day * Quarter.PerDay, user, long.MinValue, long.MaxValue);
            }

            row.Reset();
        }
    }

    /// <summary>A day that periods share, or of which a part is asked for.</summary>
    private void AddQuarters(long day, long from, long to)
    {
        var row = file.Db.Prepare("SELECT user, data FROM user_day WHERE day = ?1").Bind(1, day);
        while (row.Step())
        {
            AddQuarters(row.Blob(1), day * Quarter.PerDay, row.Int64(0), from, to);
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
