using System.IO.Hashing;
using System.Text.Json;
using Perilune.Ingest.Json;
using Perilune.Model;

namespace Perilune.Ingest.Lunary;

/// <summary>Turns the members of one event into a <see cref="RunEvent"/>, or says why it cannot.</summary>
internal static class EventBuilder
{
    private const string ModelPrefix = "models/";

    public static LunaryItem Build(
        ReadOnlyMemory<byte> body, ReadOnlySpan<byte> raw, ReadOnlySpan<Slot> sent, Instant receivedAt, bool isLegacy)
    {
        var slots = new SlotReader(body, sent);
        var time = slots.Time(Member.Timestamp);
        var kind = EventWords.ReadKind(ref slots);
        var item = new LunaryItem
        {
            Time = time ?? receivedAt,
            Id = slots[Member.RunId].Token == JsonTokenType.String ? slots.Sent(Member.RunId) : default,
            ProjectKey = slots.Text(Member.AppId, Limits.Label) ??
                (isLegacy ? slots.Text(Member.App, Limits.Label) ?? slots.Text(Member.ProjectId, Limits.Label) : null),
        };

        if (kind is null)
        {
            return item with { Refusal = slots.Problem };
        }

        var (id, clientId) = EventIds.Read(ref slots, kind.Value, raw);
        var parent = EventIds.ReadOptional(ref slots, Member.ParentRunId, out var parentClientId);
        var run = new RunEvent
        {
            Kind = kind.Value,
            Id = id,
            ClientId = clientId,
            Time = time,
            ReceivedAt = receivedAt,
            ContentHash = XxHash3.HashToUInt64(raw),
            Type = ReadType(ref slots, kind.Value),
            Name = ReadName(ref slots, kind.Value),
            ParentId = parent,
            Thread = ReadThread(ref slots, kind.Value, parentClientId),
            Input = kind == RunEventKind.Log && !slots[Member.Message].IsUnsaid ? slots.Raw(Member.Message) : slots.Raw(Member.Input),
            Output = slots.Raw(Member.Output),
            Error = slots.Raw(Member.Error),
            Params = ReadParams(ref slots, kind.Value),
            Metadata = ReadMetadata(ref slots, kind.Value),
            Usage = EventUsage.Read(ref slots),
            UserId = slots.TextOrNumber(Member.UserId, Limits.UserId),
            UserProps = slots.Object(Member.UserProps),
            Tags = ReadTags(ref slots, kind.Value),
            Feedback = ReadFeedback(ref slots, kind.Value),
            Score = kind == RunEventKind.Score ? ReadScore(ref slots) : null,
            TemplateVersionId = ReadTemplateVersion(ref slots),
            Runtime = EventWords.ReadRuntime(ref slots),
            Message = kind == RunEventKind.Chat ? ReadMessage(ref slots, parent) : null,
        };
        return slots.Problem is { } problem ? item with { Refusal = problem } : item with { Event = run };
    }

    /// <summary>Updates come as type llm whatever they update, and messages and feedback as a word of the wire.</summary>
    private static string? ReadType(ref SlotReader slots, RunEventKind kind)
    {
        var type = EventWords.ReadType(ref slots);
        return kind switch
        {
            RunEventKind.Start or RunEventKind.End or RunEventKind.Error => type,
            RunEventKind.Log => RunTypes.Log,
            RunEventKind.CustomEvent => RunTypes.CustomEvent,
            _ => null,
        };
    }

    private static string? ReadName(ref SlotReader slots, RunEventKind kind)
    {
        var name = slots.Text(Member.Name, Limits.Name);
        return name is null ? (kind == RunEventKind.Log ? slots.Text(Member.Event, Limits.Label) : null)
            : name.StartsWith(ModelPrefix, StringComparison.Ordinal) ? name[ModelPrefix.Length..]
            : name;
    }

    private static RawJson ReadParams(ref SlotReader slots, RunEventKind kind)
    {
        var given = slots.Raw(Member.Params);
        return given.IsAbsent && kind != RunEventKind.Feedback ? slots.Raw(Member.Extra) : given;
    }

    private static RawJson ReadMetadata(ref SlotReader slots, RunEventKind kind)
    {
        var metadata = slots.Object(Member.Metadata);
        return kind switch
        {
            RunEventKind.Chat when metadata.IsAbsent => FirstObject(slots.Raw(Member.MessageMetadata), slots.Raw(Member.MessageExtra)),

            // The level of a log is its name; where it has one of its own, the level must not be lost.
            RunEventKind.Log when !slots[Member.Name].IsUnsaid && slots.Problem is null => AddLevel(metadata, slots.Sent(Member.Event)),
            _ => metadata,
        };
    }

