using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Perilune.Load.Keeping;

/// <summary>What a dictionary gains on messages made of texts that it has not seen, in bytes and in time on one thread.</summary>
internal static class DictionaryTrial
{
    private const int Level = 2;
    private const int Rounds = 30;
    private const int MostMessages = 2000;
    private static readonly int[] s_lengths = [120, 300, 800, 2000];

    public static void Run(byte[] dictionary, IReadOnlyList<string> texts)
    {
        foreach (var length in s_lengths)
        {
            var messages = texts.SelectMany(text => text.Chunk(length)).Take(MostMessages)
                .Select(part => Encoding.UTF8.GetBytes($$"""{"role":"user","content":{{JsonSerializer.Serialize(new string(part))}}}""")).ToList();
            var (without, with) = (Measure(messages, null), Measure(messages, dictionary));
            Console.WriteLine(
                $"{messages.Average(m => m.Length):0} bytes, without / with: stored {without.Bytes:0} / {with.Bytes:0}, " +
                $"compressed in {without.Compress:0.0} / {with.Compress:0.0} us, decompressed in {without.Decompress:0.0} / {with.Decompress:0.0} us");
        }
    }

    // The fastest round counts: the first ones are for the compiler, and others want to work on this machine too.
    private static (double Bytes, double Compress, double Decompress) Measure(List<byte[]> messages, byte[]? dictionary)
    {
        using var compressor = new Compressor(Level);
        using var decompressor = new Decompressor();
        if (dictionary is not null)
        {
            compressor.SetParameter(ZSTD_cParameter.ZSTD_c_dictIDFlag, 0);
            compressor.LoadDictionary(dictionary);
            decompressor.LoadDictionary(dictionary);
        }

        var (bytes, compress, decompress) = (0.0, double.MaxValue, double.MaxValue);
        var buffer = new byte[Compressor.GetCompressBound(messages.Max(m => m.Length))];
        for (var round = 0; round < Rounds; round++)
        {
            var startedAt = Stopwatch.GetTimestamp();
            foreach (var message in messages)
            {
                compressor.Wrap(message, buffer);
            }

            compress = Math.Min(compress, Stopwatch.GetElapsedTime(startedAt).TotalMicroseconds / messages.Count);
            var stored = messages.ConvertAll(message => compressor.Wrap(message).ToArray());
            bytes = stored.Average(s => s.Length);
            startedAt = Stopwatch.GetTimestamp();
            foreach (var data in stored)
            {
                decompressor.Unwrap(data);
            }

            decompress = Math.Min(decompress, Stopwatch.GetElapsedTime(startedAt).TotalMicroseconds / messages.Count);
        }

        return (bytes, compress, decompress);
    }
}
