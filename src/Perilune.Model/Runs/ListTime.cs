namespace Perilune.Model;

/// <summary>
/// Clients' clocks can be off by centuries; a run of the year 9999 must not sit on top of every list forever. Lists order
/// runs by their start clamped to [arrival − 10 years, arrival + 1 day]; the client's own time is kept and shown.
/// </summary>
public static class ListTime
{
    private static readonly TimeSpan Past = TimeSpan.FromDays(3653);
    private static readonly TimeSpan Future = TimeSpan.FromDays(1);

    public static Instant Of(Instant start, Instant received) =>
        Instant.Max(received + -Past, Instant.Min(received + Future, start));
}
