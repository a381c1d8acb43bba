using System.Text.Json;
using Perilune.Ingest.Json;

namespace Perilune.Ingest.Lunary;

/// <summary>
/// Names of members. Clients write them in camelCase, snake_case or kebab-case; Lunary rewrites every key of an event to
/// camelCase, payloads included. Here only the names of the envelope are read that way: payloads are never touched.
/// </summary>
internal static class Members
{
    private const int LongestName = 64;

    public static Member Of(Scope scope, ref Utf8JsonReader reader)
    {
        Span<byte> buffer = stackalloc byte[LongestName];
        var name = buffer[..CopyCamel(ref reader, buffer)];
        return scope switch
        {
            Scope.Event => OfEvent(name),
            Scope.Metadata => OfMetadata(name),
            Scope.TokensUsage => OfTokensUsage(name),
            Scope.Message => OfMessage(name),
            Scope.Score => OfScore(name),
            _ => Member.None,
        };
    }

    public static bool IsEvents(ref Utf8JsonReader reader)
    {
        Span<byte> buffer = stackalloc byte[LongestName];
        return buffer[..CopyCamel(ref reader, buffer)].SequenceEqual("events"u8);
    }

    /// <summary>The scope that the object under this member opens.</summary>
    public static Scope Below(Member member) => member switch
    {
        Member.Metadata => Scope.Metadata,
        Member.TokensUsage => Scope.TokensUsage,
        Member.Message => Scope.Message,
        Member.Score => Scope.Score,
        _ => Scope.None,
    };

    public static Range RangeOf(Scope scope) => scope switch
    {
        Scope.Event => (int)Member.Event..(int)Member.MetadataTags,
        Scope.Metadata => (int)Member.MetadataTags..(int)Member.Prompt,
        Scope.TokensUsage => (int)Member.Prompt..(int)Member.Role,
        Scope.Message => (int)Member.Role..(int)Member.ScoreLabel,
        Scope.Score => (int)Member.ScoreLabel..(int)Member.Count,
        _ => default,
    };

    /// <summary>The path by which a message names the member.</summary>
    public static string PathOf(Member member) => member switch
    {
        Member.MetadataTags => "metadata.tags",
        Member.MetadataTemplateId => "metadata.templateId",
        Member.MetadataTemplateVersionId => "metadata.templateVersionId",
        Member.Prompt => "tokensUsage.prompt",
        Member.Completion => "tokensUsage.completion",
        Member.PromptCached => "tokensUsage.promptCached",
        Member.Role => "message.role",
        Member.MessageId => "message.id",
        Member.IsRetry => "message.isRetry",
        Member.MessageTags => "message.tags",
        Member.MessageMetadata => "message.metadata",
        Member.MessageExtra => "message.extra",
        Member.MessageFeedback => "message.feedback",
        Member.ScoreLabel => "score.label",
        Member.ScoreValue => "score.value",
        Member.ScoreComment => "score.comment",
        _ => JsonNamingPolicy.CamelCase.ConvertName(member.ToString()),
    };

    /// <summary>Nothing for names that are too long to be one of ours or hold an unpaired surrogate.</summary>
    private static int CopyCamel(ref Utf8JsonReader reader, scoped Span<byte> buffer)
    {
        if (!JsonText.TryCopy(ref reader, buffer, out var length) || buffer[..length].IndexOfAny((byte)'_', (byte)'-') < 0)
        {
            return length;
        }

        var written = 0;
        for (var i = 0; i < length; i++)
        {
            var isSeparator = buffer[i] is (byte)'_' or (byte)'-';
            buffer[written++] = isSeparator && i + 1 < length && char.IsAsciiLetter((char)buffer[i + 1])
                ? (byte)(buffer[++i] & ~0x20)
                : buffer[i];
        }

        return written;
    }

