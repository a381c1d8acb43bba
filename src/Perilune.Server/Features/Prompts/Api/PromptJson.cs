using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Perilune.Control;

namespace Perilune.Server.Features.Prompts.Api;

/// <summary>Writes templates as Lunary does. Contents go out as they came in, but for names that OpenAI's API spells otherwise.</summary>
internal static class PromptJson
{
    /// <summary>What Lunary's dashboard writes in camelCase, and the providers' APIs read in snake_case.</summary>
    private static readonly FrozenDictionary<string, string> s_spelling = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["maxTokens"] = "max_tokens",
        ["maxCompletionTokens"] = "max_completion_tokens",
        ["topP"] = "top_p",
        ["topK"] = "top_k",
        ["frequencyPenalty"] = "frequency_penalty",
        ["presencePenalty"] = "presence_penalty",
        ["stopSequences"] = "stop_sequences",
        ["responseFormat"] = "response_format",
        ["toolChoice"] = "tool_choice",
        ["parallelToolCalls"] = "parallel_tool_calls",
        ["reasoningEffort"] = "reasoning_effort",
        ["logitBias"] = "logit_bias",
        ["topLogprobs"] = "top_logprobs",
        ["serviceTier"] = "service_tier",
        ["streamOptions"] = "stream_options",
        ["functionCall"] = "function_call",
        ["toolCalls"] = "tool_calls",
        ["toolCallId"] = "tool_call_id",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string Word(TemplateMode mode) => mode == TemplateMode.Text ? "text" : "openai";

    public static void Write(Utf8JsonWriter json, Template template)
    {
        json.WriteStartObject();
        json.WriteString("id", Text(template.Id));
        json.WriteString("projectId", template.ProjectId);
        json.WriteString("slug", template.Slug);
        json.WriteString("mode", Word(template.Mode));
        json.WriteString("createdAt", template.Created);
        json.WriteStartArray("versions");
        foreach (var version in template.Versions)
        {
            Write(json, version);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, TemplateVersion version)
    {
        json.WriteStartObject();
        json.WriteString("id", Text(version.Id));
        json.WriteString("templateId", Text(version.TemplateId));
        json.WriteString("slug", version.Slug);
        json.WriteNumber("version", version.Number);
        json.WritePropertyName("content");
        json.WriteRawValue(version.Content);
        json.WritePropertyName("extra");
        json.WriteRawValue(version.Extra);
        json.WritePropertyName("testValues");
        json.WriteRawValue(version.TestValues ?? "null");
        json.WriteBoolean("isDraft", version.IsDraft);
        json.WriteString("notes", version.Notes);
        WriteLabels(json, version);
        json.WriteString("createdAt", version.Created);
        if (version.Published is { } published)
        {
            json.WriteString("publishedAt", published);
        }
        else
        {
            json.WriteNull("publishedAt");
        }

        json.WriteEndObject();
    }

    /// <summary>What the SDKs render.</summary>
    public static void WriteLive(Utf8JsonWriter json, TemplateVersion version)
    {
        json.WriteStartObject();
        json.WriteString("id", Text(version.Id));
        json.WriteString("slug", version.Slug);
        json.WriteNumber("version", version.Number);
        json.WritePropertyName("content");
        WriteContent(json, version.Content);
        json.WritePropertyName("extra");
        using (var extra = JsonDocument.Parse(version.Extra))
        {
            WriteSpelled(json, extra.RootElement);
        }

        WriteLabels(json, version);
        json.WriteString("createdAt", version.Created);

        // Lunary's Python SDK reads the one, its JavaScript types say the other.
        json.WriteString("created_at", version.Created);
        json.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter json, string content)
    {
        using var document = JsonDocument.Parse(content);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            document.RootElement.WriteTo(json);
            return;
        }

        json.WriteStartArray();
        foreach (var message in document.RootElement.EnumerateArray())
        {
            WriteSpelled(json, message);
        }

        json.WriteEndArray();
    }

    private static void WriteSpelled(Utf8JsonWriter json, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            value.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        foreach (var property in value.EnumerateObject())
        {
            json.WritePropertyName(s_spelling.GetValueOrDefault(property.Name, property.Name));
            property.Value.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static void WriteLabels(Utf8JsonWriter json, TemplateVersion version)
    {
        json.WriteStartArray("labels");
        foreach (var label in version.Labels)
        {
            json.WriteStringValue(label);
        }

        json.WriteEndArray();
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
