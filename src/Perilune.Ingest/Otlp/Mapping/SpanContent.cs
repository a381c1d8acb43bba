using System.Text.Json;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>Input, output and parameters of a span, by the precedence of the conventions.</summary>
internal static class SpanContent
{
    /// <param name="isCut">The library dropped attributes: of messages that are attributes of their own, some are missing.</param>
    public static RawJson Input(string type, AttributeSet set, List<RawJson> eventMessages, bool isCut = false)
    {
        if (isCut && set.NameOf(Field.Input) == "input.value")
        {
            return Value(set, Field.Input, Field.InputType);
        }

        if (type == RunTypes.Tool && set.Has(Field.ToolArguments))
        {
            return Coerce.Json(set.Take(Field.ToolArguments));
        }

        if (set.Has(Field.InputMessages) || set.Has(Field.System))
        {
            return WithSystem(Coerce.Json(set.Take(Field.System)), Coerce.Json(set.Take(Field.InputMessages)));
        }

        return eventMessages.Count > 0 ? RawJson.ArrayOf(eventMessages)
            : MessageDraft.Compose(set.TakeFamily(AttributeFamily.OpenInferenceInput), "user") is { IsAbsent: false } flattened ? flattened
            : MessageDraft.Compose(set.TakeFamily(AttributeFamily.IndexedPrompt), "user") is { IsAbsent: false } indexed ? indexed
            : Value(set, Field.Input, Field.InputType) is { IsAbsent: false } value ? value
            : Coerce.Json(set.Take(Field.ToolArguments));
    }

    public static RawJson Output(string type, AttributeSet set, List<RawJson> eventMessages)
    {
        if (type == RunTypes.Tool && set.Has(Field.ToolResult))
        {
            return Coerce.DeepJson(set.Take(Field.ToolResult));
        }

        if (set.Has(Field.OutputMessages))
        {
            return Coerce.Json(set.Take(Field.OutputMessages));
        }

        return eventMessages.Count > 0 ? RawJson.ArrayOf(eventMessages)
            : MessageDraft.Compose(set.TakeFamily(AttributeFamily.OpenInferenceOutput), "assistant") is { IsAbsent: false } flattened ? flattened
            : MessageDraft.Compose(set.TakeFamily(AttributeFamily.IndexedCompletion), "assistant") is { IsAbsent: false } indexed ? indexed
            : VercelAnswer.Compose(set) is { IsAbsent: false } answer ? answer
            : Documents(set) is { IsAbsent: false } documents ? documents
            : Value(set, Field.Output, Field.OutputType) is { IsAbsent: false } value ? value
            : Coerce.DeepJson(set.Take(Field.ToolResult));
    }

    private static RawJson Value(AttributeSet set, Field field, Field mimeType)
    {
        var isText = Coerce.Text(set.Peek(mimeType)) is { } mime && mime.StartsWith("text/", StringComparison.Ordinal);
        if (set.NameOf(field) is "input.value" or "output.value")
        {
            set.Take(mimeType);
        }
        else
        {
            isText = false;
        }

        var value = set.Take(field);
        return value.Kind == OtlpKind.Array ? Elements(value.Items) : Coerce.Json(value, isText);
    }

    // Lists of the Vercel AI SDK hold JSON in strings.
    private static RawJson Elements(OtlpValue[] items) => RawJson.ArrayOf(Array.ConvertAll(items, item => Coerce.Json(item) is { IsAbsent: false } json ? json : RawJson.Null));

