namespace PeriluneSdk.Delivery;

/// <summary>How long to leave the server alone: longer after each failure, never the same for two clients.</summary>
internal sealed class Pause(TimeProvider time)
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_longestAsked = TimeSpan.FromMinutes(10);

    private int _failures;
    private DateTimeOffset _until;

    public bool IsFailing => _failures > 0;

    /// <summary>Zero when it is over.</summary>
    public TimeSpan Left
    {
        get
        {
            var left = _until - time.GetUtcNow();
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public void Lengthen(TimeSpan? retryAfter)
    {
        _failures++;
        var own = TimeSpan.FromTicks(Math.Min(s_longest.Ticks, s_first.Ticks << Math.Min(_failures - 1, 16)));
#pragma warning disable CA5394 // Spreads clients; guessing it gains nothing.
        var spread = 0.5 + (Random.Shared.NextDouble() / 2);
#pragma warning restore CA5394
        var asked = retryAfter is { } given ? (given < s_longestAsked ? given : s_longestAsked) : TimeSpan.Zero;
        _until = time.GetUtcNow() + asked + (own * spread * (asked > TimeSpan.Zero ? 0.5 : 1));
    }

    public void End() => _until = default;

    public void Succeed() => (_failures, _until) = (0, default);
}
