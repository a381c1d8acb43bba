using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Model.Filtering;
using Perilune.Storage.Sqlite.Read;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>What one file knows of end users.</summary>
internal static class ReadUsers
{
    /// <summary>Adds who was active to each period.</summary>
    public static void AddActive(ActiveUsers into, RunFileReader file, IReadOnlyList<Instant> bounds, Filter filter)
    {
        var (from, to) = (Instant.Max(bounds[0], file.Since), bounds[^1]);
        if (from >= to)
        {
            return;
        }

        if (WholeQuartersOf(file, filter, bounds, from) is not { } whole)
        {
            AddRuns(from, to);
            return;
        }

        AddRuns(from, whole.Head.Start);
        new ActiveDays(file, into, bounds).Add(whole.Head.Number, whole.Tail.Number);
        AddRuns(whole.Tail.Start, to);

        void AddRuns(Instant begin, Instant end)
        {
            foreach (var (user, start, _) in Runs(file, filter, begin, end))
            {
                into.Add(SeriesSums.PeriodOf(bounds, start), into.NumberOf(user));
            }
        }
    }

    /// <summary>Adds what each user used within a span of time.</summary>
    public static void AddSums(Dictionary<string, UserSums> into, RunFileReader file, Filter filter, Instant from, Instant to)
    {
        if (filter is AndFilter { Items.Count: 0 } && IsAll(file, from, to))
        {
            AddTotals(into, file);
            return;
        }

        foreach (var (user, _, sums) in Uses(file, filter, [from, to]))
        {
            into[user] = into.GetValueOrDefault(user).Plus(sums);
        }
    }

    /// <summary>Adds what these users used in all.</summary>
    public static void AddSumsOf(Dictionary<string, UserSums> into, RunFileReader file, IEnumerable<string> users)
    {
        var isAll = IsAll(file, Instant.MinValue, Instant.MaxValue);
        var days = isAll ? [] : Days(file);
        var waiting = CountChange.WaitingUsers(file.Db).ToLookup(use => use.Key.User);
        foreach (var user in users)
        {
            if (Terms.Lookup(file.Db, user) is { } term)
            {
                into[user] = into.GetValueOrDefault(user).Plus(isAll ? TotalOf(file, term, waiting) : SumsOf(file, user, Instant.MinValue, Instant.MaxValue, days, waiting));
            }
        }
    }

    /// <summary>What one user used within a span of time.</summary>
    public static UserSums SumsOf(RunFileReader file, string user, Instant from, Instant to)
    {
        var waiting = CountChange.WaitingUsers(file.Db).ToLookup(use => use.Key.User);
        return !IsAll(file, from, to) ? SumsOf(file, user, from, to, Days(file), waiting)
            : Terms.Lookup(file.Db, user) is { } term ? TotalOf(file, term, waiting)
            : default;
    }

    // What is hidden from lists is in the totals.
    private static bool IsAll(RunFileReader file, Instant from, Instant to) =>
        from == Instant.MinValue && to == Instant.MaxValue && (file.Since == Instant.MinValue || (file.Starts() is { } starts && starts.First >= file.Since));

    private static UserSums TotalOf(RunFileReader file, long user, ILookup<long, KeyValuePair<(long User, long Quarter), UserSums>> waiting)
    {
        var row = file.Db.Prepare("SELECT data FROM user_total WHERE user = ?1").Bind(1, user);
        var total = row.Step() ? UserDays.ReadTotal(row.Blob(0)) : default;
        row.Reset();
        return waiting[user].Aggregate(total, static (sum, use) => sum.Plus(use.Value));
    }

    private static void AddTotals(Dictionary<string, UserSums> into, RunFileReader file)
    {
        var totals = CountChange.WaitingUsers(file.Db)
            .GroupBy(use => use.Key.User, use => use.Value)
            .ToDictionary(user => user.Key, user => user.Aggregate(static (sum, next) => sum.Plus(next)));
        var row = file.Db.Prepare("SELECT user, data FROM user_total");
        while (row.Step())
        {
            totals[row.Int64(0)] = totals.GetValueOrDefault(row.Int64(0)).Plus(UserDays.ReadTotal(row.Blob(1)));
        }

        row.Reset();
        foreach (var (term, sums) in totals.Where(user => user.Value != default))
        {
            var user = file.Rows.Term(term);
            into[user] = into.GetValueOrDefault(user).Plus(sums);
        }
    }

