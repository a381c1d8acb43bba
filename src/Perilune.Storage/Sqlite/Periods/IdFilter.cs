using System.Numerics;
using System.Security.Cryptography;
using Perilune.Model;

namespace Perilune.Storage.Sqlite.Periods;

/// <summary>
/// Which ids a run file may know: a blocked Bloom filter of 12 bits an id, so that an id that is new to a project costs
/// one cache line per older file and no read. Wrong for about one id in two hundred, and then only costs that read. The seed is random per
/// process, so no client can choose ids that all look known.
/// </summary>
internal sealed class IdFilter
{
    private const int BitsPerId = 12;
    private const int WordsPerBlock = 8;
    private const int Probes = 6;
    private const int MinCapacity = 4096;
    private static readonly ulong Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
    private readonly ulong[] _words;
    private readonly long _capacity;
    private long _added;

    public IdFilter(long expected)
    {
        _capacity = Math.Max(MinCapacity, expected + (expected / 2));
        _words = new ulong[((_capacity * BitsPerId / (64 * WordsPerBlock)) + 1) * WordsPerBlock];
    }

    /// <summary>So much was added that the filter should be built anew, larger.</summary>
    public bool IsFull => _added > _capacity;

    public void Add(RunId id)
    {
        var (block, bits) = Place(id);
        for (var i = 0; i < Probes; i++, bits >>= 9)
        {
            _words[block + (int)((bits >> 6) & 7)] |= 1UL << (int)(bits & 63);
        }

        _added++;
    }

    public bool MayContain(RunId id)
    {
        var (block, bits) = Place(id);
        for (var i = 0; i < Probes; i++, bits >>= 9)
        {
            if ((_words[block + (int)((bits >> 6) & 7)] & (1UL << (int)(bits & 63))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private (int Block, ulong Bits) Place(RunId id)
    {
        var hash = Mix(Mix(id.High ^ Seed) ^ id.Low);
        var block = (int)Math.BigMul(hash, (ulong)(_words.Length / WordsPerBlock), out _) * WordsPerBlock;
        return (block, Mix(hash + 0x9E3779B97F4A7C15));
    }

    // The finalizer of SplitMix64 (Steele, Lea and Flood 2014).
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return BitOperations.RotateLeft(x ^ (x >> 31), 7);
    }
}
