using Perilune.Model.Counting;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>One row of <c>rollup</c>.</summary>
/// <param name="First">The first quarter of an hour that it covers.</param>
/// <param name="Type">A term; 0 for none, and in rows that are not by type.</param>
/// <param name="Value">A term; 0 for none.</param>
internal readonly record struct CountCell(CountKind Kind, long First, long Type, long Value)
{
    /// <summary>The UTC day, and the quarter or hour of it that the row begins with: what rows are sorted by.</summary>
    public (long Day, long Part) Place
    {
        get
        {
            var day = DayOf(First);
            var part = First - (day * Quarter.PerDay);
            return (day, Kind is CountKind.TypeHour or CountKind.NameHour ? part / Quarter.PerHour : part);
        }
    }

    public static long DayOf(long quarter) => (long)Math.Floor(quarter / (double)Quarter.PerDay);

    /// <summary>The rows of hours and days that hold what this quarter holds.</summary>
    public IEnumerable<CountCell> Larger()
    {
        var (day, hour) = (DayOf(First) * Quarter.PerDay, First - (((First % Quarter.PerHour) + Quarter.PerHour) % Quarter.PerHour));
        return Kind switch
        {
            CountKind.NameQuarter =>
            [
                new(CountKind.TypeHour, hour, Type, 0), new(CountKind.TypeDay, day, Type, 0),
                new(CountKind.NameHour, hour, Type, Value), new(CountKind.NameDay, day, Type, Value),
            ],
            CountKind.TagQuarter => [this with { Kind = CountKind.TagDay, First = day }],
            CountKind.TemplateQuarter => [this with { Kind = CountKind.TemplateDay, First = day }],
            CountKind.RuntimeQuarter => [this with { Kind = CountKind.RuntimeDay, First = day }],
            CountKind.EnvironmentQuarter => [this with { Kind = CountKind.EnvironmentDay, First = day }],
            CountKind.ThumbQuarter => [this with { Kind = CountKind.ThumbDay, First = day }],
            _ => [],
        };
    }
}
