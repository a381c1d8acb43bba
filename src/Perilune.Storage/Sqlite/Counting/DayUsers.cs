using System.Buffers;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>
/// Who did anything on a UTC day, in rows of <see cref="PerRow"/> numbers of users each: charts of users ask for many days,
/// of which <c>user_day</c> has a row for each user.
/// </summary>
internal static class DayUsers
{
    private const int PerRow = 4096;

    /// <summary>Which row of a day a user is in.</summary>
    public static long PartOf(long user) => user / PerRow;

    public static byte[] Write(SortedSet<long> users, ArrayBufferWriter<byte> scratch)
    {
        scratch.ResetWrittenCount();
        var last = 0L;
        foreach (var user in users)
        {
            Varint.Write(scratch, (ulong)(user - last));
            last = user;
        }

        return scratch.WrittenSpan.ToArray();
    }

    /// <summary>Reads the next user of a row; false after the last. <paramref name="user"/> has to begin with 0.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> from, ref long user)
    {
        if (from.IsEmpty)
        {
            return false;
        }

        user += (long)Varint.Read(ref from);
        return true;
    }
}