    /// <summary>The instructions as a first message of the role system, the messages as they were sent.</summary>
    private static RawJson WithSystem(RawJson system, RawJson messages)
    {
        if (system.IsAbsent)
        {
            return messages;
        }

        // A list of parts, or (Gemini CLI) a bare string.
        var head = JsonWriting.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("role", "system");
            json.WritePropertyName(system.IsArray ? "parts" : "content");
            JsonWriting.Raw(json, system);
            json.WriteEndObject();
        });
        if (!messages.IsArray)
        {
            return messages.IsAbsent ? RawJson.ArrayOf([head]) : RawJson.ArrayOf([head, messages]);
        }

        var rest = messages.Span[1..].TrimStart(" \t\r\n"u8);
        return new RawJson(rest[0] == (byte)']' ? [(byte)'[', .. head.Span, .. rest] : (byte[])[(byte)'[', .. head.Span, (byte)',', .. rest]);
    }

    private static RawJson Documents(AttributeSet set)
    {
        if (!set.HasFamily(AttributeFamily.OpenInferenceDocuments))
        {
            return default;
        }

        var documents = Indexed.Group(set.TakeFamily(AttributeFamily.OpenInferenceDocuments));
        return documents.Count == 0 ? default : JsonWriting.Write(json =>
        {
            json.WriteStartArray();
            foreach (var document in documents.Values)
            {
                json.WriteStartObject();
                foreach (var (name, value) in document)
                {
                    var plain = name.StartsWith("document.", StringComparison.Ordinal) ? name["document.".Length..] : name;
                    json.WritePropertyName(plain == "content" ? "page_content" : plain);
                    JsonWriting.Raw(json, Coerce.Json(value, isText: plain == "content") is { IsAbsent: false } raw ? raw : RawJson.Null);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    /// <summary>What the model was asked with, and the tools it was offered as <c>tools</c>.</summary>
    public static RawJson Parameters(AttributeSet set)
    {
        var tools = Tools(set);
        var given = set.Has(Field.Parameters) && Coerce.Json(set.Peek(Field.Parameters)) is { IsObject: true } json ? json : default;
        if (!given.IsAbsent)
        {
            set.Take(Field.Parameters);
        }

        if (tools.IsAbsent && !set.HasFamily(AttributeFamily.Parameter) && !set.HasFamily(AttributeFamily.VercelSetting))
        {
            return given;
        }

        var members = new List<(string Name, RawJson Value)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in set.TakeFamily(AttributeFamily.Parameter).Concat(set.TakeFamily(AttributeFamily.VercelSetting)))
        {
            if (Coerce.Json(value) is { IsAbsent: false } raw && names.Add(Plain(name)))
            {
                members.Add((name, raw));
            }
        }

        if (!tools.IsAbsent && EventMessages.Member(given, "tools"u8).IsAbsent)
        {
            members.Add(("tools", tools));
        }

        return members.Count == 0 ? given : JsonWriting.Write(json =>
        {
            json.WriteStartObject();
            foreach (var (name, value) in members)
            {
                json.WritePropertyName(name);
                JsonWriting.Raw(json, value);
            }

            JsonMembers.Write(json, given);
            json.WriteEndObject();
        });
    }

    // The Vercel AI SDK says the same twice, as max_tokens and maxOutputTokens.
    private static string Plain(string name)
    {
        var plain = name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        return plain == "maxoutputtokens" ? "maxtokens" : plain;
    }

    private static RawJson Tools(AttributeSet set)
    {
        if (set.Has(Field.ToolDefinitions))
        {
            var value = set.Take(Field.ToolDefinitions);
            return value.Kind == OtlpKind.Array ? Elements(value.Items) : Coerce.Json(value);
        }

        if (!set.HasFamily(AttributeFamily.OpenInferenceTools) && !set.HasFamily(AttributeFamily.IndexedFunctions))
        {
            return default;
        }

        var tools = Indexed.Group(set.TakeFamily(AttributeFamily.OpenInferenceTools)).Values
            .Select(tool => tool.Find(piece => piece.Name == "tool.json_schema").Value)
            .Where(value => value.Kind != OtlpKind.Null)
            .Select(value => Coerce.Json(value))
            .ToList();
        if (tools.Count == 0)
        {
            tools = [.. Indexed.Group(set.TakeFamily(AttributeFamily.IndexedFunctions)).Values.Select(function => JsonWriting.Write(json => Function(json, function)))];
        }

        return RawJson.ArrayOf(tools);
    }

    private static void Function(Utf8JsonWriter json, List<(string Name, OtlpValue Value)> pieces)
    {
        json.WriteStartObject();
        json.WriteString("type", "function");
        foreach (var (name, value) in pieces)
        {
            json.WritePropertyName(name);
            JsonWriting.Raw(json, Coerce.Json(value) is { IsAbsent: false } raw ? raw : RawJson.Null);
        }

        json.WriteEndObject();
    }
}
