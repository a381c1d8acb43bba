using System.Collections.Concurrent;

namespace PeriluneSdk.Delivery;

/// <summary>What was recorded and not sent. Bounded in items and in bytes; adding never waits.</summary>
internal sealed class WaitingQueue(int maxItems, long maxBytes)
{
    private readonly ConcurrentQueue<Waiting> _items = new();
    private int _count;
    private long _bytes;

    /// <summary>Items in the queue, and taken ones that are not settled.</summary>
    public int Held => Volatile.Read(ref _count);

    public bool IsEmpty => _items.IsEmpty;

    public int Count => _items.Count;

    /// <param name="held">How many are held with this one.</param>
    public bool TryAdd(Waiting item, out int held)
    {
        held = Interlocked.Increment(ref _count);
        if (held > maxItems)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        if (Interlocked.Add(ref _bytes, item.Cost) > maxBytes)
        {
            Release(1, item.Cost);
            return false;
        }

        _items.Enqueue(item);
        return true;
    }

    public bool TryTake(out Waiting item) => _items.TryDequeue(out item);

    /// <summary>Makes room once items that were taken are stored, dropped or on disk.</summary>
    public void Release(int count, long bytes)
    {
        Interlocked.Add(ref _count, -count);
        Interlocked.Add(ref _bytes, -bytes);
    }
}

/// <summary>A span that ended or an event, not yet encoded.</summary>
/// <param name="Recorded">An <see cref="System.Diagnostics.Activity"/> or a JSON object.</param>
/// <param name="Cost">Roughly the bytes it takes.</param>
internal readonly record struct Waiting(object Recorded, int Cost);
