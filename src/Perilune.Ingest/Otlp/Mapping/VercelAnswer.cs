using System.Text.Json;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>The Vercel AI SDK up to 6 sends an answer in pieces: text, reasoning, tool calls, an object, files.</summary>
internal static class VercelAnswer
{
    public static RawJson Compose(AttributeSet set)
    {
        if (!set.HasFamily(AttributeFamily.VercelResponse))
        {
            return default;
        }

        var pieces = new Dictionary<string, OtlpValue>(StringComparer.Ordinal);
        for (var i = 0; i < set.All.Count; i++)
        {
            var attribute = set.All[i];
            if (attribute.Key.Family == AttributeFamily.VercelResponse)
            {
                pieces[attribute.Key.Name] = attribute.Value;
            }
        }

        foreach (var _ in set.TakeFamily(AttributeFamily.VercelResponse))
        {
            // Taking them is all there is to do.
        }

        var raw = JsonWriting.Write(json => Write(json, pieces));
        return RawJson.ArrayOf([raw]);
    }

    private static void Write(Utf8JsonWriter json, Dictionary<string, OtlpValue> pieces)
    {
        json.WriteStartObject();
        json.WriteString("role", "assistant");
        json.WriteStartArray("parts");
        Text(json, "reasoning", pieces.GetValueOrDefault("ai.response.reasoning"));
        Text(json, "text", pieces.GetValueOrDefault("ai.response.text"));
        Text(json, "text", pieces.GetValueOrDefault("ai.response.object"));
        Each(pieces.GetValueOrDefault("ai.response.toolCalls"), call => ToolCall(json, call));
        Each(pieces.GetValueOrDefault("ai.response.files"), file => JsonWriting.Raw(json, file));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string type, OtlpValue value)
    {
        if (Coerce.IsEmpty(value))
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", type);
        json.WritePropertyName("content");
        JsonWriting.Value(json, value);
        json.WriteEndObject();
    }

    private static void ToolCall(Utf8JsonWriter json, RawJson call)
    {
        json.WriteStartObject();
        json.WriteString("type", "tool_call");
        Copy(json, "id", EventMessages.Member(call, "toolCallId"u8));
        Copy(json, "name", EventMessages.Member(call, "toolName"u8));
        var arguments = EventMessages.Member(call, "input"u8) is { IsAbsent: false } input ? input : EventMessages.Member(call, "args"u8);
        Copy(json, "arguments", arguments.IsAbsent ? default : Coerce.DeepJson(OtlpValue.Of(arguments.Utf8)));
        json.WriteEndObject();
    }

    private static void Copy(Utf8JsonWriter json, string name, RawJson value)
    {
        if (!value.IsAbsent)
        {
            json.WritePropertyName(name);
            JsonWriting.Raw(json, value);
        }
    }

    private static void Each(OtlpValue list, Action<RawJson> write)
    {
        if (Coerce.Json(list) is not { IsArray: true } json)
        {
            return;
        }

        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            write(new RawJson(json.Utf8[start..(int)reader.BytesConsumed]));
        }
    }
}
