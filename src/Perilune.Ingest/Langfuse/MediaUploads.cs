using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Perilune.Control;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Ingest.Langfuse;

/// <summary>
/// Langfuse's SDKs lift images, sound and files out of messages and ask where to put them. They are told that nothing has
/// to be uploaded, so that they go on without a failure and without trying again, and the accept ledger says what is missing.
/// </summary>
internal sealed class MediaUploads(IRunStore store, RequestBodies bodies, TimeProvider clock)
{
    private const int MaxBytes = 64 << 10;
    private const int HashBytes = 32;

    /// <summary>What a client says of the media, in characters.</summary>
    private const int MaxWord = 64;

    /// <summary>The SDK derives the id from the hash too, and takes no other for an answer.</summary>
    private const int IdLength = 22;

    public async Task AnswerAsync(HttpContext context)
    {
        using var lease = bodies.Open();
        var body = await RequestBodies.ReadAsync(context.Request, lease, MaxBytes, context.RequestAborted);
        if (body.Problem is not null)
        {
            await RefuseAsync(context, body.Status, body.Problem);
            return;
        }

        if (!TryRead(body.Bytes, out var upload))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "Send a JSON object with sha256Hash: the SHA-256 of the media in base64, as Langfuse's SDKs do.");
            return;
        }

        try
        {
            var now = Instant.From(clock.GetUtcNow());
            var refused = Arrivals.Refused($"media {upload.Id}", $"{upload.What} was not stored: Perilune keeps no media that an SDK takes out of its messages, which then hold a reference only. Set LANGFUSE_MEDIA_UPLOAD_ENABLED=false where the JavaScript SDK runs, and it leaves them in the messages.");
            await store.CommitAsync(context.ProjectId(), [], Arrivals.Of(context, now, null, [refused]), CancellationToken.None);
        }
        catch (StoreUnavailableException unavailable)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, unavailable.Message);
            return;
        }

        // No address to upload to is what says that there is nothing to upload.
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("mediaId", upload.Id);
        json.WriteNull("uploadUrl");
        json.WriteEndObject();
    }

    private static bool TryRead(ReadOnlyMemory<byte> body, out (string Id, string What) upload)
    {
        upload = default;
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object || Text(document.RootElement, "sha256Hash") is not { } hash ||
                !Convert.TryFromBase64String(hash, stackalloc byte[HashBytes], out var length) || length != HashBytes)
            {
                return false;
            }

            var id = hash.Replace('+', '-').Replace('/', '_')[..IdLength];
            upload = (id, $"The{Of(" ", Text(document.RootElement, "contentType") ?? "file")}{Of(" of the ", Text(document.RootElement, "field"))}{Of(" of observation ", Text(document.RootElement, "observationId"))}");
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Of(string before, string? what) => what is { Length: > 0 } ? before + (what.Length <= MaxWord ? what : what[..MaxWord]) : "";

    private static string? Text(JsonElement json, string name)
    {
        try
        {
            return json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a character.
            return null;
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        return TypedResults.Problem(message, statusCode: status, extensions: [new("message", message)]).ExecuteAsync(context);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/public/media", static (HttpContext context, MediaUploads uploads) => uploads.AnswerAsync(context))
        .RequireAuthorization(Access.Ingest)
        .WithMetadata(new RequestSizeLimitAttribute(MaxBytes))
        .ExcludeFromDescription();
}
