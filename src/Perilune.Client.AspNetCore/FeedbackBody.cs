using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace PeriluneSdk.AspNetCore;

/// <summary>Feedback as a browser sends it.</summary>
internal sealed record FeedbackBody(string RunId, Thumb Thumb, string? Comment)
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxId = 1024;

    public static async Task<(FeedbackBody? Body, string Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is null or > MaxBytes)
        {
            return (null, $"Send a body of at most {MaxBytes} bytes, with its Content-Length.");
        }

        try
        {
            using var json = await JsonDocument.ParseAsync(request.Body, default, cancellationToken).ConfigureAwait(false);
            return Read(json.RootElement);
        }
        catch (JsonException)
        {
            return (null, "The body is not JSON.");
        }
    }

    private static (FeedbackBody? Body, string Problem) Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || Text(body, "runId") is not { Length: > 0 and <= MaxId } run)
        {
            return (null, "Send an object with runId, the id of the run that the feedback is about.");
        }

        Thumb? thumb = body.TryGetProperty("thumb", out var given) && given.ValueKind != JsonValueKind.Null
            ? Text(body, "thumb") switch
            {
                "up" => Thumb.Up,
                "down" => Thumb.Down,
                _ => null,
            }
            : Thumb.None;
        return thumb is { } known ? (new FeedbackBody(run, known, Text(body, "comment")), "") : (null, "thumb is \"up\", \"down\" or null.");
    }

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
