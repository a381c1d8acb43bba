using System.ComponentModel;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Perilune.Server.Features.Runs.Api;

// What RunJson and its callers write, for the OpenAPI document; a test holds the two together.

internal sealed record RunListShape
{
    public required int Page { get; init; }

    public required int Limit { get; init; }

    [Description("How many runs match, on all pages.")]
    public required long Total { get; init; }

    public required IReadOnlyList<RunShape> Data { get; init; }

    [Description("Send it as the \"cursor\" of the next request; null on the last page.")]
    public required string? Cursor { get; init; }

    [Description("Present when a search ran out of its time budget: runs older than this were not looked at.")]
    public DateTimeOffset? SearchedBackTo { get; init; }
}

internal sealed record RunShape
{
    public required Guid Id { get; init; }

    [Description("The id as the client sent it, when that was not the canonical one.")]
    public required string? ClientId { get; init; }

    public required Guid ProjectId { get; init; }

    public required bool IsPublic { get; init; }

    [Description("llm, agent, chain, tool, retriever, embedding, thread, chat, custom-event, log, or whatever the client sent.")]
    public required string Type { get; init; }

    [Description("The model of an LLM call; the name of an agent, tool, chain, retriever or event.")]
    public required string? Name { get; init; }

    [Description("started, success, error or filtered; null where there is no outcome, as for threads and chats.")]
    public required string? Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? EndedAt { get; init; }

    [Description("As an interval: 00:00:02.5, or 1 day 02:00:00.")]
    public required string? Duration { get; init; }

    public required double? DurationMs { get; init; }

    public required double? TimeToFirstTokenMs { get; init; }

    public required Guid? ParentRunId { get; init; }

    [Description("The topmost run above this one, below any chat or thread.")]
    public required Guid TraceId { get; init; }

    public required Guid? ThreadId { get; init; }

    [Description("The chat that this chat was sent to replace.")]
    public required Guid? SiblingRunId { get; init; }

    public required string? TemplateVersionId { get; init; }

    [Description("Null when the version is none of the project's templates.")]
    public required string? TemplateSlug { get; init; }

    [Description("The SDK that sent the run.")]
    public required string? Runtime { get; init; }

    [Description("USD.")]
    public required decimal? Cost { get; init; }

    [Description("The same, exactly: billionths of a USD.")]
    public required long? CostNanoUsd { get; init; }

    public required TokensShape Tokens { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    [Description("Those of the runs above it, by which it is found and counted as by its own.")]
    public required IReadOnlyList<string> InheritedTags { get; init; }

    [Description("As it was sent, byte for byte; so are output, error and params.")]
    public required JsonNode? Input { get; init; }

    public required JsonNode? Output { get; init; }

    public required JsonNode? Error { get; init; }

    public required JsonNode? Params { get; init; }

    public required JsonNode? Metadata { get; init; }

    public required JsonNode? Feedback { get; init; }

    [Description("The parent's feedback. Lists leave it out.")]
    public JsonNode? ParentFeedback { get; init; }

    public required IReadOnlyList<ScoreShape> Scores { get; init; }

    [Description("Public runs are shown without it.")]
    public UserShape? User { get; init; }
}

[Description("Null where the client did not say.")]
internal sealed record TokensShape
{
    [Description("All input tokens, cached ones included.")]
    public required long? Prompt { get; init; }

    public required long? CachedPrompt { get; init; }

    public required long? Completion { get; init; }

    public required long? Total { get; init; }
}

internal sealed record UserShape
{
    public required string Id { get; init; }

    public required string ExternalId { get; init; }

    public required DateTimeOffset? CreatedAt { get; init; }

    public required DateTimeOffset? LastSeen { get; init; }

    public required JsonNode? Props { get; init; }

    [Description("The run did not name the user itself; its trace did.")]
    public required bool Inherited { get; init; }
}

[Description("Keys are merged into the feedback there is; null removes a key. Any other keys are kept as well.")]
internal sealed record FeedbackShape
{
    [Description("up, down or null.")]
    public string? Thumb { get; init; }

    public string? Comment { get; init; }
}

internal sealed record ScoreShape
{
    [Description("The score's name. A second score with it replaces the first.")]
    public required string Label { get; init; }

    [Description("A number, a text, true or false.")]
    public required JsonNode Value { get; init; }

    public string? Comment { get; init; }
}

internal sealed record TagsShape
{
    public required IReadOnlyList<string>? Tags { get; init; }
}

internal sealed record VisibilityShape
{
    [Description("Whether anyone with the link may see the run.")]
    public required bool Visibility { get; init; }
}

internal sealed record NeighborsShape
{
    [Description("Null when the run is the first of the list.")]
    public required string? PreviousId { get; init; }

    public required string? NextId { get; init; }
}

internal sealed record ExportTokenShape
{
    public required string Token { get; init; }
}

internal sealed record FilterTemplateShape
{
    [Description("The id of the version.")]
    public required string Value { get; init; }

    public required string Label { get; init; }
}

internal sealed record ViewShape
{
    public required string Id { get; init; }

    public required Guid ProjectId { get; init; }

    public required string Name { get; init; }

    [Description("llm, trace, thread or all.")]
    public required string Type { get; init; }

    [Description("The filter as text, as in the dashboard.")]
    public required string Query { get; init; }

    [Description("The filter as Lunary's logic, when it was given so.")]
    public required JsonNode Data { get; init; }

    public required string? Icon { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

[Description("Give the filter as query or as data.")]
internal sealed record ViewChangeShape
{
    public string? Name { get; init; }

    public string? Type { get; init; }

    public string? Query { get; init; }

    public JsonNode? Data { get; init; }

    public string? Icon { get; init; }
}

internal sealed record EmptyShape
{
    public static readonly ContentHttpResult Answer = TypedResults.Text("{}", "application/json");
}

[Description("RFC 9457, and the same in one sentence as \"message\".")]
internal sealed record ErrorShape
{
    [Description("What was wrong and what to send instead.")]
    public required string Message { get; init; }

    [Description("The query parameter or property it is about.")]
    public string? Parameter { get; init; }

    public required string Type { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    public required string Detail { get; init; }
}
