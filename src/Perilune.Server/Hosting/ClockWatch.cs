using System.Globalization;

namespace Perilune.Server.Hosting;

/// <summary>
/// Doubts a clock that leaps ahead. What is older than so many days is forgotten for good, so a clock that is wrong for an
/// hour must not say what that is: after a leap a day has to pass by the clock before it is believed again. The file keeps
/// when the clock was last looked at, and since when it is doubted, because machines are started with wrong clocks.
/// </summary>
internal sealed class ClockWatch(string file, TimeProvider time)
{
    /// <summary>What a clock may gain on the time that this process has measured.</summary>
    public static readonly TimeSpan Gain = TimeSpan.FromHours(1);

    /// <summary>While no process runs nobody measures, and servers are switched off for a while.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromDays(7);

    public static readonly TimeSpan Doubt = TimeSpan.FromHours(24);

    private readonly Lock _gate = new();
    private long? _lookedAt;

    /// <summary>Whether the clock went on as time does. To be asked now and then: a leap shows when it was right the time before.</summary>
    public bool IsTrusted()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var (last, doubted) = Read();
            var expected = _lookedAt is { } looked ? last + time.GetElapsedTime(looked) + Gain : last + Pause;
            if (now > expected)
            {
                doubted = now;
            }
            else if (doubted is { } since && (now < since || now - since >= Doubt))
            {
                doubted = null;
            }

            _lookedAt = time.GetTimestamp();
            Write(now, doubted);
            return doubted is null;
        }
    }

    private (DateTimeOffset? Last, DateTimeOffset? Doubted) Read()
    {
        try
        {
            return File.Exists(file) && File.ReadAllLines(file) is [var last, .. var rest] ? (Time(last), rest is [var doubted, ..] ? Time(doubted) : null) : (null, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, null);
        }
    }

    private void Write(DateTimeOffset now, DateTimeOffset? doubted)
    {
        try
        {
            File.WriteAllLines(file, doubted is { } since ? [Word(now), Word(since)] : [Word(now)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that is full or read-only is said where something is lost by it.
        }
    }

    private static DateTimeOffset? Time(string word) => DateTimeOffset.TryParse(word, CultureInfo.InvariantCulture, out var known) ? known : null;

    private static string Word(DateTimeOffset known) => known.ToString("O", CultureInfo.InvariantCulture);
}
