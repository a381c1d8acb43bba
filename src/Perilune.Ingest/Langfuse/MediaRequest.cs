using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using Perilune.Ingest.Otlp;
using Perilune.Model;

namespace Perilune.Ingest.Langfuse;

/// <summary>The question where a medium may be put.</summary>
/// <param name="Medium">The id by which the message refers to it.</param>
/// <param name="Run">What the medium is to be below: the run of the observation, or what holds media of the trace; null when neither is named by ids of OpenTelemetry.</param>
internal sealed record MediaRequest(string Medium, string Hash, string Type, long Length, string? Field, string? Observation, RunId? Run)
{
    private const int HashBytes = 32;

    /// <summary>What a client says of the medium, in characters.</summary>
    private const int MaxWord = 64;

    private const string AnyType = "application/octet-stream";

    /// <summary>The SDK derives the id from the hash too, and takes no other for an answer.</summary>
    private const int IdLength = 22;

    /// <summary>For people: the image/png of the input of observation 8cad….</summary>
    public string What => $"The {(Type == AnyType ? "file" : Type)}{Of(" of the ", Field)}{Of(" of observation ", Observation)}";

    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out MediaRequest? request)
    {
        request = null;
        try
        {
            using var document = JsonDocument.Parse(body);
            var json = document.RootElement;
            if (json.ValueKind != JsonValueKind.Object || Text(json, "sha256Hash") is not { } hash ||
                !Convert.TryFromBase64String(hash, stackalloc byte[HashBytes], out var length) || length != HashBytes ||
                !json.TryGetProperty("contentLength", out var size) || size.ValueKind != JsonValueKind.Number || !size.TryGetInt64(out var bytes) || bytes < 0)
            {
                return false;
            }

            var type = Text(json, "contentType") is { Length: <= MaxWord } sent && MediaTypeHeaderValue.TryParse(sent, out var parsed) ? parsed.MediaType.ToString().ToLowerInvariant() : AnyType;
            var observation = Text(json, "observationId");
            request = new MediaRequest(hash.Replace('+', '-').Replace('/', '_')[..IdLength], hash, type, bytes, Cut(Text(json, "field")), Cut(observation), RunOf(Text(json, "traceId"), observation));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>A member that is text; null when it is none, or not whole characters.</summary>
    public static string? Text(JsonElement json, string name)
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

    public static string? Cut(string? word) => word is { Length: > MaxWord } ? word[..MaxWord] : word;

    // As the span comes over OTLP.
    private static RunId? RunOf(string? trace, string? observation)
    {
        if (observation is null)
        {
            return trace is { Length: 2 * OtlpIds.TraceBytes } && trace.All(char.IsAsciiHexDigit) ? MediaRuns.HolderOf(trace) : null;
        }

        Span<byte> ids = stackalloc byte[OtlpIds.TraceBytes + OtlpIds.SpanBytes];
        return trace is { Length: 2 * OtlpIds.TraceBytes } && observation is { Length: 2 * OtlpIds.SpanBytes } &&
            Convert.FromHexString(trace + observation, ids, out _, out _) == System.Buffers.OperationStatus.Done
            ? OtlpIds.Of(ids[..OtlpIds.TraceBytes], ids[OtlpIds.TraceBytes..])
            : null;
    }

    private static string Of(string before, string? what) => what is { Length: > 0 } ? before + what : "";
}
