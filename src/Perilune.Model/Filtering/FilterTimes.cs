using System.Globalization;
using System.Text.RegularExpressions;

namespace Perilune.Model.Filtering;

/// <summary>Reads times: <c>2026-11-01</c>, <c>2026-11-01T10:30+01:00</c>, <c>-24h</c>, <c>today</c>. UTC unless the text says otherwise.</summary>
internal static partial class FilterTimes
{
    private static readonly (string Format, Func<DateTimeOffset, DateTimeOffset>? Next)[] Formats =
    [
        ("yyyy", time => time.AddYears(1)),
        ("yyyy-MM", time => time.AddMonths(1)),
        ("yyyy-MM-dd", time => time.AddDays(1)),
        ("yyyy-MM-ddTHH:mmK", time => time.AddMinutes(1)),
        ("yyyy-MM-ddTHH:mm:ssK", time => time.AddSeconds(1)),
        ("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", null),
    ];

    /// <summary>The moment, or the first one and that after the last of what the text names; null when it names no time.</summary>
    public static (Instant From, Instant? Until)? Parse(string text, Instant now)
    {
        var today = Instant.From(new DateTimeOffset(now.ToDateTimeOffset().Date, TimeSpan.Zero));
        switch (text.ToLowerInvariant())
        {
            case "now":
                return (now, null);
            case "today":
                return (today, Shift(today, TimeSpan.FromDays(1)));
            case "yesterday":
                return (Shift(today, TimeSpan.FromDays(-1)), today);
        }

        if (Distance().Match(text) is { Success: true } match)
        {
            var unit = match.Groups["unit"].Value switch
            {
                "s" => TimeSpan.FromSeconds(1),
                "m" or "min" => TimeSpan.FromMinutes(1),
                "h" => TimeSpan.FromHours(1),
                "d" => TimeSpan.FromDays(1),
                _ => TimeSpan.FromDays(7),
            };
            return (Shift(now, -unit * int.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture)), null);
        }

        var written = text.Replace(' ', 'T');
        foreach (var (format, next) in Formats)
        {
            if (DateTimeOffset.TryParseExact(written, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                return (Instant.From(time), next is null ? null : End(time, next));
            }
        }

        return null;
    }

    private static Instant End(DateTimeOffset time, Func<DateTimeOffset, DateTimeOffset> next)
    {
        try
        {
            return Instant.From(next(time));
        }
        catch (ArgumentOutOfRangeException)
        {
            return Instant.MaxValue;
        }
    }

    private static Instant Shift(Instant time, TimeSpan by) =>
        Instant.Min(Instant.MaxValue, Instant.Max(Instant.MinValue, time + by));

    [GeneratedRegex("^-(?<count>[0-9]{1,6})(?<unit>s|m|min|h|d|w)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Distance();
}
