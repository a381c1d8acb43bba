using Perilune.Model.Counting;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>
/// The rows of <c>rollup</c>: by what, and over how long. Hours and days repeat what the quarters say, so that a chart of
/// a month need not add up three thousand of them. Part of the file format.
/// </summary>
internal enum CountKind
{
    TypeHour = 1,
    TypeDay = 2,
    NameQuarter = 3,
    NameHour = 4,
    NameDay = 5,
    TagQuarter = 6,
    TagDay = 7,
    TemplateQuarter = 8,
    TemplateDay = 9,
    RuntimeQuarter = 10,
    RuntimeDay = 11,
    ThumbQuarter = 12,
    ThumbDay = 13,
    EnvironmentQuarter = 14,
    EnvironmentDay = 15,
}

internal static class CountKinds
{
    /// <summary>The rows that a facet's sums are kept in; types have no quarters of their own, which are those of their names added up.</summary>
    public static (CountKind Quarter, CountKind? Hour, CountKind Day) Of(Facet facet) => facet switch
    {
        Facet.Type => (CountKind.NameQuarter, CountKind.TypeHour, CountKind.TypeDay),
        Facet.Name => (CountKind.NameQuarter, CountKind.NameHour, CountKind.NameDay),
        Facet.Tag => (CountKind.TagQuarter, null, CountKind.TagDay),
        Facet.Template => (CountKind.TemplateQuarter, null, CountKind.TemplateDay),
        Facet.Runtime => (CountKind.RuntimeQuarter, null, CountKind.RuntimeDay),
        Facet.Environment => (CountKind.EnvironmentQuarter, null, CountKind.EnvironmentDay),
        Facet.Thumb => (CountKind.ThumbQuarter, null, CountKind.ThumbDay),
        _ => throw new ArgumentOutOfRangeException(nameof(facet)),
    };
}
