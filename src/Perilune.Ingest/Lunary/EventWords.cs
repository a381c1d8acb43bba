using System.Text.Json;
using Perilune.Model;

namespace Perilune.Ingest.Lunary;

/// <summary>The words of <c>event</c> and <c>type</c>.</summary>
internal static class EventWords
{
    private const string Known = "start, end, error, update, feedback, chat, custom-event, log, info, warn, score, identify";

    public static RunEventKind? ReadKind(ref SlotReader slots)
    {
        var slot = slots[Member.Event];
        if (slot.IsUnsaid)
        {
            slots.Fail($"event is missing; send one of {Known}.");
            return null;
        }

        var kind = slot.Token == JsonTokenType.String ? KindOf(slots.Sent(Member.Event).Span[1..^1]) : null;
        if (kind is null)
        {
            slots.Fail($"event must be one of {Known}, but was {slots.Excerpt(Member.Event)}.");
        }

        // Only the type tells the error of a run from a logged one.
        return kind == RunEventKind.Error && slots.Sent(Member.Type).Span.SequenceEqual("\"log\""u8) ? RunEventKind.Log : kind;
    }

    public static string? ReadType(ref SlotReader slots)
    {
        var token = slots[Member.Type].Token == JsonTokenType.String ? slots.Sent(Member.Type).Span[1..^1] : [];
        return token.Length switch
        {
            3 when token.SequenceEqual("llm"u8) => RunTypes.Llm,
            4 when token.SequenceEqual("tool"u8) => RunTypes.Tool,
            4 when token.SequenceEqual("chat"u8) => RunTypes.Chat,
            5 when token.SequenceEqual("agent"u8) => RunTypes.Agent,
            5 when token.SequenceEqual("chain"u8) => RunTypes.Chain,
            5 when token.SequenceEqual("embed"u8) => RunTypes.Embedding,
            // Older names of a conversation and of one exchange in it.
            5 when token.SequenceEqual("convo"u8) => RunTypes.Thread,
            7 when token.SequenceEqual("message"u8) => RunTypes.Chat,
            6 when token.SequenceEqual("thread"u8) => RunTypes.Thread,
            9 when token.SequenceEqual("retriever"u8) => RunTypes.Retriever,
            _ => slots.Text(Member.Type, Limits.Label),
        };
    }

    public static string? ReadRuntime(ref SlotReader slots)
    {
        var token = slots[Member.Runtime].Token == JsonTokenType.String ? slots.Sent(Member.Runtime).Span[1..^1] : [];
        return token.SequenceEqual("lunary-js"u8) ? "lunary-js"
            : token.SequenceEqual("lunary-py"u8) ? "lunary-py"
            : token.SequenceEqual("langchain-js"u8) ? "langchain-js"
            : token.SequenceEqual("langchain-py"u8) ? "langchain-py"
            : slots.Text(Member.Runtime, Limits.Label);
    }

    private static RunEventKind? KindOf(ReadOnlySpan<byte> word) => word.Length switch
    {
        3 when word.SequenceEqual("end"u8) => RunEventKind.End,
        3 when word.SequenceEqual("log"u8) => RunEventKind.Log,
        4 when word.SequenceEqual("info"u8) => RunEventKind.Log,
        4 when word.SequenceEqual("warn"u8) => RunEventKind.Log,
        4 when word.SequenceEqual("chat"u8) => RunEventKind.Chat,
        5 when word.SequenceEqual("start"u8) => RunEventKind.Start,
        5 when word.SequenceEqual("error"u8) => RunEventKind.Error,
        5 when word.SequenceEqual("score"u8) => RunEventKind.Score,
        6 when word.SequenceEqual("update"u8) => RunEventKind.Update,
        // Says nothing of a run, and so makes none.
        8 when word.SequenceEqual("identify"u8) => RunEventKind.Edit,
        8 when word.SequenceEqual("feedback"u8) => RunEventKind.Feedback,
        12 when word.SequenceEqual("custom-event"u8) => RunEventKind.CustomEvent,
        _ => null,
    };
}
