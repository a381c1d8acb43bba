using System.Text.Json;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>
/// Messages that are events or log records of their own: <c>gen_ai.user.message</c>, <c>gen_ai.choice</c>… of the semantic
/// conventions up to 1.36.
/// </summary>
internal static class EventMessages
{
    public const string Choice = "gen_ai.choice";

    /// <summary>An event whose attributes are those that newer conventions put on the span.</summary>
    public const string Details = "gen_ai.client.inference.operation.details";

    public static bool IsDetails(string name) => name is Details or "gen_ai.content.prompt" or "gen_ai.content.completion" or "gen_ai.client.operation.details";

    /// <summary>Who speaks in events of this name; null when they are no messages.</summary>
    public static string? RoleOf(string name) => name switch
    {
        "gen_ai.system.message" => "system",
        "gen_ai.user.message" => "user",
        "gen_ai.assistant.message" or Choice => "assistant",
        "gen_ai.tool.message" => "tool",
        _ => null,
    };

    /// <summary>The message as it was sent, or put together from the event's attributes.</summary>
    public static RawJson Message(string role, OtlpValue body, IReadOnlyList<OtlpAttribute> attributes)
    {
        var content = attributes.FirstOrDefault(a => a.Key?.Name == "gen_ai.event.content").Value;
        var sent = content.Kind != OtlpKind.Null ? Coerce.Json(content) : body.Kind is OtlpKind.Map or OtlpKind.String ? Coerce.Json(body) : default;
        if (sent.IsObject)
        {
            return WithRole(Unwrap(sent), role);
        }

        return JsonWriting.Write(json =>
        {
            json.WriteStartObject();
            if (!attributes.Any(a => a.Key.Name == "role"))
            {
                json.WriteString("role", role);
            }

            if (!sent.IsAbsent && !attributes.Any(a => a.Key.Name == "content"))
            {
                json.WritePropertyName("content");
                JsonWriting.Raw(json, sent);
            }

            foreach (var attribute in attributes.Where(a => a.Key.Sources.Length == 0 && a.Key.Name is not "event.name"))
            {
                json.WritePropertyName(attribute.Key.Name);
                JsonWriting.Raw(json, Coerce.Json(attribute.Value) is { IsAbsent: false } raw ? raw : RawJson.Null);
            }

            json.WriteEndObject();
        });
    }

    // A choice is {"index":0,"message":{…},"finish_reason":"stop"}.
    private static RawJson Unwrap(RawJson sent) => Member(sent, "message"u8) is { IsObject: true } inner ? inner : sent;

    private static RawJson WithRole(RawJson message, string role)
    {
        if (!Member(message, "role"u8).IsAbsent)
        {
            return message;
        }

        var rest = message.Span[1..].TrimStart(" \t\r\n"u8);
        var head = System.Text.Encoding.UTF8.GetBytes($$"""{"role":"{{role}}"{{(rest[0] == (byte)'}' ? "" : ",")}}""");
        return new RawJson((byte[])[.. head, .. rest]);
    }

    /// <summary>A member of an object at its top; absent when it has none of that name.</summary>
    public static RawJson Member(RawJson json, ReadOnlySpan<byte> name)
    {
        if (!json.IsObject)
        {
            return default;
        }

        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        while (JsonScan.NextMember(ref reader))
        {
            var isWanted = JsonScan.Is(ref reader, name);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isWanted)
            {
                return new RawJson(json.Utf8[start..(int)reader.BytesConsumed]);
            }
        }

        return default;
    }
}
