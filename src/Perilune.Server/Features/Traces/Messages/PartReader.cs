using System.Text.Json;
using Perilune.Server.Ui.Json;

namespace Perilune.Server.Features.Traces.Messages;

/// <summary>Reads content parts: text, reasoning, tool calls and results, pictures, documents.</summary>
internal static class PartReader
{
    /// <summary>Characters of one text that are shown.</summary>
    public const int TextLimit = 24_000;

    private const int NameLimit = 300;
    private const int UrlLimit = 4_000;
    private const int ImageLimit = 2 * 1024 * 1024;
    private const int MaxParts = 200;

    public static JsonPart Json(JsonElement value) => new(JsonView.Of(value, JsonLimits.Page));

    public static IEnumerable<Part> ReadContent(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => [],
        JsonValueKind.String => Text(content) is { Text.Text.Length: > 0 } text ? [text] : [],
        JsonValueKind.Array => content.EnumerateArray().Take(MaxParts).Select(p => TryRead(p) ?? Json(p)),
        _ => [TryRead(content) ?? Json(content)],
    };

    /// <summary>The part that <paramref name="value"/> is; null when it is none we know.</summary>
    public static Part? TryRead(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return Text(value);
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return value.GetText(40, "type") switch
        {
            "text" or "input_text" or "output_text" => TextOf(value),
            "thinking" or "reasoning" => Thinking(value),
            "refusal" when value.Get("refusal", "content") is { ValueKind: JsonValueKind.String } refusal => new RefusalPart(refusal.Text(TextLimit)),
            "tool_use" or "tool_call" or "tool-call" or "function_call" or "server_tool_use" => ToolCalls.Read(value),
            "tool_result" or "tool_call_response" or "tool-result" or "function_call_output" => ToolResult(value),
            "image_url" or "input_image" or "image" or "blob" or "uri" => Image(value),
            "input_audio" or "audio" or "file" or "input_file" or "document" or "media" => Medium(value),
            null => Untyped(value),
            _ => null,
        };
    }

    private static Part? Untyped(JsonElement value)
    {
        if (value.Get("functionCall", "function_call") is { ValueKind: JsonValueKind.Object } call)
        {
            return ToolCalls.Read(call);
        }

        if (value.Get("functionResponse", "function_response") is { ValueKind: JsonValueKind.Object } response)
        {
            return ToolResult(response);
        }

        if (value.Get("inlineData", "inline_data") is not null)
        {
            return Image(value);
        }

        return Document(value) as Part ?? (value.Get("text") is not null && value.GetPropertyCount() == 1 ? TextOf(value) : null);
    }

    private static TextPart? TextOf(JsonElement value)
    {
        var text = value.Get("text", "content");
        return text?.ValueKind == JsonValueKind.Object ? text.Value.Get("value") is { ValueKind: JsonValueKind.String } inner ? Text(inner) : null
            : text is { ValueKind: JsonValueKind.String } plain ? Text(plain) : null;
    }

    private static TextPart Text(JsonElement text) => new(text.Text(TextLimit));

    private static ThinkingPart? Thinking(JsonElement value)
    {
        if (value.Get("thinking", "text", "content", "reasoning") is { ValueKind: JsonValueKind.String } text)
        {
            return new ThinkingPart(text.Text(TextLimit));
        }

        return value.Get("summary") is { ValueKind: JsonValueKind.Array } summary
            ? new ThinkingPart(new Clip(string.Join("\n\n", summary.EnumerateArray().Take(MaxParts).Select(s => s.GetText(TextLimit / 8, "text"))), 0))
            : null;
    }

    private static ToolResultPart ToolResult(JsonElement value)
    {
        var content = value.Get("content", "response", "output", "result");
        return new ToolResultPart(
            value.GetText(NameLimit, "tool_use_id", "call_id", "toolCallId", "id"),
            value.GetText(NameLimit, "name", "toolName"),
            content is { } parts ? [.. ReadContent(parts)] : [],
            value.Get("is_error", "isError")?.ValueKind == JsonValueKind.True);
    }

    /// <summary>What refers to a medium that was taken out; null for any other.</summary>
    private static MediaPart? Medium(JsonElement value)
    {
        var inner = value.Get("input_audio", "audio", "file", "source") ?? value;
        var text = inner.ValueKind == JsonValueKind.String ? inner : inner.Get("data", "file_data", "content", "url");
        return text is { ValueKind: JsonValueKind.String } reference ? MediaReference.Read(reference.Text(MediaReference.Longest).Text) : null;
    }

    private static Part? Image(JsonElement value)
    {
        var source = value.Get("image_url", "imageUrl", "source", "inlineData", "inline_data", "image") ?? value;
        if (source.ValueKind == JsonValueKind.String)
        {
            return FromUrl(source.Text(ImageLimit));
        }

        if (source.Get("data", "content") is { ValueKind: JsonValueKind.String } data && source.GetText(100, "media_type", "mimeType", "mime_type") is { } type)
        {
            var base64 = data.Text(ImageLimit);
            return MediaReference.Read(base64.Text) is { } medium ? medium
                : !type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? null
                : base64.IsCut ? new ImagePart(null, null)
                : FromUrl(new Clip($"data:{type};base64,{base64.Text}", 0));
        }

        return source.Get("url", "uri") is { ValueKind: JsonValueKind.String } url ? FromUrl(url.Text(ImageLimit)) : null;
    }

    private static Part FromUrl(Clip url)
    {
        if (MediaReference.Read(url.Text) is { } medium)
        {
            return medium;
        }

        if (url.IsCut)
        {
            return new ImagePart(null, null);
        }

        // An SVG is a document that can fetch and link; only pixels are shown.
        if (url.Text.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase) && !url.Text.StartsWith("data:image/svg", StringComparison.OrdinalIgnoreCase))
        {
            return new ImagePart(url.Text, null);
        }

        var isWeb = Uri.TryCreate(url.Text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
        return new ImagePart(null, isWeb && url.Text.Length <= UrlLimit ? url.Text : null);
    }

    /// <summary>What retrievers return: Lunary's <c>{id, title, summary, source}</c> or LangChain's <c>{pageContent, metadata}</c>.</summary>
    private static DocumentPart? Document(JsonElement value)
    {
        var text = value.Get("pageContent", "page_content", "summary");
        var isDocument = text is { ValueKind: JsonValueKind.String } && value.Get("role") is null;
        if (!isDocument && (value.GetText(NameLimit, "title") is null || value.GetText(NameLimit, "source", "id", "url") is null))
        {
            return null;
        }

        var metadata = value.Get("metadata") ?? value;
        return new DocumentPart(
            value.GetText(NameLimit, "id") ?? metadata.GetText(NameLimit, "id"),
            value.GetText(NameLimit, "title") ?? metadata.GetText(NameLimit, "title"),
            text is { ValueKind: JsonValueKind.String } body ? body.Text(TextLimit / 8) : value.Get("content", "text") is { ValueKind: JsonValueKind.String } other ? other.Text(TextLimit / 8) : null,
            value.GetText(NameLimit, "source", "url") ?? metadata.GetText(NameLimit, "source", "url"),
            (value.Get("score", "relevance", "_distance") ?? metadata.Get("score")) is { ValueKind: JsonValueKind.Number } score ? score.Text(20).Text : null);
    }
}
