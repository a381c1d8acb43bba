namespace Perilune.Model.Counting;

/// <summary>
/// A quarter of an hour of UTC, by its number since 1970: the unit of time in which runs are counted. Hours, days, weeks
/// and months of every time zone in use are made of whole quarters.
/// </summary>
public readonly record struct Quarter(long Number) : IComparable<Quarter>
{
    public const int PerHour = 4;
    public const int PerDay = 96;
    private const long Micros = 900_000_000;

    public static readonly TimeSpan Length = TimeSpan.FromMinutes(15);

    public Instant Start => new(Number * Micros);

    /// <summary>The quarter that holds the instant.</summary>
    public static Quarter Of(Instant time) => new((time.Micros - Remainder(time)) / Micros);

    /// <summary>The first quarter that begins at or after the instant.</summary>
    public static Quarter AtOrAfter(Instant time) => IsStart(time) ? Of(time) : new Quarter(Of(time).Number + 1);

    public static bool IsStart(Instant time) => Remainder(time) == 0;

    public int CompareTo(Quarter other) => Number.CompareTo(other.Number);

    private static long Remainder(Instant time) => ((time.Micros % Micros) + Micros) % Micros;
}
