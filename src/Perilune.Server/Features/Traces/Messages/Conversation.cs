using Perilune.Server.Ui.Json;

namespace Perilune.Server.Features.Traces.Messages;

/// <summary>A payload as a reader sees it: messages where there are any, else values as JSON.</summary>
/// <param name="Omitted">Messages left out of the middle, before the one at <paramref name="OmittedAt"/>.</param>
public sealed record Conversation(IReadOnlyList<Message> Messages, int Omitted = 0, int OmittedAt = 0)
{
    public static readonly Conversation Empty = new([]);
}

/// <param name="Role">user, assistant, system, tool…; empty for a value that nobody said.</param>
public sealed record Message(string Role, string? Name, IReadOnlyList<Part> Parts);

public abstract record Part;

public sealed record TextPart(Clip Text) : Part;

public sealed record ThinkingPart(Clip Text) : Part;

public sealed record RefusalPart(Clip Text) : Part;

public sealed record ToolCallPart(string? Id, string Name, JsonView? Arguments) : Part;

public sealed record ToolResultPart(string? CallId, string? Name, IReadOnlyList<Part> Content, bool IsError) : Part;

/// <summary>Pictures inside the payload are shown; those elsewhere are linked, because fetching them would tell their server who reads what.</summary>
public sealed record ImagePart(string? DataUri, string? Link) : Part;

/// <summary>A medium that was taken out of the message and came by itself, or did not.</summary>
public sealed record MediaPart(string Type, string Id) : Part;

public sealed record DocumentPart(string? Id, string? Title, Clip? Text, string? Source, string? Score) : Part;

public sealed record JsonPart(JsonView Value) : Part;
