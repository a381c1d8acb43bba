using System.Buffers;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>What a user did on a UTC day, by quarter of it: exact for the days of every time zone.</summary>
internal static class UserDays
{
    public static byte[] Write(SortedDictionary<int, UserSums> quarters, ArrayBufferWriter<byte> scratch)
    {
        scratch.ResetWrittenCount();
        var next = 0;
        foreach (var (quarter, sums) in quarters)
        {
            Varint.Write(scratch, (ulong)(quarter - next));
            next = quarter + 1;
            Varint.Write(scratch, (ulong)sums.Runs);
            Varint.Write(scratch, (ulong)sums.Errors);
            Varint.Write(scratch, (ulong)sums.Calls);
            if (sums.Calls > 0)
            {
                SumsCodec.WriteLarge(scratch, sums.Tokens);
                SumsCodec.WriteLarge(scratch, sums.Cost);
            }
        }

        return scratch.WrittenSpan.ToArray();
    }

    /// <summary>What a user did in all that the file holds.</summary>
    public static byte[] WriteTotal(UserSums sums, ArrayBufferWriter<byte> scratch) => Write(new SortedDictionary<int, UserSums> { [0] = sums }, scratch);

    public static UserSums ReadTotal(ReadOnlySpan<byte> from)
    {
        var quarter = -1;
        return TryRead(ref from, ref quarter, out var sums) ? sums : default;
    }

    /// <summary>Reads the next quarter of the day; false after the last. <paramref name="quarter"/> has to begin with −1.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> from, ref int quarter, out UserSums sums)
    {
        sums = default;
        if (from.IsEmpty)
        {
            return false;
        }

        quarter += 1 + (int)Varint.Read(ref from);
        var (runs, errors, calls) = ((long)Varint.Read(ref from), (long)Varint.Read(ref from), (long)Varint.Read(ref from));
        var (tokens, cost) = calls > 0 ? (SumsCodec.ReadLarge(ref from), SumsCodec.ReadLarge(ref from)) : default;
        sums = new UserSums(runs, errors, calls, tokens, cost);
        return true;
    }
}
