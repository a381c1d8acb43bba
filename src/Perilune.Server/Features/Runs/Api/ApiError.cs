using Microsoft.AspNetCore.Http.HttpResults;

namespace Perilune.Server.Features.Runs.Api;

/// <summary>Answers that say what was wrong; the <c>message</c> is what Lunary's clients print.</summary>
internal static class ApiError
{
    public static readonly ProblemHttpResult RunNotFound = Of(StatusCodes.Status404NotFound, "Run not found");

    public static ProblemHttpResult Of(int status, string message, params IReadOnlyList<KeyValuePair<string, object?>> details) =>
        TypedResults.Problem(message, statusCode: status, extensions: [new("message", message), .. details]);

    public static ProblemHttpResult BadRequest(string parameter, string message) =>
        Of(StatusCodes.Status400BadRequest, $"{parameter}: {message}", new KeyValuePair<string, object?>("parameter", parameter));

    public static ProblemHttpResult Unprocessable(string property, string message) =>
        Of(StatusCodes.Status422UnprocessableEntity, $"{property}: {message}", new KeyValuePair<string, object?>("parameter", property));
}
