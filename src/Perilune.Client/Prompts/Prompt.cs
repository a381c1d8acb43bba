using System.Text.Json.Nodes;

namespace PeriluneSdk.Prompts;

/// <summary>A prompt template: a text or messages in which <c>{{name}}</c> stands for a value.</summary>
public sealed record Prompt
{
    private Prompt(IReadOnlyList<PromptMessage> messages, bool isText) => (Messages, IsText) = (messages, isText);

    /// <summary>The template's name.</summary>
    public string Slug { get; init; } = "";

    /// <summary>The server's id of this version; null for one made in code.</summary>
    public string? VersionId { get; init; }

    /// <summary>The number of this version; null when the server gives none.</summary>
    public int? Version { get; init; }

    /// <summary>The template's messages; one of role <c>user</c> for a text.</summary>
    public IReadOnlyList<PromptMessage> Messages { get; }

    /// <summary>Whether it is a text and not messages.</summary>
    public bool IsText { get; }

    /// <summary>Settings of the call that the template was made with, such as <c>model</c> and <c>temperature</c>, as the server keeps them.</summary>
    public JsonObject? Settings { get; init; }

    /// <summary>A template of one text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The template.</returns>
    public static Prompt Text(string text) => new([new PromptMessage("user", text)], isText: true);

    /// <summary>A template of messages.</summary>
    /// <param name="messages">Role and text of each.</param>
    /// <returns>The template.</returns>
    /// <example><code>Prompt.Chat(("system", "You are terse."), ("user", "{{question}}"))</code></example>
    public static Prompt Chat(params (string Role, string Content)[] messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return new([.. messages.Select(static message => new PromptMessage(message.Role, message.Content))], isText: false);
    }

    /// <summary>Puts values in the places of their names.</summary>
    /// <param name="values">Name and value of each; numbers are written without culture. A name without a value stays as it is, visibly.</param>
    /// <returns>Messages and options for a chat client, which link its calls to this version.</returns>
    public RenderedPrompt Render(params (string Name, object? Value)[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return RenderedPrompt.Of(this, values.ToDictionary(static value => value.Name, static value => value.Value, StringComparer.Ordinal));
    }

    /// <summary>Puts values in the places of their names.</summary>
    /// <param name="values">Values by name; numbers are written without culture. A name without a value stays as it is, visibly.</param>
    /// <returns>Messages and options for a chat client, which link its calls to this version.</returns>
    public RenderedPrompt Render(IReadOnlyDictionary<string, object?> values) => RenderedPrompt.Of(this, values);
}

/// <summary>A message of a template.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">Its text, with names in <c>{{ }}</c>.</param>
public sealed record PromptMessage(string Role, string Content);
