using System.Globalization;
using Perilune.Model.Counting;

namespace Perilune.Server.Features.Usage;

/// <summary>Runs of one project and type that were accepted on one UTC day.</summary>
internal sealed record UsageRow(DateOnly Day, Guid ProjectId, string Project, string Type, long Runs)
{
    public bool Counts => CountingRule.IsBillable(Type);
}

/// <summary>What the projects of an organization were sent in one month of UTC.</summary>
/// <param name="First">The first day of the month.</param>
/// <param name="Now">UTC.</param>
/// <param name="Allowance">Runs a month; null when there is none.</param>
internal sealed record UsageMonth(DateOnly First, DateTime Now, string Organization, IReadOnlyList<UsageRow> Rows, long? Allowance)
{
    public DateOnly Last => First.AddMonths(1).AddDays(-1);

    public bool IsCurrent => First.Year == Now.Year && First.Month == Now.Month;

    public string Name => First.ToString("MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>As addresses have it.</summary>
    public string Key => KeyOf(First);

    public long Counted => Rows.Where(row => row.Counts).Sum(row => row.Runs);

    public long Uncounted => Rows.Where(row => !row.Counts).Sum(row => row.Runs);

    /// <summary>What the month comes to when its rest goes as it went so far; null when too little of it is over to say.</summary>
    public long? Forecast
    {
        get
        {
            var gone = Now - First.ToDateTime(TimeOnly.MinValue);
            return IsCurrent && gone.TotalDays >= 1 ? (long)Math.Round(Counted / gone.TotalDays * Last.Day) : null;
        }
    }

    /// <summary>Share of the allowance that is used; null without one.</summary>
    public double? Used => Allowance is { } allowance ? Counted / (double)allowance : null;

    public bool WillExceed => Allowance is { } allowance && Counted <= allowance && Forecast > allowance;

    public static string KeyOf(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>The first day of a month such as <c>2026-11</c>; null for anything else.</summary>
    public static DateOnly? Parse(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) && month.Year is >= 2000 and <= 2100 ? month : null;
}
