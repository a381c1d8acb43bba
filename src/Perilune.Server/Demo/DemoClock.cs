namespace Perilune.Server.Demo;

/// <summary>The time of the machine, but for the moments in which the demo's past is told.</summary>
internal sealed class DemoClock : TimeProvider
{
    private long _told;

    public override DateTimeOffset GetUtcNow() =>
        Interlocked.Read(ref _told) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : System.GetUtcNow();

    public void Tell(DateTimeOffset? time) => Interlocked.Exchange(ref _told, time?.UtcTicks ?? 0);
}
