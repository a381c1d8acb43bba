using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Perilune.Ingest.Lunary;

/// <summary>The answer of <c>/v1/runs/ingest</c>.</summary>
internal sealed record LunaryResults(IReadOnlyList<LunaryResult> Results);

/// <param name="Id">The runId as it was sent; absent when none was.</param>
/// <param name="Error">Why the event was refused; absent when it was stored.</param>
internal sealed record LunaryResult(string? Id, bool Success, string? Error);

internal static class LunaryReply
{
    // Reasons quote what was sent; they are read in terminals and never become part of a page.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes what <see cref="LunaryResults"/> describes, or only its results, without the detour over objects.</summary>
    public static void Write(IBufferWriter<byte> destination, IReadOnlyList<LunaryItem> items, bool bare)
    {
        using var json = new Utf8JsonWriter(destination, Readable);
        if (!bare)
        {
            json.WriteStartObject();
            json.WritePropertyName("results"u8);
        }

        json.WriteStartArray();
        foreach (var item in items)
        {
            json.WriteStartObject();
            if (!item.Id.IsAbsent)
            {
                json.WritePropertyName("id"u8);
                json.WriteRawValue(item.Id.Span, skipInputValidation: true);
            }

            json.WriteBoolean("success"u8, item.Refusal is null);
            if (item.Refusal is not null)
            {
                json.WriteString("error"u8, item.Refusal);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (!bare)
        {
            json.WriteEndObject();
        }
    }
}
