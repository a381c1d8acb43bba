using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Perilune.Model;

namespace Perilune.Ingest.Lunary;

/// <summary>Reads the times that clients send: epoch milliseconds, as a number or in a string, and ISO 8601.</summary>
internal static class EventTime
{
    private const int LongestTime = 200;

    /// <summary>False for what is not a time or lies outside the years 1 to 9999.</summary>
    public static bool TryParse(ReadOnlySpan<byte> token, out Instant time)
    {
        var isString = token[0] == (byte)'"';
        var text = isString ? token[1..^1] : token;
        if (Utf8Parser.TryParse(text, out long millis, out var used) && used == text.Length)
        {
            time = default;
            return millis >= Instant.MinValue.Micros / 1000 && millis <= Instant.MaxValue.Micros / 1000 && Set(Instant.FromMillis(millis), out time);
        }

        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction))
        {
            return TryFromMillis(fraction, out time);
        }

        time = default;
        return isString && TryParseIso(token, out time);
    }

    private static bool TryFromMillis(decimal millis, out Instant time)
    {
        time = default;
        return millis >= Instant.MinValue.Micros / 1000 && millis <= Instant.MaxValue.Micros / 1000 &&
            Set(new Instant((long)(millis * 1000)), out time);
    }

    private static bool TryParseIso(ReadOnlySpan<byte> token, out Instant time)
    {
        time = default;
        if (token.Length > LongestTime || !JsonText.TryDecode(token, out var text))
        {
            return false;
        }

        if (!token.Contains((byte)'\\'))
        {
            var reader = new Utf8JsonReader(token);
            reader.Read();
            if (reader.TryGetDateTime(out var zoneless) && zoneless.Kind == DateTimeKind.Unspecified)
            {
                // Python's isoformat() of a naive UTC time has no zone.
                return Set(Instant.From(new DateTimeOffset(zoneless, TimeSpan.Zero)), out time);
            }

            if (reader.TryGetDateTimeOffset(out var exact))
            {
                return Set(Instant.From(exact), out time);
            }
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var loose) &&
            Set(Instant.From(loose), out time);
    }

    private static bool Set(Instant value, out Instant time)
    {
        time = value;
        return true;
    }
}
