using System.Text.Json;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping;

internal static class JsonMembers
{
    /// <summary>Writes the members of an object into the one that is being written; nothing for anything else.</summary>
    public static void Write(Utf8JsonWriter json, RawJson from)
    {
        if (!from.IsObject)
        {
            return;
        }

        var reader = new Utf8JsonReader(from.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        while (JsonScan.NextMember(ref reader))
        {
            json.WritePropertyName(JsonScan.Name(ref reader));
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            json.WriteRawValue(from.Span[start..(int)reader.BytesConsumed], skipInputValidation: true);
        }
    }
}
