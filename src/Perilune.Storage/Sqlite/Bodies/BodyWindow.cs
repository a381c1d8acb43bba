using System.IO.Hashing;
using System.Security.Cryptography;

namespace Perilune.Storage.Sqlite.Bodies;

/// <summary>
/// Remembers which recent contents are stored as which body of a file, so that a conversation's resent history is
/// stored once. A table of 8-way sets that grows up to a bound, where the oldest of a set goes first: forgetting costs
/// space, never truth. The hash seed is random per process, so no client can aim for collisions.
/// </summary>
internal sealed class BodyWindow(int maxSlots)
{
    private const int Ways = 8;
    private const int FirstSlots = 1 << 12;
    private static readonly long Seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));
    private readonly Lock _gate = new();
    private Slot[] _slots = [];
    private int _used;
    private uint _clock;

    /// <summary>Grows with every <see cref="Clear"/>; an answer from an older epoch must not be used.</summary>
    public int Epoch { get; private set; }

    public static UInt128 Hash(ReadOnlySpan<byte> content) => XxHash128.HashToUInt128(content, Seed) ^ (uint)content.Length;

    /// <summary>The body with this content, or 0.</summary>
    public long Find(UInt128 hash)
    {
        lock (_gate)
        {
            foreach (ref var slot in Set(hash))
            {
                if (slot.Hash == hash && slot.Body != 0)
                {
                    slot.Used = ++_clock;
                    return slot.Body;
                }
            }

            return 0;
        }
    }

    public void Add(UInt128 hash, long body)
    {
        lock (_gate)
        {
            if (_used >= _slots.Length / 2 && _slots.Length < maxSlots)
            {
                Grow();
            }

            Put(new Slot { Hash = hash, Body = body, Used = ++_clock });
        }
    }

    /// <summary>Forgets everything and gives the memory back.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _slots = [];
            _used = 0;
            Epoch++;
        }
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new Slot[Math.Clamp(old.Length * 4, Math.Min(FirstSlots, maxSlots), maxSlots)];
        _used = 0;
        foreach (var slot in old)
        {
            if (slot.Body != 0)
            {
                Put(slot);
            }
        }
    }

    private void Put(Slot entry)
    {
        var set = Set(entry.Hash);
        ref var place = ref set[0];
        foreach (ref var slot in set)
        {
            if (slot.Hash == entry.Hash || slot.Body == 0)
            {
                place = ref slot;
                break;
            }

            if (slot.Used < place.Used)
            {
                place = ref slot;
            }
        }

        _used += place.Body == 0 ? 1 : 0;
        place = entry;
    }

    private Span<Slot> Set(UInt128 hash)
    {
        if (_slots.Length == 0)
        {
            return [];
        }

        var sets = _slots.Length / Ways;
        var at = (int)((ulong)(hash >> 64) % (ulong)sets) * Ways;
        return _slots.AsSpan(at, Ways);
    }

    private struct Slot
    {
        public UInt128 Hash;
        public long Body;
        public uint Used;
    }
}
