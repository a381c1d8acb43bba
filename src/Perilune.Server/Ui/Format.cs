using System.Globalization;
using Perilune.Model;

namespace Perilune.Server.Ui;

/// <summary>Numbers as people read them; an unknown value is an em dash, never a zero.</summary>
internal static class Format
{
    public const string Unknown = "–";

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Tokens(long? value) => value switch
    {
        null => Unknown,
        < 100_000 => Count(value.Value),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{value.Value / 1e3:0}k"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value.Value / 1e6:0.0}M"),
    };

    /// <param name="nanoUsd">Nano-USD.</param>
    public static string Money(long? nanoUsd)
    {
        if (nanoUsd is not { } nano)
        {
            return Unknown;
        }

        var usd = nano / 1e9m;
        var format = Math.Abs(usd) switch
        {
            0 => "$0",
            < 0.0001m => "$0.0000000",
            < 0.01m => "$0.00000",
            < 1 => "$0.0000",
            _ => "$#,##0.00",
        };
        return usd.ToString(format, CultureInfo.InvariantCulture);
    }

    public static string Duration(TimeSpan? duration)
    {
        if (duration is not { } value)
        {
            return Unknown;
        }

        return value.TotalMilliseconds switch
        {
            < 0 => Unknown,
            < 1 => string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds:0.##} ms"),
            < 999.5 => string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds:0} ms"),
            < 9_995 => string.Create(CultureInfo.InvariantCulture, $"{value.TotalSeconds:0.00} s"),
            < 59_950 => string.Create(CultureInfo.InvariantCulture, $"{value.TotalSeconds:0.0} s"),
            < 3_600_000 => string.Create(CultureInfo.InvariantCulture, $"{(int)value.TotalMinutes}m {value.Seconds:00}s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(long)value.TotalHours}h {value.Minutes:00}m"),
        };
    }

    /// <summary>How long ago within a day, else the date.</summary>
    public static string When(Instant time, Instant now)
    {
        var age = now - time;
        var moment = time.ToDateTimeOffset();
        return age.TotalSeconds switch
        {
            < -60 => moment.ToString("MMM d, HH:mm", CultureInfo.InvariantCulture),
            < 5 => "now",
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{age.Seconds}s ago"),
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes}m ago"),
            < 86_400 => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours}h ago"),
            _ when moment.Year == now.ToDateTimeOffset().Year => moment.ToString("MMM d, HH:mm", CultureInfo.InvariantCulture),
            _ => moment.ToString("MMM d, yyyy", CultureInfo.InvariantCulture),
        };
    }

    public static string Exact(Instant time) =>
        time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture);

    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024.0:0.0} MB"),
    };
}
