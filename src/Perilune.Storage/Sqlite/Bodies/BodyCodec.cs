using System.Buffers;
using System.Collections.Concurrent;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Perilune.Storage.Sqlite.Bodies;

/// <summary>
/// A stored body is one codec byte and the data: 0 as it is, 1 zstd, 2 zstd with the dictionary <c>bodies.1.dict</c>. What a
/// byte stands for never changes: another dictionary is another codec.
/// </summary>
internal static class BodyCodec
{
    private const byte Raw = 0;
    private const byte Zstd = 1;
    private const byte ZstdWithDictionary = 2;
    private const int Level = 2;

    /// <summary>Shorter ones gain nothing.</summary>
    private const int Shortest = 32;

    private static readonly byte[] s_dictionary = ReadDictionary();

    // Contexts hold hundreds of kilobytes each; a few are enough for the threads that compress at a time.
    private static readonly ConcurrentBag<Compressor> s_compressors = [];
    private static readonly ConcurrentBag<Decompressor> s_decompressors = [];

    // For files that are older than the dictionary.
    private static readonly ConcurrentBag<Decompressor> s_plainDecompressors = [];

    public static byte[] Encode(ReadOnlySpan<byte> body)
    {
        if (body.Length < Shortest)
        {
            return AsRaw(body);
        }

        var compressor = s_compressors.TryTake(out var pooled) ? pooled : NewCompressor();
        var rented = ArrayPool<byte>.Shared.Rent(Compressor.GetCompressBound(body.Length));
        try
        {
            var length = compressor.Wrap(body, rented);
            return length < body.Length ? Tagged(ZstdWithDictionary, rented.AsSpan(0, length)) : AsRaw(body);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
            s_compressors.Add(compressor);
        }
    }

    public static byte[] Decode(ReadOnlySpan<byte> stored)
    {
        var body = GC.AllocateUninitializedArray<byte>(Room(stored));
        var length = Decode(stored, body);
        return length == body.Length ? body : body[..length];
    }

    /// <summary>Decodes into <paramref name="buffer"/>, or a larger one in its place. Where the body ends in it.</summary>
    public static int Decode(ReadOnlySpan<byte> stored, ref byte[] buffer)
    {
        var room = Room(stored);
        if (buffer.Length < room)
        {
            buffer = GC.AllocateUninitializedArray<byte>(Math.Max(room, buffer.Length * 2));
        }

        return Decode(stored, buffer);
    }

    private static int Decode(ReadOnlySpan<byte> stored, Span<byte> body)
    {
        switch (stored[0])
        {
            case Raw:
                stored[1..].CopyTo(body);
                return stored.Length - 1;
            case Zstd:
                return Unwrap(stored[1..], body, s_plainDecompressors, static () => new Decompressor());
            default:
                return Unwrap(stored[1..], body, s_decompressors, NewDecompressor);
        }
    }

    // What the body takes at most.
    private static int Room(ReadOnlySpan<byte> stored)
    {
        switch (stored[0])
        {
            case Raw:
                return stored.Length - 1;
            case Zstd or ZstdWithDictionary:
                var size = Decompressor.GetDecompressedSize(stored[1..]);
                return size <= (ulong)Array.MaxLength ? (int)size : throw new InvalidDataException("A body says that it is larger than any can be.");
            case var codec:
                throw new InvalidDataException($"A body is written with codec {codec}, which this version does not know.");
        }
    }

    private static int Unwrap(ReadOnlySpan<byte> data, Span<byte> body, ConcurrentBag<Decompressor> pool, Func<Decompressor> create)
    {
        var decompressor = pool.TryTake(out var pooled) ? pooled : create();
        try
        {
            return decompressor.Unwrap(data, body);
        }
        finally
        {
            pool.Add(decompressor);
        }
    }

    private static Compressor NewCompressor()
    {
        var compressor = new Compressor(Level);

        // The codec byte says which dictionary it is.
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_dictIDFlag, 0);
        compressor.LoadDictionary(s_dictionary);
        return compressor;
    }

    private static Decompressor NewDecompressor()
    {
        var decompressor = new Decompressor();
        decompressor.LoadDictionary(s_dictionary);
        return decompressor;
    }

    private static byte[] ReadDictionary()
    {
        using var stream = typeof(BodyCodec).Assembly.GetManifestResourceStream("Perilune.Storage.bodies.1.dict")!;
        var dictionary = new byte[stream.Length];
        stream.ReadExactly(dictionary);
        return dictionary;
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