    private static RawJson FirstObject(RawJson first, RawJson second) => first.IsObject ? first : second.IsObject ? second : default;

    private static RawJson AddLevel(RawJson metadata, RawJson level)
    {
        var added = new RawJson((byte[])[.. "{\"level\":"u8, .. level.Span, (byte)'}']);
        return metadata.IsAbsent ? added : JsonObjects.Merge(added, metadata);
    }

    private static IReadOnlyList<string>? ReadTags(ref SlotReader slots, RunEventKind kind)
    {
        var tags = slots.Tags(Member.Tags);
        if (kind == RunEventKind.Chat && slots.Tags(Member.MessageTags) is { } ofMessage)
        {
            tags = tags is null ? ofMessage : [.. tags.Union(ofMessage, StringComparer.Ordinal)];
        }

        if (tags is null && !slots[Member.MetadataTags].IsUnsaid)
        {
            // Whatever else a client keeps under this key of its metadata is its own business.
            var attempt = slots;
            tags = attempt.Tags(Member.MetadataTags);
            return attempt.Problem is null ? tags : null;
        }

        return tags;
    }

    private static RawJson ReadFeedback(ref SlotReader slots, RunEventKind kind)
    {
        var feedback = slots.Object(Member.Feedback);
        if (kind == RunEventKind.Chat && feedback.IsAbsent)
        {
            return slots.Object(Member.MessageFeedback);
        }

        if (kind != RunEventKind.Feedback)
        {
            return feedback;
        }

        var extra = slots.Object(Member.Extra);
        if (slots.Problem is not null || (feedback.IsAbsent && !extra.IsAbsent))
        {
            return extra;
        }

        if (slots[Member.Feedback].IsAbsent)
        {
            slots.Fail("""feedback is missing; send an object such as {"thumb":"up","comment":"…"}, or null to clear it.""");
            return default;
        }

        return extra.IsAbsent ? slots.Sent(Member.Feedback) : JsonObjects.Merge(feedback, extra);
    }

    private static Score? ReadScore(ref SlotReader slots)
    {
        var label = slots.Text(Member.ScoreLabel, Limits.Label);
        var comment = slots.Text(Member.ScoreComment, Limits.Comment);
        var value = slots[Member.ScoreValue];
        if (value.Token == JsonTokenType.String)
        {
            slots.Text(Member.ScoreValue, Limits.Name);
        }

        if (slots.Object(Member.Score).IsAbsent || label is null || value.Token is not (JsonTokenType.Number or JsonTokenType.String or JsonTokenType.True or JsonTokenType.False))
        {
            slots.Fail("""score is missing or incomplete; send an object such as {"label":"faithfulness","value":0.92,"comment":"…"}, its value a number, a text, true or false.""");
            return null;
        }

        return new Score(label, slots.Sent(Member.ScoreValue), comment);
    }

    private static string? ReadTemplateVersion(ref SlotReader slots)
    {
        var id = slots.TextOrNumber(Member.TemplateVersionId, Limits.Label) ?? slots.TextOrNumber(Member.TemplateId, Limits.Label);
        if (id is not null || (slots[Member.MetadataTemplateId].IsUnsaid && slots[Member.MetadataTemplateVersionId].IsUnsaid))
        {
            return id;
        }

        var attempt = slots;
        id = attempt.TextOrNumber(Member.MetadataTemplateId, Limits.Label) ?? attempt.TextOrNumber(Member.MetadataTemplateVersionId, Limits.Label);
        return attempt.Problem is null ? id : null;
    }

    private static ChatMessage? ReadMessage(ref SlotReader slots, RunId? thread)
    {
        if (thread is null)
        {
            slots.Fail("parentRunId is missing; a message must name its thread there.");
        }

        var message = slots.Object(Member.Message);
        var role = slots.Text(Member.Role, Limits.Label);
        if (message.IsAbsent)
        {
            slots.Fail("""message is missing; send an object such as {"role":"user","content":"…"}.""");
        }
        else if (role is null)
        {
            slots.Fail("message.role is missing; send user, assistant, system or tool.");
        }

        return new ChatMessage(role ?? "", message, slots.Flag(Member.IsRetry));
    }

    /// <summary>The parent of a message is a thread; that of a custom event is one when it was sent as type thread.</summary>
    private static ThreadFacts? ReadThread(ref SlotReader slots, RunEventKind kind, string? clientId)
    {
        var inThread = kind == RunEventKind.Chat || (kind == RunEventKind.CustomEvent && EventWords.ReadType(ref slots) == RunTypes.Thread);
        return inThread ? new ThreadFacts(clientId, slots.Tags(Member.ThreadTags), slots.Object(Member.ThreadMetadata)) : null;
    }
}
