using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Perilune.Control;

/// <summary>Answers refused requests: programs get JSON that says why, people are sent to sign in.</summary>
internal sealed class AccessResponses : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        // Where no route answers there is nothing to guard: the answer is 404 or 405, not "sign in".
        if (authorizeResult.Succeeded || context.GetEndpoint() is not RouteEndpoint)
        {
            return next(context);
        }

        var failure = context.Features.Get<AccessFailure>();
        var status = failure?.Status ?? StatusCodes.Status403Forbidden;
        var message = failure?.Message ?? "This route is closed.";
        if (context.GetEndpoint()?.Metadata.GetMetadata<RefusalWriter>() is { } refusal)
        {
            return refusal.WriteAsync(context, status, message);
        }

        if (status == StatusCodes.Status401Unauthorized && !ProgramPaths.Contains(context.Request.Path))
        {
            SendToLogin(context);
            return Task.CompletedTask;
        }

        if (ProgramPaths.IsPageVisit(context.Request))
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        }

        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        // The top-level "message" is what Lunary's clients print.
        return Results.Problem(
            detail: message,
            title: ReasonPhrases.GetReasonPhrase(status),
            statusCode: status,
            extensions: [new("message", message)]).ExecuteAsync(context);
    }

    private static void SendToLogin(HttpContext context)
    {
        var request = context.Request;
        var login = $"{request.PathBase}/login";
        if (request.Headers.ContainsKey("HX-Request"))
        {
            // A redirect would be followed and swapped into the page; this makes htmx leave it.
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers["HX-Redirect"] = login;
            return;
        }

        if (HttpMethods.IsGet(request.Method))
        {
            login = QueryHelpers.AddQueryString(login, "returnUrl", $"{request.PathBase}{request.Path}{request.QueryString}");
        }

        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers[HeaderNames.Location] = login;
    }
}

/// <summary>Where programs call, as opposed to browsers showing pages.</summary>
public static class ProgramPaths
{
    /// <summary>The last three are where LangSmith's SDKs call.</summary>
    private static readonly string[] s_prefixes = ["/v1", "/api", "/otel", "/opentelemetry", "/runs", "/feedback", "/info"];

    /// <summary>Calls of OpenTelemetry's gRPC services.</summary>
    private const string Grpc = "/opentelemetry.proto.";

    public static bool Contains(PathString path) =>
        Array.Exists(s_prefixes, prefix => path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase)) ||
        path.Value?.StartsWith(Grpc, StringComparison.Ordinal) is true;

    /// <summary>A person opened an address: whoever answers with a bare status leaves the words to the page shown for it.</summary>
    public static bool IsPageVisit(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && !Contains(request.Path) &&
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
