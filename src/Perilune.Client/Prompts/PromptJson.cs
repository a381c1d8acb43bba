using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PeriluneSdk.Prompts;

/// <summary>A template as the server writes it, and as it is kept on disk.</summary>
internal static class PromptJson
{
    public static Prompt? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var members = JsonNode.Parse(json) as JsonObject;
            var prompt = members?["content"] switch
            {
                JsonValue text when text.TryGetValue<string>(out var content) => Prompt.Text(content),
                JsonArray messages => Prompt.Chat([.. messages.OfType<JsonObject>().Select(static message => (Text(message["role"]) ?? "user", Text(message["content"]) ?? ""))]),
                _ => null,
            };
            return prompt is null ? null : prompt with
            {
                Slug = Text(members!["slug"]) ?? "",
                VersionId = Text(members["id"]),
                Version = int.TryParse(Text(members["version"]), CultureInfo.InvariantCulture, out var version) ? version : null,
                Settings = members["extra"]?.DeepClone() as JsonObject,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static byte[] Write(Prompt prompt)
    {
        var json = new JsonObject
        {
            ["id"] = prompt.VersionId,
            ["slug"] = prompt.Slug,
            ["version"] = prompt.Version,
            ["content"] = prompt.IsText
                ? prompt.Messages[0].Content
                : new JsonArray([.. prompt.Messages.Select(static message => new JsonObject { ["role"] = message.Role, ["content"] = message.Content })]),
            ["extra"] = prompt.Settings?.DeepClone(),
        };
        return System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    private static string? Text(JsonNode? node) => (node as JsonValue)?.ToString();
}
