using System.Globalization;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Server.Features.Prices;

/// <summary>UTC days as people type them into a form.</summary>
internal static class PriceDays
{
    /// <summary>The span from the first day to the last, both of them in it; blank for no bound. Null when one is no day, or the last is before the first.</summary>
    public static PriceSpan? Parse(string? from, string? to) =>
        TryDay(from, out var first) && TryDay(to, out var last) && !(last < first) && last != DateOnly.MaxValue
            ? new PriceSpan(first is { } a ? Start(a) : null, last is { } b ? Start(b.AddDays(1)) : null)
            : null;

    /// <summary>False when the text is neither blank nor a day.</summary>
    public static bool TryDay(string? text, out DateOnly? day)
    {
        var isDay = DateOnly.TryParseExact(text?.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed);
        day = isDay ? parsed : null;
        return isDay || string.IsNullOrWhiteSpace(text);
    }

    public static Instant Start(DateOnly day) => Instant.From(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero));
}
