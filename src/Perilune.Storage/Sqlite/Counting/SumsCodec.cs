using System.Buffers;
using Perilune.Model.Counting;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>Sums as bytes: numbers in base 128, then the buckets that are not empty, as gaps and counts.</summary>
internal static class SumsCodec
{
    public static byte[] Write(RunSums sums, ArrayBufferWriter<byte> scratch)
    {
        scratch.ResetWrittenCount();
        Varint.Write(scratch, (ulong)sums.Runs);
        Varint.Write(scratch, (ulong)sums.Errors);
        Varint.Write(scratch, (ulong)sums.Successes);
        Varint.Write(scratch, (ulong)sums.Calls);
        if (sums.Calls > 0)
        {
            Varint.Write(scratch, (ulong)sums.Priced);
            WriteLarge(scratch, sums.Input);
            WriteLarge(scratch, sums.Output);
            WriteLarge(scratch, sums.CacheRead);
            WriteLarge(scratch, sums.CacheWrite);
            WriteLarge(scratch, sums.Reasoning);
            WriteLarge(scratch, sums.Cost);
        }

        Write(scratch, sums.Latency);
        Write(scratch, sums.FirstToken);
        return scratch.WrittenSpan.ToArray();
    }

    /// <summary>Adds what <see cref="Write(RunSums, ArrayBufferWriter{byte})"/> wrote.</summary>
    public static void AddTo(RunSums sums, ReadOnlySpan<byte> from)
    {
        sums.Runs += (long)Varint.Read(ref from);
        sums.Errors += (long)Varint.Read(ref from);
        sums.Successes += (long)Varint.Read(ref from);
        var calls = (long)Varint.Read(ref from);
        if (calls > 0)
        {
            sums.Calls += calls;
            sums.Priced += (long)Varint.Read(ref from);
            sums.Input += ReadLarge(ref from);
            sums.Output += ReadLarge(ref from);
            sums.CacheRead += ReadLarge(ref from);
            sums.CacheWrite += ReadLarge(ref from);
            sums.Reasoning += ReadLarge(ref from);
            sums.Cost += ReadLarge(ref from);
        }

        AddTo(sums.Latency, ref from);
        AddTo(sums.FirstToken, ref from);
    }

    // A sum of many absurd numbers may need more than 64 bits.
    public static void WriteLarge(IBufferWriter<byte> to, Int128 value)
    {
        while (value >= 0x80)
        {
            WriteByte(to, (byte)((byte)(value & 0x7f) | 0x80));
            value >>= 7;
        }

        WriteByte(to, (byte)value);
    }

    public static Int128 ReadLarge(ref ReadOnlySpan<byte> from)
    {
        var size = 1;
        while (from[size - 1] >= 0x80)
        {
            size++;
        }

        if (size < 10)
        {
            return Varint.Read(ref from);
        }

        var value = Int128.Zero;
        for (var i = size - 1; i >= 0; i--)
        {
            value = (value << 7) | (byte)(from[i] & 0x7f);
        }

        from = from[size..];
        return value;
    }

    private static void WriteByte(IBufferWriter<byte> to, byte value)
    {
        to.GetSpan(1)[0] = value;
        to.Advance(1);
    }

    private static void Write(IBufferWriter<byte> to, Histogram histogram)
    {
        var (number, next) = (histogram.Items.Count(), 0);
        Varint.Write(to, (ulong)number);
        foreach (var (bucket, count) in histogram.Items)
        {
            Varint.Write(to, (ulong)(bucket - next));
            Varint.Write(to, (ulong)count);
            next = bucket + 1;
        }
    }

    private static void AddTo(Histogram histogram, ref ReadOnlySpan<byte> from)
    {
        var bucket = -1;
        for (var left = Varint.Read(ref from); left > 0; left--)
        {
            bucket += 1 + (int)Varint.Read(ref from);
            histogram.Add(bucket, (long)Varint.Read(ref from));
        }
    }
}
