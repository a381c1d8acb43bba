using System.Text.Json;

namespace Perilune.Control;

/// <summary>What a version may hold.</summary>
internal static class TemplateRules
{
    public const int MaxTemplates = 1_000;
    public const int MaxVersions = 1_000;

    /// <summary>In characters, of all versions of a project.</summary>
    public const long MaxTotal = 64 << 20;

    private const int MaxContent = 256 << 10;
    private const int MaxOther = 64 << 10;
    private const int MaxMessages = 200;

    /// <summary>What is wrong with the text; null when nothing is.</summary>
    public static string? Fault(TemplateMode mode, TemplateText text) =>
        ContentFault(mode, text.Content)
        ?? ObjectFault("extra", text.Extra)
        ?? ObjectFault("testValues", text.TestValues)
        ?? (text.Notes?.Length > MaxOther ? $"notes: longer than {MaxOther:N0} characters." : null);

    private static string? ContentFault(TemplateMode mode, string? json)
    {
        if (json is null)
        {
            return null;
        }

        if (json.Length > MaxContent)
        {
            return $"content: longer than {MaxContent:N0} characters.";
        }

        if (Parse(json) is not { } content)
        {
            return "content: this is not JSON.";
        }

        return mode switch
        {
            TemplateMode.Text => content.ValueKind == JsonValueKind.String ? null : "content: a template of mode text has one text. Send a string, or make a template of mode openai.",
            _ when content.ValueKind != JsonValueKind.Array => "content: a template of mode openai has messages. Send an array such as [{\"role\":\"user\",\"content\":\"…\"}], or make a template of mode text.",
            _ when content.GetArrayLength() > MaxMessages => $"content: more than {MaxMessages} messages.",
            _ => content.EnumerateArray().All(IsMessage) ? null : "content: every message needs a role and a content, as in {\"role\":\"user\",\"content\":\"…\"}.",
        };
    }

    private static bool IsMessage(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object &&
        message.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String &&
        (message.TryGetProperty("content", out var content) ? content.ValueKind is JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Null : HasCalls(message));

    private static bool HasCalls(JsonElement message) => message.TryGetProperty("tool_calls", out _) || message.TryGetProperty("toolCalls", out _);

    private static string? ObjectFault(string name, string? json) =>
        json is null ? null
        : json.Length > MaxOther ? $"{name}: longer than {MaxOther:N0} characters."
        : Parse(json) is not { ValueKind: JsonValueKind.Object } ? $"{name}: this is not a JSON object."
        : null;

    private static JsonElement? Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
