using System.IO.Hashing;
using System.Security.Cryptography;

namespace Perilune.Storage.Sqlite.Bodies;

/// <summary>
/// Remembers which recent contents are stored as which body of a file, so that a conversation's resent history is
/// stored once. A bounded table (8-way sets, the oldest of a set goes first): forgetting costs space, never truth. The
/// hash seed is random per process, so no client can aim for collisions.
/// </summary>
internal sealed class BodyWindow(int slots)
{
    private const int Ways = 8;
    private static readonly long Seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));
    private readonly Slot[] _slots = new Slot[slots];
    private readonly Lock _gate = new();
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
            var set = Set(hash);
            ref var oldest = ref set[0];
            foreach (ref var slot in set)
            {
                if (slot.Hash == hash || slot.Body == 0)
                {
                    oldest = ref slot;
                    break;
                }

                if (slot.Used < oldest.Used)
                {
                    oldest = ref slot;
                }
            }

            oldest = new Slot { Hash = hash, Body = body, Used = ++_clock };
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            Array.Clear(_slots);
            Epoch++;
        }
    }

    private Span<Slot> Set(UInt128 hash)
    {
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
