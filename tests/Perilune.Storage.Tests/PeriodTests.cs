using CsCheck;
using Perilune.Model;
using Perilune.Storage.Sqlite.Periods;

namespace Perilune.Storage.Tests;

public sealed class PeriodTests
{
    private static readonly Gen<Instant> Times = Gen.Long[Instant.MinValue.Micros, Instant.MaxValue.Micros - (40L * 86_400_000_000)].Select(micros => new Instant(micros));

    [Fact]
    public void A_period_holds_its_times_and_is_what_its_file_is_called() => Times.Sample(time =>
    {
        foreach (var period in new[] { Period.MonthOf(time), Period.WeekOf(time) })
        {
            Assert.True(period.Contains(time));
            Assert.True(Period.TryParse(period.FileName, out var parsed));
            Assert.Equal(period, parsed);
        }
    });

    [Theory]
    [InlineData("2026-11-30T23:59:59Z", "runs-2026-11.db", "runs-2026-11-30.db")]
    [InlineData("2026-12-06T23:59:59Z", "runs-2026-12.db", "runs-2026-11-30.db")]
    [InlineData("2024-02-29T00:00:00Z", "runs-2024-02.db", "runs-2024-02-26.db")]
    public void Months_and_weeks_are_those_of_the_calendar(string time, string month, string week)
    {
        var instant = Instant.From(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal((month, week), (Period.MonthOf(instant).FileName, Period.WeekOf(instant).FileName));
    }

    [Theory]
    [InlineData("runs.db")]
    [InlineData("runs-2026-11.text.db")]
    [InlineData("runs-2026-13.db")]
    [InlineData("runs-2026-11.db-wal")]
    [InlineData("project.db")]
    public void Other_files_are_no_run_files(string name) => Assert.False(Period.TryParse(name, out _));

    [Fact]
    public void A_filter_forgets_no_id_and_mistakes_few()
    {
        var filter = new IdFilter(10_000);
        var ids = Enumerable.Range(0, 20_000).Select(i => RunId.FromClient($"run {i}")).ToList();
        ids.Take(10_000).ToList().ForEach(filter.Add);

        Assert.All(ids.Take(10_000), id => Assert.True(filter.MayContain(id)));
        Assert.InRange(ids.Skip(10_000).Count(filter.MayContain), 0, 200);
        Assert.False(filter.IsFull);
    }
}
