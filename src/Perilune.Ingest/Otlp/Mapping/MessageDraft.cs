using System.Globalization;
using System.Text.Json;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>
/// One message whose pieces are attributes of their own, as OpenInference and older OpenLLMetry send them; written down as
/// the parts of the semantic conventions.
/// </summary>
internal sealed class MessageDraft
{
    private const string ToolCall = "tool_call.";

    private readonly SortedDictionary<int, Dictionary<string, OtlpValue>> _calls = [];
    private readonly SortedDictionary<int, Dictionary<string, OtlpValue>> _contents = [];
    private readonly Dictionary<string, OtlpValue> _own = new(StringComparer.Ordinal);

    /// <summary>The JSON array of the messages that <paramref name="attributes"/> are pieces of; absent when there are none.</summary>
    /// <param name="attributes">Names behind the prefix, such as <c>0.message.role</c>.</param>
    /// <param name="speaker">Who speaks where that is not said.</param>
    public static RawJson Compose(IEnumerable<(string Tail, OtlpValue Value)> attributes, string speaker)
    {
        SortedDictionary<int, MessageDraft>? drafts = null;
        foreach (var (rest, value) in attributes)
        {
            if (!Indexed.TrySplit(rest, out var index, out var name))
            {
                continue;
            }

            drafts ??= [];
            if (!drafts.TryGetValue(index, out var draft))
            {
                drafts[index] = draft = new MessageDraft();
            }

            draft.Add(name.StartsWith("message.", StringComparison.Ordinal) ? name["message.".Length..] : name, value);
        }

        return drafts is null ? default : JsonWriting.Write(json =>
        {
            json.WriteStartArray();
            foreach (var draft in drafts.Values)
            {
                draft.Write(json, speaker);
            }

            json.WriteEndArray();
        });
    }

    private void Add(string name, OtlpValue value)
    {
        if (Numbered(name, "tool_calls.", ToolCall, out var call, out var rest))
        {
            Slot(_calls, call)[PlainCall(rest)] = value;
        }
        else if (Numbered(name, "contents.", "message_content.", out var content, out rest))
        {
            Slot(_contents, content)[rest] = value;
        }
        else if (name.StartsWith("function_call_", StringComparison.Ordinal))
        {
            Slot(_calls, 0)[name.EndsWith("name", StringComparison.Ordinal) ? "name" : "arguments"] = value;
        }
        else
        {
            _own[name] = value;
        }
    }

    private void Write(Utf8JsonWriter json, string speaker)
    {
        var role = Text(_own, "role") ?? speaker;
        json.WriteStartObject();
        json.WriteString("role", role);
        if (Text(_own, "name") is { } name)
        {
            json.WriteString("name", name);
        }

        var content = _own.GetValueOrDefault("content");
        var parsed = content.Kind == OtlpKind.String ? Coerce.Parsed(content.Utf8) : default;
        if (parsed.IsArray && _contents.Count == 0 && role != "tool")
        {
            json.WritePropertyName("content");
            JsonWriting.Raw(json, parsed);
        }

        json.WriteStartArray("parts");
        WriteContent(json, role, parsed.IsArray && role != "tool" ? default : content);
        foreach (var call in _calls.Values)
        {
            WriteCall(json, call);
        }

        json.WriteEndArray();
        if (Text(_own, "finish_reason") is { } reason)
        {
            json.WriteString("finish_reason", reason);
        }

        json.WriteEndObject();
    }

