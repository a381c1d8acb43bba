using System.Collections.Concurrent;
using ZstdSharp;

namespace Perilune.Storage.Sqlite.Bodies;

/// <summary>A stored body is one codec byte (0 raw, 1 zstd) and the data.</summary>
internal static class BodyCodec
{
    private const byte Raw = 0;
    private const byte Zstd = 1;
    private const int Level = 3;

    // Compressor contexts hold megabytes of native-like state; a few are enough for the threads that compress at a time.
    private static readonly ConcurrentBag<Compressor> Compressors = [];
    private static readonly ConcurrentBag<Decompressor> Decompressors = [];

    public static byte[] Encode(ReadOnlySpan<byte> body)
    {
        if (body.Length < 64)
        {
            return AsRaw(body);
        }

        var compressor = Compressors.TryTake(out var pooled) ? pooled : new Compressor(Level);
        try
        {
            var rented = System.Buffers.ArrayPool<byte>.Shared.Rent(Compressor.GetCompressBound(body.Length));
            var length = compressor.Wrap(body, rented);
            var encoded = length < body.Length ? Tagged(Zstd, rented.AsSpan(0, length)) : AsRaw(body);
            System.Buffers.ArrayPool<byte>.Shared.Return(rented);
            return encoded;
        }
        finally
        {
            Compressors.Add(compressor);
        }
    }

    public static byte[] Decode(ReadOnlySpan<byte> stored)
    {
        if (stored[0] == Raw)
        {
            return stored[1..].ToArray();
        }

        var decompressor = Decompressors.TryTake(out var pooled) ? pooled : new Decompressor();
        try
        {
            return decompressor.Unwrap(stored[1..]).ToArray();
        }
        finally
        {
            Decompressors.Add(decompressor);
        }
    }

    private static byte[] AsRaw(ReadOnlySpan<byte> body) => Tagged(Raw, body);

    private static byte[] Tagged(byte codec, ReadOnlySpan<byte> data)
    {
        var tagged = new byte[data.Length + 1];
        tagged[0] = codec;
        data.CopyTo(tagged.AsSpan(1));
        return tagged;
    }
}
