using System.Text.Json;

namespace Perilune.Server.Features.Runs.Api;

/// <summary>The JSON object that a request to the API carries, read member by member with errors that name the member.</summary>
internal sealed class JsonBody(JsonElement root)
{
    public JsonElement Root => root;

    /// <returns>Null when the body is no JSON object; the answer says so.</returns>
    public static async Task<(JsonBody? Body, IResult? Failure)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, default, cancellationToken);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? (new JsonBody(document.RootElement.Clone()), null)
                : (null, ApiError.Unprocessable("body", "Send a JSON object."));
        }
        catch (JsonException error)
        {
            return (null, ApiError.Of(StatusCodes.Status400BadRequest, $"The body is not JSON: line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}."));
        }
    }

    public bool Has(string name) => root.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);

    /// <summary>The member's JSON as it was sent; null when it is missing or null.</summary>
    public string? Raw(string name) => Has(name) ? root.GetProperty(name).GetRawText() : null;

    /// <exception cref="JsonBodyException">The member is something else than a text.</exception>
    public string? Text(string name) => !Has(name) ? null
        : root.GetProperty(name) is { ValueKind: JsonValueKind.String } text ? Decoded(text, name)
        : throw new JsonBodyException(name, "Send a text.");

    /// <exception cref="JsonBodyException">The member is something else than true or false.</exception>
    public bool? Flag(string name) => !Has(name) ? null : root.GetProperty(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new JsonBodyException(name, "Send true or false."),
    };

    /// <exception cref="JsonBodyException">The member is no number that fits.</exception>
    public decimal? Number(string name) => !Has(name) ? null
        : root.GetProperty(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out var value) ? value
        : throw new JsonBodyException(name, "Send a number.");

    private static string Decoded(JsonElement text, string name)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new JsonBodyException(name, "The text holds half of a surrogate pair. Send valid Unicode.");
        }
    }
}

/// <summary>The body is JSON, but not what was asked for.</summary>
internal sealed class JsonBodyException(string member, string message) : Exception(message)
{
    public IResult Answer => ApiError.Unprocessable(member, Message);
}