    private static Member OfEvent(ReadOnlySpan<byte> name) => name.Length switch
    {
        3 when name.SequenceEqual("app"u8) => Member.App,
        4 when name.SequenceEqual("type"u8) => Member.Type,
        4 when name.SequenceEqual("name"u8) => Member.Name,
        4 when name.SequenceEqual("tags"u8) => Member.Tags,
        5 when name.SequenceEqual("event"u8) => Member.Event,
        5 when name.SequenceEqual("runId"u8) => Member.RunId,
        5 when name.SequenceEqual("input"u8) => Member.Input,
        5 when name.SequenceEqual("error"u8) => Member.Error,
        5 when name.SequenceEqual("extra"u8) => Member.Extra,
        5 when name.SequenceEqual("appId"u8) => Member.AppId,
        5 when name.SequenceEqual("score"u8) => Member.Score,
        6 when name.SequenceEqual("userId"u8) => Member.UserId,
        6 when name.SequenceEqual("output"u8) => Member.Output,
        6 when name.SequenceEqual("params"u8) => Member.Params,
        7 when name.SequenceEqual("runtime"u8) => Member.Runtime,
        7 when name.SequenceEqual("message"u8) => Member.Message,
        8 when name.SequenceEqual("metadata"u8) => Member.Metadata,
        8 when name.SequenceEqual("feedback"u8) => Member.Feedback,
        9 when name.SequenceEqual("timestamp"u8) => Member.Timestamp,
        9 when name.SequenceEqual("userProps"u8) => Member.UserProps,
        9 when name.SequenceEqual("projectId"u8) => Member.ProjectId,
        10 when name.SequenceEqual("threadTags"u8) => Member.ThreadTags,
        10 when name.SequenceEqual("templateId"u8) => Member.TemplateId,
        11 when name.SequenceEqual("parentRunId"u8) => Member.ParentRunId,
        11 when name.SequenceEqual("tokensUsage"u8) => Member.TokensUsage,
        14 when name.SequenceEqual("threadMetadata"u8) => Member.ThreadMetadata,
        17 when name.SequenceEqual("templateVersionId"u8) => Member.TemplateVersionId,
        _ => Member.None,
    };

    private static Member OfMetadata(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 when name.SequenceEqual("tags"u8) => Member.MetadataTags,
        10 when name.SequenceEqual("templateId"u8) => Member.MetadataTemplateId,
        17 when name.SequenceEqual("templateVersionId"u8) => Member.MetadataTemplateVersionId,
        20 when name.SequenceEqual("cacheReadInputTokens"u8) => Member.CacheReadInputTokens,
        24 when name.SequenceEqual("cacheCreationInputTokens"u8) => Member.CacheCreationInputTokens,
        _ => Member.None,
    };

    private static Member OfTokensUsage(ReadOnlySpan<byte> name) => name.Length switch
    {
        6 when name.SequenceEqual("prompt"u8) => Member.Prompt,
        10 when name.SequenceEqual("completion"u8) => Member.Completion,
        12 when name.SequenceEqual("promptCached"u8) => Member.PromptCached,
        _ => Member.None,
    };

    private static Member OfMessage(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("id"u8) => Member.MessageId,
        4 when name.SequenceEqual("role"u8) => Member.Role,
        4 when name.SequenceEqual("tags"u8) => Member.MessageTags,
        5 when name.SequenceEqual("extra"u8) => Member.MessageExtra,
        7 when name.SequenceEqual("isRetry"u8) => Member.IsRetry,
        8 when name.SequenceEqual("metadata"u8) => Member.MessageMetadata,
        8 when name.SequenceEqual("feedback"u8) => Member.MessageFeedback,
        _ => Member.None,
    };

    private static Member OfScore(ReadOnlySpan<byte> name) => name.Length switch
    {
        5 when name.SequenceEqual("label"u8) => Member.ScoreLabel,
        5 when name.SequenceEqual("value"u8) => Member.ScoreValue,
        7 when name.SequenceEqual("comment"u8) => Member.ScoreComment,
        _ => Member.None,
    };
}
