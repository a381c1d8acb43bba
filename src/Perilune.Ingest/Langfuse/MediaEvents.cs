using System.Buffers;
using System.IO.Hashing;
using System.Text.Json;
using Perilune.Model;

namespace Perilune.Ingest.Langfuse;

/// <summary>Makes runs of media (see <see cref="MediaRuns"/>).</summary>
internal static class MediaEvents
{
    /// <summary>What the members around the bytes take at most.</summary>
    private const int Around = 256;

    public static int EncodedLength(int bytes) => (((bytes + 2) / 3) * 4) + Around;

    /// <summary>Nothing of the event depends on when the bytes come.</summary>
    public static RunEvent Of(MediaGrant grant, RunId run, ReadOnlySpan<byte> bytes, Instant receivedAt)
    {
        var part = Part(grant.Type, bytes);
        return new RunEvent
        {
            Kind = RunEventKind.End,
            Id = MediaRuns.IdOf(run, grant.Medium),
            ReceivedAt = receivedAt,
            ContentHash = XxHash3.HashToUInt64(part.Span),
            ByPublicKey = grant.IsByPublicKey,
            Type = RunTypes.Plumbing,
            IsStructural = true,
            Name = grant.Type,
            Tags = [MediaRuns.TagOf(grant.Medium)],
            ParentId = run,
            Output = RawJson.Parse(JsonSerializer.Serialize(MediaRuns.ReferenceTo(grant.Type, grant.Medium), MediaJson.Default.String)),
            Metadata = RawJson.Parse($$"""{"{{MediaRuns.Bytes}}":{{bytes.Length}}}"""),
            Attributes = part,
        };
    }

    /// <summary>What media of the trace are below, when the root of the trace has ended and refers to any; null when not.</summary>
    /// <param name="root">The event of the root.</param>
    /// <param name="trace">In hexadecimal.</param>
    public static RunEvent? Holder(RunEvent root, string trace) =>
        root.StartTime is null || !(MediaRuns.IsReferredToBy(root.Input) || MediaRuns.IsReferredToBy(root.Output) || MediaRuns.IsReferredToBy(root.Metadata)) ? null : new RunEvent
        {
            Kind = RunEventKind.End,
            Id = MediaRuns.HolderOf(trace),
            Time = root.Time,
            StartTime = root.StartTime,
            ReceivedAt = root.ReceivedAt,
            ContentHash = root.ContentHash,
            Type = RunTypes.Plumbing,
            IsStructural = true,
            Name = "media",
            ParentId = root.Id,
        };

    private static RawJson Part(string type, ReadOnlySpan<byte> bytes)
    {
        var buffer = new ArrayBufferWriter<byte>(EncodedLength(bytes.Length));
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", "blob");
            json.WriteString("mime_type", type);
            json.WriteBase64String("content", bytes);
            json.WriteEndObject();
        }

        return new RawJson(buffer.WrittenMemory);
    }
}
