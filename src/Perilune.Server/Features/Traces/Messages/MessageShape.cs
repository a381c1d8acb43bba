using System.Text.Json;
using Perilune.Server.Ui.Json;

namespace Perilune.Server.Features.Traces.Messages;

/// <summary>Tells messages from other objects, and who says them.</summary>
internal static class MessageShape
{
    private const int NameLimit = 60;

    public static bool IsMessage(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        if (LangChainClass(value) is { } type)
        {
            return type.EndsWith("Message", StringComparison.Ordinal) || type.EndsWith("MessageChunk", StringComparison.Ordinal);
        }

        var body = Body(value);
        return Role(value, body) is not null && HasContent(body);
    }

    /// <summary>The object that holds content and calls: LangChain wraps it.</summary>
    public static JsonElement Body(JsonElement message) =>
        message.Get("lc") is not null && message.Get("kwargs") is { ValueKind: JsonValueKind.Object } arguments ? arguments
        : message.Get("type") is not null && message.Get("data") is { ValueKind: JsonValueKind.Object } data ? data
        : message;

    public static string? Role(JsonElement message, JsonElement body)
    {
        if (body.GetText(NameLimit, "role") is { Length: > 0 } role)
        {
            return Canonical(role);
        }

        var type = LangChainClass(message) is { } name ? name.Replace("MessageChunk", "", StringComparison.Ordinal).Replace("Message", "", StringComparison.Ordinal)
            : message.GetText(NameLimit, "type");
        return type switch
        {
            "Human" or "human" => "user",
            "AI" or "ai" => "assistant",
            "System" or "system" => "system",
            "Tool" or "tool" or "Function" or "function" => "tool",
            "Chat" or "Developer" or "developer" => "system",
            _ => null,
        };
    }

    private static bool HasContent(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.EnumerateObject().Any(static p => JsonReading.NameOf(p) is
            "content" or "text" or "parts" or "tool_calls" or "toolCalls" or "function_call" or "functionCall" or "refusal");

    private static string? LangChainClass(JsonElement value) =>
        value.Get("lc") is not null && value.Get("id") is { ValueKind: JsonValueKind.Array } id && id.GetArrayLength() is > 0 and var length &&
        id[length - 1].ValueKind == JsonValueKind.String
            ? id[length - 1].Text(NameLimit).Text
            : null;

    private static string Canonical(string role) => role switch
    {
        "ai" or "model" or "bot" => "assistant",
        "human" => "user",
        "function" => "tool",
        _ => role,
    };
}
