using Perilune.Storage;

namespace Perilune.Server.Hosting;

internal static class HealthEndpoints
{
    /// <summary>200 while events can be accepted, else 503 with the reason.</summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/v1/health", static IResult (IRunStore store) =>
                store.Health is { CanWrite: false } health
                    ? TypedResults.Problem(health.Reason ?? "Events cannot be stored now.", statusCode: StatusCodes.Status503ServiceUnavailable)
                    : TypedResults.Text("""{"status":"ok"}""", "application/json"))
            .WithTags("Server")
            .WithName("health")
            .WithSummary("Whether events can be accepted")
            .AllowAnonymous();
}
