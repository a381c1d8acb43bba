using System.Globalization;

namespace Perilune.Model;

/// <summary>A point in time in whole microseconds since 1970-01-01T00:00:00Z, within the years 1 to 9999.</summary>
public readonly record struct Instant(long Micros) : IComparable<Instant>
{
    public static readonly Instant MinValue = From(DateTimeOffset.MinValue);
    public static readonly Instant MaxValue = From(DateTimeOffset.MaxValue);

    public static Instant From(DateTimeOffset time) => new((time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);

    public static Instant FromMillis(long millis) => new(millis * 1000);

    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.UnixEpoch.AddTicks(Micros * TimeSpan.TicksPerMicrosecond);

    public int CompareTo(Instant other) => Micros.CompareTo(other.Micros);

    public static Instant Min(Instant a, Instant b) => a <= b ? a : b;

    public static Instant Max(Instant a, Instant b) => a >= b ? a : b;

    public static TimeSpan operator -(Instant left, Instant right) => TimeSpan.FromMicroseconds(left.Micros - right.Micros);

    public static Instant operator +(Instant left, TimeSpan right) => new(left.Micros + (right.Ticks / TimeSpan.TicksPerMicrosecond));

    public static bool operator <(Instant left, Instant right) => left.Micros < right.Micros;

    public static bool operator >(Instant left, Instant right) => left.Micros > right.Micros;

    public static bool operator <=(Instant left, Instant right) => left.Micros <= right.Micros;

    public static bool operator >=(Instant left, Instant right) => left.Micros >= right.Micros;

    /// <summary>ISO 8601 in UTC with milliseconds, and microseconds when there are any: <c>2026-11-24T10:00:00.123Z</c>.</summary>
    public override string ToString() => ToDateTimeOffset().ToString(
        Micros % 1000 == 0 ? "yyyy-MM-ddTHH:mm:ss.fffZ" : "yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
}
