using CsCheck;
using Perilune.Model.Counting;

namespace Perilune.Model.Tests.Counting;

public sealed class PeriodsTests
{
    // Whole and broken offsets, changes by an hour and by half of one, at midnight, and on other days than elsewhere.
    private static readonly string[] Zones =
    [
        "UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Beirut",
        "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Apia", "America/St_Johns", "Africa/Casablanca", "America/Havana",
    ];

    private static readonly Gen<TimeZoneInfo> AnyZone = Gen.Int[0, Zones.Length - 1].Select(i => TimeZoneInfo.FindSystemTimeZoneById(Zones[i]));
    private static readonly Gen<Instant> AnyTime = Gen.Long[1_356_998_400, 1_893_456_000].Select(seconds => new Instant(seconds * 1_000_000));
    private static readonly Gen<Granularity> AnyGranularity = Gen.Int[0, 4].Select(i => (Granularity)i);

    [Fact]
    public void Every_moment_is_in_the_period_that_the_calendar_of_its_zone_says() =>
        Gen.Select(AnyTime, AnyTime, AnyGranularity, AnyZone).Sample((a, b, granularity, zone) =>
        {
            var (from, length) = (Instant.Min(a, b), Instant.Max(a, b) - Instant.Min(a, b));
            var to = from + TimeSpan.FromTicks(Math.Min(length.Ticks, TimeSpan.FromDays(granularity > Granularity.Hour ? 800 : 20).Ticks) + 1);
            var periods = Periods.Split(from, to, granularity, zone)!;
            Assert.Equal((from, to), (periods.From, periods.To));
            for (var i = 0; i < periods.Count; i++)
            {
                var (start, end) = (periods.Bounds[i], periods.Bounds[i + 1]);
                Assert.True(start < end);
                Assert.Equal(Label(start, granularity, zone), Label(new Instant(end.Micros - 1), granularity, zone));
                Assert.True(i == 0 || Quarter.IsStart(start), $"{start} in {zone.Id}");
                Assert.True(i == periods.Count - 1 || granularity <= Granularity.Hour || Label(end, granularity, zone) != Label(start, granularity, zone));
            }
        });

    [Theory]
    [InlineData("Europe/Berlin", 2026, 3, 29, 23)]
    [InlineData("Europe/Berlin", 2026, 10, 25, 25)]
    [InlineData("Asia/Beirut", 2025, 3, 30, 23)]
    [InlineData("America/Havana", 2025, 11, 2, 25)]
    [InlineData("Australia/Lord_Howe", 2026, 4, 5, 24.5)]
    [InlineData("Asia/Kathmandu", 2026, 3, 29, 24)]
    [InlineData("Pacific/Apia", 2011, 12, 29, 24)]
    public void Days_are_as_long_as_clocks_make_them(string zoneId, int year, int month, int day, double hours)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneId);
        var start = Periods.Midnight(new DateTime(year, month, day), zone);
        var end = Periods.NextStart(start, Granularity.Day, zone);
        Assert.Equal(hours, (end - start).TotalHours);
        Assert.Equal(start, Periods.StartOf(new Instant(end.Micros - 1), Granularity.Day, zone));
        Assert.Equal(start, Periods.StartOf(start, Granularity.Day, zone));
    }

    [Fact]
    public void The_hour_that_comes_twice_is_two_periods()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var start = Periods.Midnight(new DateTime(2026, 10, 25), zone);
        Assert.Equal(25, Periods.Split(start, Periods.NextStart(start, Granularity.Day, zone), Granularity.Hour, zone)!.Count);
    }

    [Fact]
    public void Too_many_periods_are_none() =>
        Assert.Null(Periods.Split(new Instant(0), new Instant(0) + TimeSpan.FromDays(400), Granularity.Hour, TimeZoneInfo.Utc));

    private static DateTime Label(Instant time, Granularity granularity, TimeZoneInfo zone)
    {
        var local = Periods.Local(time, zone);
        return granularity switch
        {
            Granularity.Quarter => local.Date.AddHours(local.Hour).AddMinutes(local.Minute / 15 * 15),
            Granularity.Hour => local.Date.AddHours(local.Hour),
            Granularity.Day => local.Date,
            Granularity.Week => local.Date.AddDays(-(((int)local.DayOfWeek + 6) % 7)),
            _ => new DateTime(local.Year, local.Month, 1),
        };
    }
}
