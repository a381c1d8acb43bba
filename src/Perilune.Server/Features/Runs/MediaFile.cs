using System.Text.Json;
using Perilune.Model;
using Perilune.Server.Features.Traces.Messages;
using Perilune.Server.Ui.Json;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs;

/// <summary>The bytes of a medium that a run holds (see <see cref="MediaRuns"/>).</summary>
internal static class MediaFile
{
    public static Task<IResult> WriteAsync(HttpContext context, Guid projectId, string runId, IRunStore store, CancellationToken cancellationToken) =>
        WriteBytesAsync(context, projectId, RunId.FromClient(runId), store, cancellationToken);

    public static async Task<IResult> WriteBytesAsync(HttpContext context, Guid projectId, RunId medium, IRunStore store, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(projectId, medium, cancellationToken) is not { Name: { } type, Type: RunTypes.Plumbing } run || Bytes(run.Attributes) is not { } bytes)
        {
            return TypedResults.NotFound();
        }

        // Opened by itself it is a document of this origin: one that may do nothing, and is saved rather than shown where it could.
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return MediaTypes.IsPicture(type) || MediaTypes.IsSound(type)
            ? TypedResults.Bytes(bytes, type, enableRangeProcessing: true)
            : TypedResults.Bytes(bytes, "application/octet-stream", fileDownloadName: "medium");
    }

    private static byte[]? Bytes(RawJson part)
    {
        if (!part.IsObject)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(part.Utf8, JsonReading.Options);
            return document.RootElement.Get("type")?.ValueEquals("blob") is true && document.RootElement.Get("content") is { ValueKind: JsonValueKind.String } content && content.TryGetBytesFromBase64(out var bytes) ? bytes : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
