namespace Perilune.Model.Counting;

/// <summary>
/// A span of time cut into hours, days, weeks or months as a time zone's calendar has them. A day of a change to or from
/// daylight-saving time has 23 or 25 hours; the hour that comes twice is two periods.
/// </summary>
/// <param name="Bounds">Where each period begins, then where the last one ends; ascending. The first and last period may be cut short.</param>
public sealed record Periods(IReadOnlyList<Instant> Bounds, Granularity Granularity, TimeZoneInfo Zone)
{
    /// <summary>More periods than anybody can look at.</summary>
    public const int Most = 3000;

    private static readonly TimeSpan MostOffset = TimeSpan.FromHours(15);

    public int Count => Bounds.Count - 1;

    public Instant From => Bounds[0];

    public Instant To => Bounds[^1];

    /// <summary>Null when there would be more than <see cref="Most"/> periods, or none.</summary>
    public static Periods? Split(Instant from, Instant to, Granularity granularity, TimeZoneInfo zone)
    {
        if (to <= from)
        {
            return null;
        }

        var bounds = new List<Instant> { from };
        for (var at = from; ;)
        {
            at = NextStart(at, granularity, zone);
            if (at >= to)
            {
                bounds.Add(to);
                return new Periods(bounds, granularity, zone);
            }

            bounds.Add(at);
            if (bounds.Count > Most)
            {
                return null;
            }
        }
    }

    /// <summary>The whole span as one period.</summary>
    public static Periods Whole(Instant from, Instant to) => new([from, to], Granularity.Month, TimeZoneInfo.Utc);

    /// <summary>The beginning of the period that holds the instant.</summary>
    public static Instant StartOf(Instant time, Granularity granularity, TimeZoneInfo zone)
    {
        var local = Local(time, zone);
        return granularity switch
        {
            Granularity.Quarter => Quarter.Of(time).Start,
            Granularity.Hour => HourStart(time, local),
            Granularity.Day => Midnight(local.Date, zone),
            Granularity.Week => Midnight(Monday(local.Date), zone),
            Granularity.Month => Midnight(new DateTime(local.Year, local.Month, 1), zone),
            _ => throw new ArgumentOutOfRangeException(nameof(granularity)),
        };
    }

    /// <summary>The beginning of the period after the one that holds the instant.</summary>
    public static Instant NextStart(Instant time, Granularity granularity, TimeZoneInfo zone)
    {
        var local = Local(time, zone);
        return granularity switch
        {
            Granularity.Quarter => new Quarter(Quarter.Of(time).Number + 1).Start,
            Granularity.Hour => HourStart(time, local) + TimeSpan.FromHours(1),
            Granularity.Day => Midnight(local.Date.AddDays(1), zone),
            Granularity.Week => Midnight(Monday(local.Date).AddDays(7), zone),
            Granularity.Month => Midnight(new DateTime(local.Year, local.Month, 1).AddMonths(1), zone),
            _ => throw new ArgumentOutOfRangeException(nameof(granularity)),
        };
    }

    /// <summary>When a day begins: its midnight, or where clocks jump over that or show it twice, the first moment of the day or one after it.</summary>
    public static Instant Midnight(DateTime day, TimeZoneInfo zone)
    {
        var asUtc = Instant.From(new DateTimeOffset(day.Date, TimeSpan.Zero));
        var usual = asUtc + -zone.GetUtcOffset(asUtc.ToDateTimeOffset());
        if (IsReached(usual) && !IsReached(new Instant(usual.Micros - 1)))
        {
            return usual;
        }

        var quarter = Quarter.Of(asUtc + -MostOffset);
        while (!IsReached(quarter.Start))
        {
            quarter = new Quarter(quarter.Number + 1);
        }

        return quarter.Start;

        bool IsReached(Instant time) => Local(time, zone).Date >= day.Date;
    }

    public static DateTime Local(Instant time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time.ToDateTimeOffset(), zone).DateTime;

    private static Instant HourStart(Instant time, DateTime local) => new(time.Micros - (local.Ticks % TimeSpan.TicksPerHour / TimeSpan.TicksPerMicrosecond));

    private static DateTime Monday(DateTime day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
}
