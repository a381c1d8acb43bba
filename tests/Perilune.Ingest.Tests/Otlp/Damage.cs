using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Perilune.Model;

namespace Perilune.Ingest.Tests.Otlp;

/// <summary>What fuzzing does to recorded bodies, and for how long.</summary>
internal static class Damage
{
    private const int Seconds = 12;

    /// <summary>Cases of each kind; -1 for as many as there is time for.</summary>
    public static readonly long Cases = long.TryParse(Environment.GetEnvironmentVariable("PERILUNE_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var cases) ? cases : -1;

    private static readonly byte[][] Splices =
    [
        .. new[] { "null", "{}", "[]", "\"\"", "\"\\ud800\"", "-1", "1e400", "true", ",", ":", "\"", "\\", "{", "}", "[", "]", "{\"arrayValue\":{\"values\":[", "{\"kvlistValue\":" }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc3], [0xed, 0xa0, 0x80], [0x0a, 0x00], [0xff, 0xff, 0xff, 0xff, 0x0f], [0x2a, 0x02, 0x0a, 0x00], [0x09], [0x0b],
    ];

    /// <summary>One to four damages, one after the other.</summary>
    public static readonly Gen<Func<byte[], byte[]>> Gen = CsCheck.Gen.Select(CsCheck.Gen.Int[0, 5], CsCheck.Gen.Double[0, 1], CsCheck.Gen.Double[0, 1], CsCheck.Gen.Byte, CsCheck.Gen.OneOf(Splices)).Array[1, 4]
        .Select(damages => (Func<byte[], byte[]>)(body => damages.Aggregate(body, (bytes, d) => Of(bytes, d.Item1, d.Item2, d.Item3, d.Item4, d.Item5))));

    public static int Time => Cases < 0 ? Seconds : -1;

    /// <summary>Other tests run beside those of some seconds.</summary>
    public static int Threads => Cases < 0 ? 1 : Environment.ProcessorCount;

    public static void AssertIsJson(RawJson json)
    {
        if (json.IsAbsent)
        {
            return;
        }

        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
        }
    }

    private static byte[] Of(byte[] bytes, int kind, double where, double howMuch, byte value, byte[] splice)
    {
        var at = (int)(where * bytes.Length);
        var length = (int)(howMuch * 40);
        var rest = Math.Min(bytes.Length, at + length);
        return kind switch
        {
            0 => bytes[..at],
            1 => [.. bytes[..at], .. bytes[rest..]],
            2 => [.. bytes[..at], .. splice, .. bytes[at..]],
            3 => [.. bytes[..at], .. splice, .. bytes[rest..]],
            4 => [.. bytes[..rest], .. bytes[at..]],
            _ when at < bytes.Length => [.. bytes[..at], value, .. bytes[(at + 1)..]],
            _ => bytes,
        };
    }
}
