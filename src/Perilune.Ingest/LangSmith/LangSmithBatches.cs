using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using Perilune.Ingest.Json;
using Perilune.Model;

namespace Perilune.Ingest.LangSmith;

/// <summary>Reads bodies of JSON: <c>{"post":[…],"patch":[…]}</c>, or one run or feedback.</summary>
internal static class LangSmithBatches
{
    public static RunBatch Read(ReadOnlyMemory<byte> body, Instant receivedAt)
    {
        using var document = JsonFields.Parse(body);
        JsonElement? root = document.RootElement;
        if (root.Get("post"u8) is null && root.Get("patch"u8) is null)
        {
            throw new MalformedBodyException("""Expected {"post":[…],"patch":[…]} with runs as LangSmith's SDKs send them, and the body has neither member.""");
        }

        var batch = new RunBatch();
        AddAll(batch, root.Get("post"u8), isPatch: false, receivedAt);
        AddAll(batch, root.Get("patch"u8), isPatch: true, receivedAt);
        return batch;
    }

    /// <param name="body">A run.</param>
    /// <param name="receivedAt">When it was received.</param>
    /// <param name="id">The run that is changed, as the address names it; null for a run that names itself.</param>
    public static RunBatch ReadOne(ReadOnlyMemory<byte> body, Instant receivedAt, string? id = null)
    {
        using var document = JsonFields.Parse(body);
        var batch = new RunBatch();
        Add(batch, document.RootElement, isPatch: id is not null, receivedAt, id);
        return batch;
    }

    public static RunBatch ReadFeedback(ReadOnlyMemory<byte> body, Instant receivedAt)
    {
        using var document = JsonFields.Parse(body);
        var batch = new RunBatch();
        if (LangSmithMapper.MapFeedback(document.RootElement, XxHash3.HashToUInt64(body.Span), receivedAt, reason => batch.Refuse("feedback", reason)) is { } score)
        {
            batch.Events.Add(score);
        }

        return batch;
    }

    private static void AddAll(RunBatch batch, JsonElement? runs, bool isPatch, Instant receivedAt)
    {
        foreach (var run in runs.Items())
        {
            Add(batch, run, isPatch, receivedAt, id: null);
        }
    }

    private static void Add(RunBatch batch, JsonElement head, bool isPatch, Instant receivedAt, string? id)
    {
        id ??= head.Get("id"u8).Text(RunText.Id);
        var what = id ?? head.Get("name"u8).Text(RunText.Label) ?? "a run";
        if (!batch.HasRoom(what))
        {
            return;
        }

        if (id is null)
        {
            batch.Refuse(what, $"A run needs an id of at most {RunText.Id} characters.");
            return;
        }

        var run = new LangSmithRun(id, isPatch) { Head = head, Hash = XxHash3.HashToUInt64(JsonMarshal.GetRawUtf8Value(head)) };
        if (LangSmithMapper.Map(run, receivedAt, reason => batch.Refuse(what, reason)) is { } mapped)
        {
            batch.Events.Add(mapped);
        }
    }
}
