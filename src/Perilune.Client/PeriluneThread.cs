using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using PeriluneSdk.Scopes;
using PeriluneSdk.Wire;

namespace PeriluneSdk;

/// <summary>
/// A conversation. Its messages are shown as the user saw them; the runs that made an answer stand in its thread, with
/// the id of the message that they answer, when they run in its <see cref="Scope(string?)"/>.
/// </summary>
/// <example>
/// <code>
/// var thread = Perilune.OpenThread(chatId, user: "u42");
/// var question = thread.TrackMessage("user", text);
/// using (thread.Scope(question))
/// {
///     var answer = await chat.GetResponseAsync(text);
///     thread.TrackMessage("assistant", answer.Text);
/// }
/// </code>
/// </example>
public sealed class PeriluneThread
{
    private readonly PeriluneUser? _user;
    private readonly string[]? _tags;
    private readonly JsonObject? _metadata;

    internal PeriluneThread(string id, PeriluneUser? user, IEnumerable<string>? tags, IEnumerable<KeyValuePair<string, object?>>? metadata)
    {
        Id = id;
        _user = user;
        _tags = tags?.ToArray();
        _metadata = metadata is null ? null : JsonValues.Object(metadata);
    }

    /// <summary>The thread's id, as it was given or made.</summary>
    public string Id { get; }

    /// <summary>Adds a message.</summary>
    /// <param name="role"><c>user</c>, <c>assistant</c>, <c>system</c> or <c>tool</c>.</param>
    /// <param name="content">Its text.</param>
    /// <param name="details">More about it.</param>
    /// <returns>The message's id, for feedback and for <see cref="Scope(string?)"/>.</returns>
    public string TrackMessage(string role, string content, MessageDetails? details = null) =>
        Track(new JsonObject { ["role"] = role, ["content"] = content }, details);

    /// <summary>Adds a message of Microsoft.Extensions.AI.</summary>
    /// <param name="message">The message; its text is kept.</param>
    /// <param name="details">More about it.</param>
    /// <returns>The message's id, for feedback and for <see cref="Scope(string?)"/>.</returns>
    public string TrackMessage(ChatMessage message, MessageDetails? details = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Track(new JsonObject { ["role"] = message.Role.Value, ["content"] = message.Text }, details);
    }

    /// <summary>Adds something that happened in the conversation besides messages.</summary>
    /// <param name="name">What happened, such as <c>transferred to support</c>.</param>
    /// <param name="metadata">More about it.</param>
    public void TrackEvent(string name, IEnumerable<KeyValuePair<string, object?>>? metadata = null) =>
        PeriluneClient.Current?.Send(EventJson.Custom(this, name, metadata is null ? null : JsonValues.Object(metadata)));

    /// <summary>What runs until the scope is disposed belongs to this thread and its user.</summary>
    /// <param name="messageId">The message that is being answered, as <see cref="TrackMessage(string, string, MessageDetails?)"/> gave it.</param>
    /// <returns>The scope; dispose it to end it.</returns>
    public IDisposable Scope(string? messageId = null)
    {
        var scope = ScopeHandle.Open(outer => outer.With(_user?.Id, Id, tags: null, metadata: null) with { ParentRunId = messageId });
        PeriluneClient.Current?.Propagate();
        return scope;
    }

    internal void WriteAbout(JsonObject e)
    {
        e["parentRunId"] = Id;
        if (_user is not null)
        {
            e["userId"] = _user.Id;
            if (_user.ToProps() is { } props)
            {
                e["userProps"] = props;
            }
        }

        if (_tags is not null)
        {
            e["threadTags"] = JsonValues.Array(_tags);
        }

        if (_metadata is not null)
        {
            e["threadMetadata"] = _metadata.DeepClone();
        }
    }

    private string Track(JsonObject message, MessageDetails? details)
    {
        var id = details?.Id ?? Ids.New();
        PeriluneClient.Current?.Send(EventJson.Message(this, id, message, details));
        return id;
    }
}

/// <summary>What else can be said about a message.</summary>
public sealed record MessageDetails
{
    /// <summary>The application's id of the message; null for a new one. The same id twice is one message.</summary>
    public string? Id { get; init; }

    /// <summary>True when it replaces the previous message of its role instead of following it.</summary>
    public bool IsRetry { get; init; }

    /// <summary>Tags of the message.</summary>
    public IEnumerable<string>? Tags { get; init; }

    /// <summary>Metadata of the message.</summary>
    public IEnumerable<KeyValuePair<string, object?>>? Metadata { get; init; }
}
