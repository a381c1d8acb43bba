using System.Text.Json;
using Perilune.Model;
using Perilune.Server.Ui.Json;

namespace Perilune.Server.Features.Traces.Messages;

/// <summary>
/// Finds the messages in what clients send as input and output: OpenAI chats, Anthropic blocks, Gemini and
/// OpenTelemetry parts, serialised LangChain messages, Lunary's role and text, plain strings, lists of documents.
/// Whatever it does not know is shown as JSON. It never fails, and reads no more than a page shows.
/// </summary>
internal static class MessageReader
{
    private const int MaxMessages = 200;
    private const int KeptFirst = 20;

    /// <param name="role">Who says what does not name its speaker.</param>
    public static Conversation Read(RawJson payload, string role)
    {
        if (!payload.HasValue)
        {
            return Conversation.Empty;
        }

        try
        {
            using var document = JsonDocument.Parse(payload.Utf8, JsonReading.Options);
            return Read(document.RootElement, role);
        }
        catch (JsonException)
        {
            return new Conversation([new Message(role, null, [new JsonPart(JsonView.Of(payload))])]);
        }
    }

    private static Conversation Read(JsonElement root, string role) => root.ValueKind switch
    {
        JsonValueKind.String => One(role, [new TextPart(root.Text(PartReader.TextLimit))]),
        JsonValueKind.Object when Generations(root) is { } generations => ReadGenerations(generations, role),
        JsonValueKind.Object when List(root) is { } list => Read(list, role),
        JsonValueKind.Object when OnlyText(root) is { } text => One(role, [new TextPart(text.Text(PartReader.TextLimit))]),
        JsonValueKind.Object when MessageShape.IsMessage(root) => new Conversation([ReadMessage(root, role)]),
        JsonValueKind.Object when PartReader.TryRead(root) is { } part => One(role, [part]),
        JsonValueKind.Array => ReadArray(root, role),
        _ => One("", [PartReader.Json(root)]),
    };

    private static Conversation ReadArray(JsonElement array, string role)
    {
        var count = array.GetArrayLength();
        if (count == 1 && array[0].ValueKind == JsonValueKind.Array)
        {
            array = array[0];
            count = array.GetArrayLength();
        }

        if (count > 0 && array.EnumerateArray().All(MessageShape.IsMessage))
        {
            return ReadMessages(array, count, role);
        }

        return count is > 0 and <= MaxMessages && ReadItems(array, role) is { } items ? items : One("", [PartReader.Json(array)]);
    }

    /// <summary>Parts, with messages among them as in OpenAI's responses; null when something is neither.</summary>
    private static Conversation? ReadItems(JsonElement array, string role)
    {
        var (messages, parts) = (new List<Message>(), new List<Part>());
        foreach (var item in array.EnumerateArray())
        {
            if (MessageShape.IsMessage(item))
            {
                var message = ReadMessage(item, role);
                if (message.Role != role || message.Name is not null)
                {
                    Flush();
                    messages.Add(message);
                    continue;
                }

                parts.AddRange(message.Parts);
            }
            else if (PartReader.TryRead(item) is { } part)
            {
                parts.Add(part);
            }
            else
            {
                return null;
            }
        }

        Flush();
        return new Conversation([.. messages]);

        void Flush()
        {
            if (parts.Count > 0)
            {
                messages.Add(new Message(role, null, [.. parts]));
                parts.Clear();
            }
        }
    }

    /// <summary>LangChain's result of a model call: <c>{"generations":[[{"text":…,"message":{…}}]]}</c>.</summary>
    private static JsonElement? Generations(JsonElement result) =>
        result.Get("generations") is { ValueKind: JsonValueKind.Array } lists && lists.GetArrayLength() == 1 &&
        lists[0] is { ValueKind: JsonValueKind.Array } first && first.GetArrayLength() is > 0 and <= MaxMessages &&
        first.EnumerateArray().All(generation => generation.Get("message") is { } message ? MessageShape.IsMessage(message) : generation.Get("text") is { ValueKind: JsonValueKind.String })
            ? first
            : null;

