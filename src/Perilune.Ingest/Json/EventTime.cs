using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Perilune.Model;

namespace Perilune.Ingest.Json;

/// <summary>Reads the times that clients send: epoch milliseconds, as a number or in a string, and ISO 8601.</summary>
internal static class EventTime
{
    private const int LongestTime = 200;

    private static readonly long MinMillis = Instant.MinValue.Micros / 1000;
    private static readonly long MaxMillis = Instant.MaxValue.Micros / 1000;

    /// <summary>Close to ISO 8601: str() of Python's datetime, offsets without a colon; and what HTTP uses.</summary>
    private static readonly string[] Relatives = ["yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "r"];

    /// <param name="token">A JSON number or string.</param>
    /// <returns>False for what is not a time or lies outside the years 1 to 9999.</returns>
    public static bool TryParse(ReadOnlySpan<byte> token, out Instant time)
    {
        var isString = token[0] == (byte)'"';
        var text = isString ? token[1..^1] : token;
        if (Utf8Parser.TryParse(text, out long millis, out var used) && used == text.Length)
        {
            time = Instant.FromMillis(Math.Clamp(millis, MinMillis, MaxMillis));
            return millis >= MinMillis && millis <= MaxMillis;
        }

        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact))
        {
            time = new Instant((long)(Math.Clamp(exact, MinMillis, MaxMillis) * 1000));
            return exact >= MinMillis && exact <= MaxMillis;
        }

        time = default;
        return isString && token.Length <= LongestTime && JsonText.TryDecode(token, out var decoded) && TryParseIso(token, decoded, out time);
    }

    private static bool TryParseIso(ReadOnlySpan<byte> token, string text, out Instant time)
    {
        var reader = new Utf8JsonReader(token);
        reader.Read();
        if (reader.TryGetDateTime(out var local) && local.Kind == DateTimeKind.Unspecified)
        {
            // A time without a zone is UTC: Python's isoformat() of a naive one.
            time = Instant.From(new DateTimeOffset(local, TimeSpan.Zero));
            return true;
        }

        var isTime = reader.TryGetDateTimeOffset(out var parsed) ||
            DateTimeOffset.TryParseExact(text, Relatives, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out parsed);
        time = Instant.From(parsed);
        return isTime;
    }
}
