using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Perilune.Control;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Ingest.Langfuse;

/// <summary>
/// Langfuse's SDKs lift images, sound and files out of messages, ask where to put them, put them there without a key, and
/// tell how that went. What is not taken is refused without a failure, so that they go on, and the accept ledger has it.
/// </summary>
internal sealed class MediaUploads(IRunStore store, RequestBodies bodies, IngestSettings settings, IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>Of the question and of the report: the bytes themselves are bounded as other bodies are.</summary>
    private const int MaxBytes = 64 << 10;

    public async Task AnswerAsync(HttpContext context)
    {
        using var lease = bodies.Open();
        var body = await RequestBodies.ReadAsync(context.Request, lease, MaxBytes, context.RequestAborted);
        if (body.Problem is not null)
        {
            await RefuseAsync(context, body.Status, body.Problem);
            return;
        }

        if (!MediaRequest.TryRead(body.Bytes, out var request))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "Send a JSON object with contentLength and sha256Hash: the size of the media in bytes and its SHA-256 in base64, as Langfuse's SDKs do.");
            return;
        }

        var refusal = request.Run is null ? "it names no observation or trace by the ids of OpenTelemetry, so there is no run that it belongs to. Use version 3 or later of Langfuse's SDK."
            : request.Length > settings.MaxBodyBytes ? $"it has {Mebibytes(request.Length)} MiB, and at most {Mebibytes(settings.MaxBodyBytes)} are taken. Send a smaller one, or a link."
            : null;
        if (refusal is not null && !await EnterAsync(context, request.Medium, $"{request.What} was not stored: {refusal}"))
        {
            return;
        }

        // No address to upload to is what says that there is nothing to upload.
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("mediaId", request.Medium);
        json.WriteString("uploadUrl", refusal is null ? Address(context, request) : null);
        json.WriteEndObject();
    }

    /// <summary>Takes the bytes.</summary>
    public async Task TakeAsync(HttpContext context, string medium)
    {
        if (MediaGrant.Unprotect(protection, context.Request.Query["grant"]) is not { } grant || grant.Medium != medium || !RunId.TryParseUuid(grant.Run, out var run))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "The upload address has expired or is not one that was given. Ask for a new one with POST /api/public/media.");
            return;
        }

        using var lease = bodies.Open();
        var body = await RequestBodies.ReadAsync(context.Request, lease, grant.Length, context.RequestAborted);
        if (body.Problem is not null && body.Status != StatusCodes.Status413PayloadTooLarge)
        {
            await RefuseAsync(context, body.Status, body.Problem);
            return;
        }

        if (body.Problem is not null || body.Bytes.Length != grant.Length)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, $"The body does not have the {grant.Length} bytes that contentLength said. Send exactly what was asked for.");
            return;
        }

        if (Convert.ToBase64String(SHA256.HashData(body.Bytes.Span)) != grant.Hash)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, $"The body's SHA-256 is not {grant.Hash}, as sha256Hash said. Send exactly what was asked for.");
            return;
        }

        if (!lease.TryTake(MediaEvents.EncodedLength(grant.Length)))
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "The server holds as many request bodies as its memory allows; send the media again.");
            return;
        }

        try
        {
            // It belongs to a run that is in the ledger by itself, so it is no event of its own there.
            var refusals = await store.CommitAsync(grant.Project, [MediaEvents.Of(grant, run, body.Bytes.Span, Instant.From(clock.GetUtcNow()))], CancellationToken.None);
            if (refusals is [var refused, ..])
            {
                await RefuseAsync(context, StatusCodes.Status403Forbidden, refused.Reason);
            }
        }
        catch (StoreUnavailableException unavailable)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, unavailable.Message);
        }
    }

    /// <summary>Hears how an upload went. One that failed is missing, which the ledger says.</summary>
    public async Task HearAsync(HttpContext context, string medium)
    {
        using var lease = bodies.Open();
        var body = await RequestBodies.ReadAsync(context.Request, lease, MaxBytes, context.RequestAborted);
        if (body.Problem is not null)
        {
            await RefuseAsync(context, body.Status, body.Problem);
            return;
        }

        if (Failure(body.Bytes) is not { } failure || await EnterAsync(context, medium, $"The media was not stored: its upload failed, says the client, with {failure}. Send it again, or see in the client's log what went wrong."))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }

    private string Address(HttpContext context, MediaRequest request)
    {
        var access = context.ProjectGrant();
        var grant = new MediaGrant(access.ProjectId, request.Run!.Value.ToString(), request.Medium, request.Hash, request.Type, (int)request.Length, access.Key is KeyKind.Public);
        var to = context.Request;
        return UriHelper.BuildAbsolute(to.Scheme, to.Host, to.PathBase, $"/api/public/media/{request.Medium}/content", QueryString.Create("grant", grant.Protect(protection)));
    }

    private static string? Failure(ReadOnlyMemory<byte> report)
    {
        try
        {
            using var document = JsonDocument.Parse(report);
            var json = document.RootElement;
            return json.ValueKind == JsonValueKind.Object && json.TryGetProperty("uploadHttpStatus", out var sent) && sent.ValueKind == JsonValueKind.Number &&
                sent.TryGetInt32(out var status) && status is < 200 or >= 300
                ? $"status {status}{(MediaRequest.Text(json, "uploadHttpError") is { Length: > 0 } error ? $" ({error})" : "")}"
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // False when the request was answered because the ledger cannot be written to.
    private async Task<bool> EnterAsync(HttpContext context, string medium, string reason)
    {
        try
        {
            var refused = Arrivals.Refused($"media {MediaRequest.Cut(medium)}", reason);
            await store.CommitAsync(context.ProjectId(), [], Arrivals.Of(context, Instant.From(clock.GetUtcNow()), null, [refused]), CancellationToken.None);
            return true;
        }
        catch (StoreUnavailableException unavailable)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, unavailable.Message);
            return false;
        }
    }

    private static string Mebibytes(long bytes) => (bytes / 1048576.0).ToString("0.#", System.Globalization.CultureInfo.InvariantCulture);

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        return TypedResults.Problem(message, statusCode: status, extensions: [new("message", message)]).ExecuteAsync(context);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/public/media", static (HttpContext context, MediaUploads uploads) => uploads.AnswerAsync(context))
            .RequireAuthorization(Access.Ingest)
            .WithMetadata(new RequestSizeLimitAttribute(MaxBytes))
            .ExcludeFromDescription();
        routes.MapPatch("/api/public/media/{medium}", static (HttpContext context, string medium, MediaUploads uploads) => uploads.HearAsync(context, medium))
            .RequireAuthorization(Access.Ingest)
            .WithMetadata(new RequestSizeLimitAttribute(MaxBytes))
            .ExcludeFromDescription();

        // The grant in the address is what is authorized.
        routes.MapPut("/api/public/media/{medium}/content", static (HttpContext context, string medium, MediaUploads uploads) => uploads.TakeAsync(context, medium))
            .AllowAnonymous()
            .ExcludeFromDescription();
    }
}
