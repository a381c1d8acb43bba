namespace Perilune.Server.Demo;

/// <summary>What happened in the demo's month: more on workdays and by day, and from one day on, the assistant knows a new word.</summary>
internal sealed class DemoStory
{
    private readonly DateTimeOffset _now;
    private readonly int _days;
    private readonly Random _random = new(20261101);
    private readonly DemoRuns _runs = new();
    private readonly DemoSupport _support;
    private readonly DemoWorkers _workers;

    public DemoStory(DateTimeOffset now, int days, DemoVersions prompts)
    {
        (_now, _days) = (now, days);
        _support = new DemoSupport(_runs, _random, prompts);
        _workers = new DemoWorkers(_runs, _random, prompts);
    }

    public DateTimeOffset Begin => _now.AddDays(-_days);

    /// <summary>All that was sent, in the order of its time.</summary>
    public IReadOnlyList<DemoEvent> Tell()
    {
        for (var day = 0; day < _days; day++)
        {
            TellDay(day);
        }

        var last = _now.AddMinutes(-2);
        _workers.Plan("latest", last, 0.99, DemoPerson.All[3], isRunning: true);
        return [.. _runs.Events.Where(e => e.At <= _now).OrderBy(e => e.At)];
    }

    private void TellDay(int day)
    {
        var begin = Begin.AddDays(day);
        var isQuiet = begin.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        var part = (double)day / _days;
        var knowsPhrase = day >= _days / 3;
        for (var i = 0; i < (isQuiet ? 3 : 8); i++)
        {
            _support.Thread($"{4_100 + (day * 10) + i}", Moment(begin), part, Person(), knowsPhrase && i == 0 && (day == _days / 3 || _random.Next(3) == 0));
        }

        for (var i = 0; i < (isQuiet ? 2 : 5); i++)
        {
            _workers.Answer($"{day}.{i}", Moment(begin), part, Person());
        }

        for (var i = 0; i < (isQuiet ? 0 : 2); i++)
        {
            _workers.Plan($"{day}.{i}", Moment(begin), part, Person());
        }

        for (var i = 0; i < (isQuiet ? 1 : 4); i++)
        {
            _workers.Extract($"{day}.{i}", Moment(begin), Person());
        }

        _workers.Digest($"{day}", begin.AddHours(3));
    }

    private DemoPerson Person() => DemoPerson.All[(int)(DemoPerson.All.Count * Math.Pow(_random.NextDouble(), 1.6))];

    /// <summary>A time of the day that is more likely by day than by night.</summary>
    private DateTimeOffset Moment(DateTimeOffset begin)
    {
        for (var tries = 0; ; tries++)
        {
            var at = begin.AddSeconds(_random.Next(86_400));
            if (tries == 4 || at.Hour is >= 7 and < 19)
            {
                return at;
            }
        }
    }
}
