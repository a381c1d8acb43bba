using System.Text.Json;

namespace Perilune.Model.Merging;

/// <summary>
/// Notes beside a run, by sort key (the time they were written at, then a hash). Some clients log each message of a model
/// call as a record of its own: the messages are put together here, whatever order they came in.
/// </summary>
public static class RunNotes
{
    /// <summary>The JSON array of the messages that were logged as input; absent when there are none.</summary>
    public static RawJson Input(JsonPatches notes) => Messages(notes, "input"u8);

    /// <summary>The JSON array of the messages that were logged as output; absent when there are none.</summary>
    public static RawJson Output(JsonPatches notes) => Messages(notes, "output"u8);

    private static RawJson Messages(JsonPatches notes, ReadOnlySpan<byte> member)
    {
        if (notes.Items.Count == 0)
        {
            return default;
        }

        var found = new List<(string Key, RawJson Message)>();
        var merged = notes.Merged;
        var reader = new Utf8JsonReader(merged.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isWanted = reader.ValueTextEquals(member);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (isWanted)
                {
                    found.Add((key, new RawJson(merged.Utf8[start..(int)reader.BytesConsumed])));
                }
            }
        }

        found.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return RawJson.ArrayOf(found.ConvertAll(f => f.Message));
    }
}