    private static Conversation ReadGenerations(JsonElement generations, string role) => new(
    [
        .. generations.EnumerateArray().Select(generation => generation.Get("message") is { } message
            ? ReadMessage(message, role)
            : new Message(role, null, [new TextPart(generation.Get("text")!.Value.Text(PartReader.TextLimit))])),
    ]);

    /// <summary>The text that is all an object says.</summary>
    private static JsonElement? OnlyText(JsonElement value) =>
        value.GetPropertyCount() == 1 && value.Get("content", "message", "text", "input", "output", "outputs") is { ValueKind: JsonValueKind.String } text ? text : null;

    private static Conversation ReadMessages(JsonElement array, int count, string role)
    {
        var omitted = Math.Max(0, count - MaxMessages);
        var messages = array.EnumerateArray()
            .Where((_, i) => omitted == 0 || i < KeptFirst || i >= KeptFirst + omitted)
            .Select(m => ReadMessage(m, role));
        return new Conversation([.. messages], omitted, omitted == 0 ? 0 : KeptFirst);
    }

    /// <summary>The messages that an envelope holds: a state's <c>messages</c>, a prompt value's, a completion's choices.</summary>
    private static JsonElement? List(JsonElement envelope)
    {
        if (MessageShape.IsMessage(envelope))
        {
            return null;
        }

        var inner = envelope.Get("kwargs") ?? envelope;
        if (inner.Get("messages", "contents") is { ValueKind: JsonValueKind.Array } messages && messages.GetArrayLength() > 0 &&
            messages.EnumerateArray().All(MessageShape.IsMessage))
        {
            return messages;
        }

        // OpenAI's responses, Opik's word for them, and what retrievers found.
        if (inner.Get("output", "outputs", "documents") is { ValueKind: JsonValueKind.Array } items && items.GetArrayLength() is > 0 and <= MaxMessages && ReadItems(items, "") is not null)
        {
            return items;
        }

        if (inner.Get("candidates") is { ValueKind: JsonValueKind.Array } candidates && candidates.GetArrayLength() == 1)
        {
            return candidates[0].Get("content");
        }

        if (inner.Get("choices") is { ValueKind: JsonValueKind.Array } choices && choices.GetArrayLength() == 1)
        {
            return choices[0].Get("message");
        }

        return inner.Get("lc") is not null || envelope.Get("lc") is not null ? inner.Get("message") : null;
    }

    private static Message ReadMessage(JsonElement message, string role)
    {
        var body = MessageShape.Body(message);
        var parts = new List<Part>();
        foreach (var name in (ReadOnlySpan<string>)["reasoning_content", "reasoningContent"])
        {
            if (body.Get(name) is { ValueKind: JsonValueKind.String } reasoning)
            {
                parts.Add(new ThinkingPart(reasoning.Text(PartReader.TextLimit)));
            }
        }

        if (body.Get("content", "text", "parts") is { } content)
        {
            parts.AddRange(PartReader.ReadContent(content));
        }

        if (body.Get("refusal") is { ValueKind: JsonValueKind.String } refusal)
        {
            parts.Add(new RefusalPart(refusal.Text(PartReader.TextLimit)));
        }

        parts.AddRange(ToolCalls.Of(body));
        var speaker = MessageShape.Role(message, body) ?? role;
        if (speaker is "tool" && !parts.Exists(p => p is ToolResultPart))
        {
            var isError = body.GetText(20, "status") == "error";
            parts = [new ToolResultPart(body.GetText(200, "tool_call_id", "toolCallId"), body.GetText(200, "name"), parts, isError)];
        }

        return new Message(speaker, body.GetText(100, "name"), parts);
    }

    private static Conversation One(string role, IReadOnlyList<Part> parts) => new([new Message(role, null, parts)]);
}
