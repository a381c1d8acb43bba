using System.Diagnostics.Metrics;

namespace PeriluneSdk.Delivery;

/// <summary>What became of everything that was recorded. Also as metrics of the meter <c>Perilune</c>.</summary>
internal sealed class Counters
{
    private static readonly Meter s_meter = new("Perilune");
    private static readonly Counter<long> s_stored = s_meter.CreateCounter<long>("perilune.client.stored", "{item}", "Spans and events that the server stored.");
    private static readonly Counter<long> s_dropped = s_meter.CreateCounter<long>("perilune.client.dropped", "{item}", "Spans and events that were dropped, for want of room or time.");
    private static readonly Counter<long> s_refused = s_meter.CreateCounter<long>("perilune.client.refused", "{item}", "Spans and events that the server refused.");

    private long _added;
    private long _stored;
    private long _dropped;
    private long _refused;
    private long _settled;

    public long Added => Interlocked.Read(ref _added);

    public long Stored => Interlocked.Read(ref _stored);

    public long Dropped => Interlocked.Read(ref _dropped);

    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Of those added, the ones that are stored, refused, dropped or on disk.</summary>
    public long Settled => Interlocked.Read(ref _settled);

    public void Add() => Interlocked.Increment(ref _added);

    public void Settle(long count) => Interlocked.Add(ref _settled, count);

    public void Store(long count)
    {
        Interlocked.Add(ref _stored, count);
        s_stored.Add(count);
    }

    public void Drop(long count)
    {
        Interlocked.Add(ref _dropped, count);
        s_dropped.Add(count);
    }

    public void Refuse(long count)
    {
        Interlocked.Add(ref _refused, count);
        s_refused.Add(count);
    }
}
