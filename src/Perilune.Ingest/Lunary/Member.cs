namespace Perilune.Ingest.Lunary;

/// <summary>
/// The members that have a meaning to us. Those of one <see cref="Scope"/> are contiguous, so that a scope can be
/// forgotten when its object is sent twice.
/// </summary>
internal enum Member : byte
{
    None,

    Event,
    Type,
    RunId,
    ParentRunId,
    Timestamp,
    Name,
    Input,
    Output,
    Error,
    TokensUsage,
    Params,
    Extra,
    Metadata,
    Tags,
    UserId,
    UserProps,
    TemplateVersionId,
    TemplateId,
    Feedback,
    Score,
    Message,
    ThreadTags,
    ThreadMetadata,
    Runtime,
    AppId,
    App,
    ProjectId,

    MetadataTags,
    MetadataTemplateVersionId,
    MetadataTemplateId,
    CacheReadInputTokens,
    CacheCreationInputTokens,

    Prompt,
    Completion,
    PromptCached,

    Role,
    MessageId,
    IsRetry,
    MessageTags,
    MessageMetadata,
    MessageExtra,
    MessageFeedback,

    ScoreLabel,
    ScoreValue,
    ScoreComment,

    Count,
}

internal enum Scope : byte { None, Event, Metadata, TokensUsage, Message, Score }