    private void WriteContent(Utf8JsonWriter json, string role, OtlpValue content)
    {
        if (!Coerce.IsEmpty(content))
        {
            json.WriteStartObject();
            if (role == "tool")
            {
                json.WriteString("type", "tool_call_response");
                if (Text(_own, "tool_call_id") is { } id)
                {
                    json.WriteString("id", id);
                }

                json.WritePropertyName("response");
            }
            else
            {
                json.WriteString("type", "text");
                json.WritePropertyName("content");
            }

            JsonWriting.Value(json, content);
            json.WriteEndObject();
        }

        foreach (var part in _contents.Values)
        {
            if (!part.Keys.Any(name => name.StartsWith(ToolCall, StringComparison.Ordinal)))
            {
                WritePart(json, part);
                continue;
            }

            // OpenInference says what Anthropic's models call both among the contents and among the calls.
            var call = part.Where(piece => piece.Key.StartsWith(ToolCall, StringComparison.Ordinal)).ToDictionary(piece => PlainCall(piece.Key[ToolCall.Length..]), piece => piece.Value, StringComparer.Ordinal);
            if (!_calls.Values.Any(other => Text(other, "id") == Text(call, "id") && Text(other, "name") == Text(call, "name")))
            {
                WriteCall(json, call);
            }
        }
    }

    private static void WritePart(Utf8JsonWriter json, Dictionary<string, OtlpValue> part)
    {
        json.WriteStartObject();
        if (Text(part, "text") is { } text)
        {
            json.WriteString("type", Text(part, "type") is "reasoning" ? "reasoning" : "text");
            json.WriteString("content", text);
        }
        else if ((Text(part, "image.image.url") ?? Text(part, "image.url")) is { } url)
        {
            json.WriteString("type", "uri");
            json.WriteString("modality", "image");
            json.WriteString("uri", url);
        }
        else
        {
            foreach (var (name, value) in part)
            {
                json.WritePropertyName(name);
                JsonWriting.Value(json, value);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, Dictionary<string, OtlpValue> call)
    {
        json.WriteStartObject();
        json.WriteString("type", "tool_call");
        if (Text(call, "id") is { } id)
        {
            json.WriteString("id", id);
        }

        json.WriteString("name", Text(call, "name") ?? "");
        if (call.TryGetValue("arguments", out var arguments))
        {
            json.WritePropertyName("arguments");
            JsonWriting.Raw(json, Coerce.Json(arguments) is { IsAbsent: false } raw ? raw : RawJson.Null);
        }

        json.WriteEndObject();
    }

    private static string PlainCall(string name) => name.StartsWith("function.", StringComparison.Ordinal) ? name["function.".Length..] : name;

    private static string? Text(Dictionary<string, OtlpValue> pieces, string name) =>
        pieces.TryGetValue(name, out var value) && Coerce.Text(value) is { Length: > 0 } text ? text : null;

    private static Dictionary<string, OtlpValue> Slot(SortedDictionary<int, Dictionary<string, OtlpValue>> slots, int index) =>
        slots.TryGetValue(index, out var slot) ? slot : slots[index] = new(StringComparer.Ordinal);

    private static bool Numbered(string name, string prefix, string inner, out int index, out string rest)
    {
        (index, rest) = (0, "");
        if (!name.StartsWith(prefix, StringComparison.Ordinal) || !Indexed.TrySplit(name[prefix.Length..], out index, out rest))
        {
            return false;
        }

        rest = rest.StartsWith(inner, StringComparison.Ordinal) ? rest[inner.Length..] : rest;
        return true;
    }
}

/// <summary>Names that begin with a number: <c>0.message.role</c>.</summary>
internal static class Indexed
{
    public static bool TrySplit(string name, out int index, out string rest)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        rest = dot < 0 ? "" : name[(dot + 1)..];
        return int.TryParse(dot < 0 ? name : name.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }

    /// <summary>The pieces by their number.</summary>
    public static SortedDictionary<int, List<(string Name, OtlpValue Value)>> Group(IEnumerable<(string Tail, OtlpValue Value)> attributes)
    {
        var groups = new SortedDictionary<int, List<(string, OtlpValue)>>();
        foreach (var (rest, value) in attributes)
        {
            if (TrySplit(rest, out var index, out var name))
            {
                (groups.TryGetValue(index, out var group) ? group : groups[index] = []).Add((name, value));
            }
        }

        return groups;
    }
}
