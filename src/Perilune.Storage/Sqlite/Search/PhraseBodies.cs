using Perilune.Model.Filtering;
using Perilune.Model.Words;
using Perilune.Storage.Sqlite.Bodies;
using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Search;

/// <summary>
/// Tells, for one question, which bodies say a phrase: from the index as far as that goes, a block of bodies at a time, and
/// from the texts where it does not or cannot tell.
/// </summary>
internal sealed class PhraseBodies(Database runs, SearchReader? index, SearchProgress done, Phrase phrase)
{
    private const int BodiesPerBlock = 4096;
    private const int MaxRemembered = 100_000;

    // Reading a few bodies is cheaper than asking the index about their block.
    private const int ReadsPerBlock = 4;

    private readonly string? _match = index?.MatchOf(phrase);
    private readonly Dictionary<long, bool> _remembered = [];
    private readonly Dictionary<long, Block> _blocks = [];

    // All indexed bodies that say the phrase, once they were found to be few.
    private HashSet<long>? _all;

    /// <summary>A document that matches says the phrase: its only word cannot stand in another order.</summary>
    private bool IsProof => phrase.Words.Count == 1;

    /// <summary>
    /// Those of the indexed documents that may say the phrase: bodies do say it, literals may. Null when they are too many, or the
    /// index cannot tell.
    /// </summary>
    public List<long>? Documents(int limit)
    {
        if (_match is null || (_match.Length > 0 ? index!.Documents(_match, limit) : []) is not { } found)
        {
            return null;
        }

        found.RemoveAll(id => id < SearchSchema.FirstLiteral && !IsProof && !Reads(id));
        _all = [.. found.Where(id => id < SearchSchema.FirstLiteral)];
        return found;
    }

    public bool Says(long body)
    {
        if (_all is not null && body <= done.Body)
        {
            return _all.Contains(body);
        }

        if (_remembered.TryGetValue(body, out var says))
        {
            return says;
        }

        if (_match is not null && body <= done.Body)
        {
            var block = BlockOf(body);
            if (block.Bits is { } bits)
            {
                var at = (int)(body % BodiesPerBlock);
                if ((bits[at >> 6] & (1UL << (at & 63))) == 0)
                {
                    return false;
                }

                if (IsProof)
                {
                    return true;
                }
            }
        }

        return Reads(body);
    }

    public bool Says(ReadOnlySpan<byte> literal) => PayloadText.Says(literal, phrase);

    private bool Reads(long body)
    {
        if (_remembered.Count >= MaxRemembered)
        {
            _remembered.Clear();
        }

        var row = runs.Prepare("SELECT data FROM body WHERE id = ?1").Bind(1, body);
        var says = row.Step() && PayloadText.Says(BodyCodec.Decode(row.Blob(0)), phrase);
        row.Reset();
        return _remembered[body] = says;
    }

    private Block BlockOf(long body)
    {
        var number = body / BodiesPerBlock;
        if (!_blocks.TryGetValue(number, out var block))
        {
            _blocks[number] = block = new Block { Bits = _match!.Length == 0 ? new ulong[BodiesPerBlock / 64] : null };
        }

        if (block.Bits is null && ++block.Asked > ReadsPerBlock)
        {
            block.Bits = new ulong[BodiesPerBlock / 64];
            index!.Mark(_match!, number * BodiesPerBlock, block.Bits);
        }

        return block;
    }

    private sealed class Block
    {
        public int Asked { get; set; }

        public ulong[]? Bits { get; set; }
    }
}
