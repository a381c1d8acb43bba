using System.Text.Json;

namespace Perilune.Ingest.Json;

internal static class MalformedJson
{
    /// <summary>Says where the JSON breaks, in bytes from 0, lines and columns (of bytes) from 1.</summary>
    public static string Describe(JsonException malformed, ReadOnlySpan<byte> body)
    {
        var line = malformed.LineNumber ?? 0;
        var column = malformed.BytePositionInLine ?? 0;
        var offset = column;
        for (var passed = 0L; passed < line; passed++)
        {
            var end = body.IndexOf((byte)'\n');
            offset += end + 1;
            body = body[(end + 1)..];
        }

        var reason = malformed.Message;
        var tail = reason.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return $"Malformed JSON at byte {offset} (line {line + 1}, column {column + 1}): {(tail < 0 ? reason : reason[..tail])}";
    }
}
