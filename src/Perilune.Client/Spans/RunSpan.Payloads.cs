using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;
using PeriluneSdk.Spans;

namespace PeriluneSdk;

/// <content>Inputs and outputs. Those of models are written as messages, those of tools as arguments and results.</content>
public readonly partial struct RunSpan
{
    /// <summary>What goes in, as text. For a model it is the user's message.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The same run.</returns>
    public RunSpan Input(string? text) => _kind == RunKind.Llm ? Messages([new ChatMessage(ChatRole.User, text)]) : Payload(text, input: true, json: false);

    /// <summary>What goes in, as JSON.</summary>
    /// <param name="json">The value.</param>
    /// <returns>The same run.</returns>
    public RunSpan Input(JsonNode? json) => Recorded ? Payload(json?.ToJsonString() ?? "null", input: true, json: true) : this;

    /// <summary>What goes in, written as JSON by the application's source-generated serializer.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="type">How to write it, such as <c>AppJson.Default.Question</c>.</param>
    /// <returns>The same run.</returns>
    public RunSpan Input<T>(T value, JsonTypeInfo<T> type) => Recorded ? Payload(JsonSerializer.Serialize(value, type), input: true, json: true) : this;

    /// <summary>What comes out, as text. For a model it is the assistant's message.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The same run.</returns>
    public RunSpan Output(string? text) => _kind == RunKind.Llm ? Output(new ChatMessage(ChatRole.Assistant, text)) : Payload(text, input: false, json: false);

    /// <summary>What comes out, as JSON.</summary>
    /// <param name="json">The value.</param>
    /// <returns>The same run.</returns>
    public RunSpan Output(JsonNode? json) => Recorded ? Payload(json?.ToJsonString() ?? "null", input: false, json: true) : this;

    /// <summary>What comes out, written as JSON by the application's source-generated serializer.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="type">How to write it, such as <c>AppJson.Default.Answer</c>.</param>
    /// <returns>The same run.</returns>
    public RunSpan Output<T>(T value, JsonTypeInfo<T> type) => Recorded ? Payload(JsonSerializer.Serialize(value, type), input: false, json: true) : this;

    /// <summary>The messages that go to a model or an agent.</summary>
    /// <param name="messages">In their order; they are read at once.</param>
    /// <returns>The same run.</returns>
    public RunSpan Messages(IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (Recorded)
        {
            Activity!.SetTag(GenAi.InputMessages, MessageJson.Write(messages));
        }

        return this;
    }

    /// <summary>The messages that a model or an agent answers.</summary>
    /// <param name="messages">In their order; they are read at once.</param>
    /// <returns>The same run.</returns>
    public RunSpan Output(params ChatMessage[] messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (Recorded)
        {
            Activity!.SetTag(GenAi.OutputMessages, MessageJson.Write(messages));
        }

        return this;
    }

    private bool Recorded => Activity is { IsAllDataRequested: true } && Recording.Content.IsCaptured;

    private RunSpan Payload(string? text, bool input, bool json)
    {
        if (Recorded && text is not null)
        {
            var (key, type) = (_kind, input) switch
            {
                (RunKind.Tool, true) => (GenAi.ToolArguments, null),
                (RunKind.Tool, false) => (GenAi.ToolResult, null),
                (_, true) => (GenAi.Input, GenAi.InputType),
                _ => (GenAi.Output, GenAi.OutputType),
            };
            Activity!.SetTag(key, text);
            if (json && type is not null)
            {
                Activity.SetTag(type, "application/json");
            }
        }

        return this;
    }
}
