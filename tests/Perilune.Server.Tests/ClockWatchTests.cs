using Perilune.Server.Hosting;

namespace Perilune.Server.Tests;

public sealed class ClockWatchTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly Machine _machine = new();

    public ClockWatchTests() => File.Delete(_file);

    [Fact]
    public void A_clock_that_goes_on_as_time_does_is_trusted()
    {
        var watch = Start();

        Assert.True(watch.IsTrusted());
        Assert.All(Enumerable.Range(0, 100), _ =>
        {
            _machine.Pass(TimeSpan.FromHours(1));
            Assert.True(watch.IsTrusted());
        });
    }

    [Fact]
    public void One_that_leaps_ahead_is_doubted_for_a_day()
    {
        var watch = Start();
        Assert.True(watch.IsTrusted());
        _machine.Pass(TimeSpan.FromHours(1));
        _machine.Leap(TimeSpan.FromDays(20));

        Assert.Equal(Enumerable.Repeat(false, 24).Append(true), Enumerable.Range(0, 25).Select(_ =>
        {
            var isTrusted = watch.IsTrusted();
            _machine.Pass(TimeSpan.FromHours(1));
            return isTrusted;
        }));
    }

    [Fact]
    public void One_that_is_set_right_again_is_trusted_at_once()
    {
        var watch = Start();
        Assert.True(watch.IsTrusted());
        _machine.Leap(TimeSpan.FromDays(20));
        Assert.False(watch.IsTrusted());

        _machine.Leap(TimeSpan.FromDays(-20));

        Assert.True(watch.IsTrusted());
    }

    [Fact]
    public void One_that_goes_back_is_trusted()
    {
        var watch = Start();
        Assert.True(watch.IsTrusted());
        _machine.Leap(TimeSpan.FromDays(-400));
        Assert.True(watch.IsTrusted());
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(8, false)]
    public void A_machine_that_was_off_may_have_been_so_for_a_week(int days, bool isTrusted)
    {
        Assert.True(Start().IsTrusted());
        _machine.Leap(TimeSpan.FromDays(days));
        Assert.Equal(isTrusted, Start().IsTrusted());
    }

    [Fact]
    public void Doubt_ends_although_the_server_is_started_again_and_again()
    {
        Assert.True(Start().IsTrusted());
        _machine.Leap(TimeSpan.FromDays(90));

        Assert.Equal([false, false, false, true], Enumerable.Range(0, 4).Select(_ =>
        {
            var isTrusted = Start().IsTrusted();
            _machine.Leap(TimeSpan.FromHours(9));
            return isTrusted;
        }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    public void A_file_that_says_nothing_doubts_nothing(string text)
    {
        File.WriteAllText(_file, text);
        Assert.True(Start().IsTrusted());
    }

    public void Dispose() => File.Delete(_file);

    private ClockWatch Start() => new(_file, _machine);

    /// <summary>Its clock is one thing, and how much time passes another.</summary>
    private sealed class Machine : TimeProvider
    {
        private DateTimeOffset _clock = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
        private long _passed;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _clock;

        public override long GetTimestamp() => _passed;

        public void Pass(TimeSpan by) => (_clock, _passed) = (_clock + by, _passed + by.Ticks);

        public void Leap(TimeSpan by) => _clock += by;
    }
}