    private static UserSums SumsOf(
        RunFileReader file, string user, Instant from, Instant to, List<long> days, ILookup<long, KeyValuePair<(long User, long Quarter), UserSums>> waiting)
    {
        from = Instant.Max(from, file.Since);
        if (from >= to || Terms.Lookup(file.Db, user) is not { } term)
        {
            return default;
        }

        var (head, tail) = WholeQuarters.Between(file, from, to);
        if (head.CompareTo(tail) > 0)
        {
            return AtEdge(from, to);
        }

        return AtEdge(from, head.Start).Plus(Within(head.Number, tail.Number)).Plus(AtEdge(tail.Start, to));

        UserSums AtEdge(Instant begin, Instant end) => begin >= end ? default
            : Runs(file, Filter.All, begin, end).Where(run => run.User == user).Aggregate(default(UserSums), (sum, run) => sum.Plus(run.Sums));

        UserSums Within(long first, long end)
        {
            var total = waiting[term].Where(use => use.Key.Quarter >= first && use.Key.Quarter < end).Aggregate(default(UserSums), (sum, use) => sum.Plus(use.Value));
            var row = file.Db.Prepare("SELECT data FROM user_day WHERE day = ?1 AND user = ?2");
            foreach (var day in days.Where(day => day >= CountCell.DayOf(first) && day <= CountCell.DayOf(end)))
            {
                row.Bind(1, day).Bind(2, term);
                if (row.Step())
                {
                    var (quarter, begin) = (-1, day * Quarter.PerDay);
                    var rest = row.Blob(0);
                    while (UserDays.TryRead(ref rest, ref quarter, out var sums))
                    {
                        total = begin + quarter >= first && begin + quarter < end ? total.Plus(sums) : total;
                    }
                }

                row.Reset();
            }

            return total;
        }
    }

    /// <summary>Adds when each user was first and last seen.</summary>
    public static void AddSeen(Dictionary<string, (Instant First, Instant Last)> into, RunFileReader file)
    {
        var row = file.Db.Prepare("SELECT term, first, last FROM user");
        while (row.Step())
        {
            var (user, first, last) = (file.Rows.Term(row.Int64(0)), new Instant(row.Int64(1)), new Instant(row.Int64(2)));
            into[user] = into.TryGetValue(user, out var seen) ? (Instant.Min(seen.First, first), Instant.Max(seen.Last, last)) : (first, last);
        }

        row.Reset();
    }

    /// <summary>By quarters where those lie within the bounds, by runs at their edges and where a filter needs them.</summary>
    private static IEnumerable<(string User, Instant Start, UserSums Sums)> Uses(RunFileReader file, Filter filter, IReadOnlyList<Instant> bounds)
    {
        var (from, to) = (Instant.Max(bounds[0], file.Since), bounds[^1]);
        if (from >= to)
        {
            return [];
        }

        return WholeQuartersOf(file, filter, bounds, from) is not ({ } head, { } tail) ? Runs(file, filter, from, to)
            : Runs(file, filter, from, head.Start).Concat(Quarters(file, head.Number, tail.Number)).Concat(Runs(file, filter, tail.Start, to));
    }

    /// <summary>The quarters that answer for what lies between the bounds; null when runs have to.</summary>
    private static (Quarter Head, Quarter Tail)? WholeQuartersOf(RunFileReader file, Filter filter, IReadOnlyList<Instant> bounds, Instant from)
    {
        var (head, tail) = WholeQuarters.Between(file, from, bounds[^1]);
        return filter is AndFilter { Items.Count: 0 } && head.CompareTo(tail) <= 0 && bounds.Skip(1).SkipLast(1).All(Quarter.IsStart) ? (head, tail) : null;
    }

    private static IEnumerable<(string User, Instant Start, UserSums Sums)> Runs(RunFileReader file, Filter filter, Instant from, Instant to) =>
        CountedRows.Between(file, filter, from, to).Where(row => row.Run is { User: not null, IsRepeat: false }).Select(row => (row.Run.User!, row.Start, UserSums.Of(row.Run)));

    private static IEnumerable<(string User, Instant Start, UserSums Sums)> Quarters(RunFileReader file, long from, long to)
    {
        using var row = file.Db.PrepareOnce("SELECT day, user, data FROM user_day WHERE day >= ?1 AND day <= ?2");
        row.Bind(1, CountCell.DayOf(from)).Bind(2, CountCell.DayOf(to - 1));
        var found = new List<(long Quarter, UserSums Sums)>();
        var waiting = CountChange.WaitingUsers(file.Db).Where(use => use.Key.Quarter >= from && use.Key.Quarter < to).ToDictionary();
        while (row.Step())
        {
            var (quarter, begin) = (-1, row.Int64(0) * Quarter.PerDay);
            var rest = row.Blob(2);
            found.Clear();
            while (UserDays.TryRead(ref rest, ref quarter, out var sums))
            {
                if (begin + quarter >= from && begin + quarter < to)
                {
                    waiting.Remove((row.Int64(1), begin + quarter), out var change);
                    found.Add((begin + quarter, sums.Plus(change)));
                }
            }

            var user = file.Rows.Term(row.Int64(1));
            foreach (var (number, sums) in found)
            {
                if (sums != default)
                {
                    yield return (user, new Quarter(number).Start, sums);
                }
            }
        }

        foreach (var ((user, quarter), sums) in waiting)
        {
            if (sums != default)
            {
                yield return (file.Rows.Term(user), new Quarter(quarter).Start, sums);
            }
        }
    }

    private static List<long> Days(RunFileReader file)
    {
        var days = new List<long>();
        var next = file.Db.Prepare("SELECT min(day) FROM user_day WHERE day > ?1");
        for (var last = long.MinValue; ; days.Add(last))
        {
            next.Bind(1, last);
            var found = next.Step() && !next.IsNull(0);
            last = found ? next.Int64(0) : last;
            next.Reset();
            if (!found)
            {
                return days;
            }
        }
    }
}
