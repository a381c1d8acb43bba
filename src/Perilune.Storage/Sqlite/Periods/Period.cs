using System.Globalization;
using Perilune.Model;

namespace Perilune.Storage.Sqlite.Periods;

/// <summary>The days whose new runs one run file takes, in UTC: from <paramref name="From"/>, before <paramref name="Until"/>.</summary>
internal readonly record struct Period(DateOnly From, DateOnly Until) : IComparable<Period>
{
    private const string Prefix = "runs-";
    private const string Suffix = ".db";
    private const string MonthForm = "yyyy-MM";
    private const string DayForm = "yyyy-MM-dd";

    /// <summary><c>runs-2026-11.db</c> for a month, <c>runs-2026-11-23.db</c> for the week that begins on that Monday.</summary>
    public string FileName => Prefix + From.ToString(From.AddMonths(1) == Until ? MonthForm : DayForm, CultureInfo.InvariantCulture) + Suffix;

    public static Period MonthOf(Instant time)
    {
        var day = DayOf(time);
        var first = new DateOnly(day.Year, day.Month, 1);
        return new Period(first, first.AddMonths(1));
    }

    public static Period WeekOf(Instant time)
    {
        var day = DayOf(time);
        var monday = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
        return new Period(monday, monday.AddDays(7));
    }

    public static bool TryParse(string fileName, out Period period)
    {
        period = default;
        if (!fileName.StartsWith(Prefix, StringComparison.Ordinal) || !fileName.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return false;
        }

        var name = fileName.AsSpan(Prefix.Length, fileName.Length - Prefix.Length - Suffix.Length);
        if (DateOnly.TryParseExact(name, MonthForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var month))
        {
            period = new Period(month, month.AddMonths(1));
        }
        else if (DateOnly.TryParseExact(name, DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            period = new Period(day, day.AddDays(7));
        }

        return period != default;
    }

    public bool Contains(Instant time) => DayOf(time) is var day && day >= From && day < Until;

    /// <summary>By the beginning; of two that begin together, the week before the month.</summary>
    public int CompareTo(Period other) => From != other.From ? From.CompareTo(other.From) : Until.CompareTo(other.Until);

    public static bool operator <(Period left, Period right) => left.CompareTo(right) < 0;

    public static bool operator >(Period left, Period right) => left.CompareTo(right) > 0;

    public static bool operator <=(Period left, Period right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Period left, Period right) => left.CompareTo(right) >= 0;

    private static DateOnly DayOf(Instant time) => DateOnly.FromDateTime(time.ToDateTimeOffset().UtcDateTime);
}
