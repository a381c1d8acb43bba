using System.Text.Json;
using Perilune.Model;

namespace Perilune.Ingest.Json;

internal static class JsonObjects
{
    /// <summary>
    /// The members of both objects; those of <paramref name="over"/> win. Values keep their bytes. Both must be valid
    /// JSON objects.
    /// </summary>
    public static RawJson Merge(RawJson under, RawJson over)
    {
        var members = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        Collect(under, members);
        Collect(over, members);

        var merged = new MemoryStream(under.Utf8.Length + over.Utf8.Length);
        merged.WriteByte((byte)'{');
        foreach (var member in members.Values)
        {
            if (merged.Length > 1)
            {
                merged.WriteByte((byte)',');
            }

            merged.Write(member.Span);
        }

        merged.WriteByte((byte)'}');
        return new RawJson(merged.ToArray());
    }

    private static void Collect(RawJson json, Dictionary<string, ReadOnlyMemory<byte>> members)
    {
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var quoted = json.Span[start..(start + reader.ValueSpan.Length + 2)];
            // A key with half a character in it is told apart by its escaped form.
            var key = JsonText.TryDecode(quoted, out var text) ? text : System.Text.Encoding.UTF8.GetString(quoted);
            reader.Read();
            reader.Skip();
            members[key] = json.Utf8[start..(int)reader.BytesConsumed];
        }
    }
}
