using System.Buffers.Text;
using System.IO.Hashing;
using System.Text.Json;
using Perilune.Model;

namespace Perilune.Ingest.Lunary;

internal static class EventIds
{
    /// <summary>
    /// The run (or message) that the event is about, and its name as sent where that is not the canonical form. Log and
    /// custom events without one are named by their content, so that a resend is the same run.
    /// </summary>
    public static (RunId Id, string? ClientId) Read(ref SlotReader slots, RunEventKind kind, ReadOnlySpan<byte> raw)
    {
        string? clientId = null;
        if (kind != RunEventKind.Edit && ReadOptional(ref slots, Member.RunId, out clientId) is { } id)
        {
            return (id, clientId);
        }

        switch (kind)
        {
            case RunEventKind.Edit when slots.TextOrNumber(Member.UserId, Limits.UserId) is { } user:
                return (RunId.FromClient($"user\0{user}"), null);
            case RunEventKind.Edit:
                slots.Fail("userId is missing; say who it is that userProps are about.");
                return default;
            case RunEventKind.Log or RunEventKind.CustomEvent:
                Span<byte> hash = stackalloc byte[16];
                XxHash128.Hash(raw, hash);
                return (RunId.FromBytes(hash), null);
            case RunEventKind.Chat when ReadOptional(ref slots, Member.MessageId, out clientId) is { } messageId:
                return (messageId, clientId);
            default:
                slots.Fail($"runId is missing; {Purpose(kind)}");
                return default;
        }
    }

    /// <summary>Null when not sent, empty or the nil UUID.</summary>
    public static RunId? ReadOptional(ref SlotReader slots, Member member, out string? clientId)
    {
        clientId = null;
        if (slots[member] is { Token: JsonTokenType.String, Length: 38 })
        {
            var text = slots.Sent(member).Span[1..^1];
            if (Utf8Parser.TryParse(text, out Guid uuid, out var used) && used == text.Length)
            {
                clientId = text.ContainsAnyInRange((byte)'A', (byte)'F') ? slots.Text(member, Limits.Id) : null;
                return uuid == Guid.Empty ? null : FromUuid(uuid);
            }
        }

        clientId = slots.Text(member, Limits.Id);
        return clientId is null ? null : RunId.FromClient(clientId);
    }

    private static RunId FromUuid(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        return RunId.FromBytes(bytes);
    }

    private static string Purpose(RunEventKind kind) => kind switch
    {
        RunEventKind.Score => "a score must say which run it is about.",
        RunEventKind.Feedback => "feedback must say which run it is about.",
        RunEventKind.Chat => "a message must have a runId or message.id of its own.",
        RunEventKind.Start => "give the run an id of your choice and send it in its end too.",
        _ => "send the one that the run was started with.",
    };
}
