using Microsoft.AspNetCore.Mvc;

namespace Perilune.Server.Features.Runs.Api;

/// <summary>What all routes of the JSON API say alike.</summary>
internal static class ApiRoutes
{
    private const long MaxEditBytes = 1 << 20;

    public static RouteHandlerBuilder OpenTo(this RouteHandlerBuilder route, string policy) => route.RequireAuthorization(policy).Fails(401).Fails(403);

    public static RouteHandlerBuilder AboutOneRun(this RouteHandlerBuilder route) => route.Fails(400).Fails(404).Fails(409);

    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder route, int status) => route.Produces<ErrorShape>(status, "application/problem+json");

    /// <summary>The route reads a JSON body by itself.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder route)
        where T : notnull => route
        .WithMetadata(new RequestSizeLimitAttribute(MaxEditBytes))
        .Accepts<T>("application/json")
        .Fails(400)
        .Fails(422);
}
