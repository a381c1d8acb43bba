using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Perilune.Control;

namespace Perilune.Server.Features.Prompts;

/// <summary>A part of a prompt as people read and write it.</summary>
/// <param name="Role">Empty for the one text of a template of mode text.</param>
/// <param name="IsJson">The text is the message's JSON: it holds more than a role and a text.</param>
public sealed record PromptMessage(string Role, string Text, bool IsJson = false);

/// <summary>Between the JSON of a template version and what a page shows and takes.</summary>
internal static partial class PromptText
{
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };
    private static readonly JsonSerializerOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyList<PromptMessage> Messages(string content)
    {
        using var document = JsonDocument.Parse(content);
        return document.RootElement.ValueKind == JsonValueKind.String
            ? [new PromptMessage("", document.RootElement.GetString()!)]
            : [.. document.RootElement.EnumerateArray().Select(Message)];
    }

    /// <summary>The JSON of what was written; messages without a text are left out.</summary>
    /// <exception cref="JsonException">The text of a message that is JSON is none.</exception>
    public static string Content(TemplateMode mode, IReadOnlyList<PromptMessage> messages) => mode == TemplateMode.Text
        ? JsonSerializer.Serialize(messages.Count > 0 ? messages[0].Text : "", s_compact)
        : $"[{string.Join(',', messages.Where(m => m.Text.Trim().Length > 0).Select(Json))}]";

    /// <summary>The whole version as lines, for comparing.</summary>
    public static string Lines(TemplateVersion version)
    {
        var parts = Messages(version.Content).Select(m => m.Role.Length > 0 ? $"[{m.Role}]\n{m.Text}\n" : $"{m.Text}\n");
        return string.Join('\n', parts) + (version.Extra is "{}" ? "" : $"\n[parameters]\n{Indented(version.Extra)}\n");
    }

    public static string Indented(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement, s_readable);
    }

    /// <summary>The names between double braces, each once, in order.</summary>
    public static IReadOnlyList<string> Variables(string content) =>
        [.. Messages(content).SelectMany(m => Pieces(m.Text)).Where(p => p.IsVariable).Select(p => p.Text.Trim('{', '}', ' ')).Distinct(StringComparer.Ordinal)];

    /// <summary>The text cut at its variables.</summary>
    public static IReadOnlyList<(string Text, bool IsVariable)> Pieces(string text)
    {
        var pieces = new List<(string, bool)>();
        var at = 0;
        foreach (var match in Variable().EnumerateMatches(text))
        {
            pieces.Add((text[at..match.Index], false));
            pieces.Add((text.Substring(match.Index, match.Length), true));
            at = match.Index + match.Length;
        }

        pieces.Add((text[at..], false));
        return pieces;
    }

    private static PromptMessage Message(JsonElement message)
    {
        var role = message.GetProperty("role").GetString() ?? "";
        var isPlain = message.EnumerateObject().All(p => p.Name is "role" or "content") &&
            message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String;
        return isPlain
            ? new PromptMessage(role, message.GetProperty("content").GetString()!)
            : new PromptMessage(role, JsonSerializer.Serialize(message, s_readable), IsJson: true);
    }

    private static string Json(PromptMessage message)
    {
        if (!message.IsJson)
        {
            return $"{{\"role\":{JsonSerializer.Serialize(message.Role, s_compact)},\"content\":{JsonSerializer.Serialize(message.Text, s_compact)}}}";
        }

        using var document = JsonDocument.Parse(message.Text);
        return document.RootElement.GetRawText();
    }

    [GeneratedRegex(@"\{\{\s*[\w.-]{1,100}\s*\}\}", RegexOptions.NonBacktracking)]
    private static partial Regex Variable();
}
