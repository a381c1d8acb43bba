using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perilune.Control;
using Perilune.Ingest.Json;

namespace Perilune.Ingest.Opik;

/// <summary>The routes that Opik's SDKs send traces, spans and scores to, with <c>OPIK_URL_OVERRIDE</c> at <c>/api</c> of this server.</summary>
internal static class OpikEndpoints
{
    private const string Prefix = "/api/v1/private";

    public static void MapOpik(this IEndpointRouteBuilder routes)
    {
        // What the command line and the SDK for Python ask first.
        routes.MapGet("/api/is-alive/ping", static () => TypedResults.Text("""{"message":"Alive and Healthy!","healthy":true}""", "application/json")).AllowAnonymous().ExcludeFromDescription();
        MapItems(routes, "traces", OpikMapper.MapTrace);
        MapItems(routes, "spans", OpikMapper.MapSpan);
        Map(routes.MapPut($"{Prefix}/threads/feedback-scores", static (HttpContext context, RunIngest ingest) =>
            ingest.TakeAsync(context, static (body, now) => Task.FromResult(OpikBatches.ReadScores("thread_id", body, now)), StatusCodes.Status204NoContent)));
    }

    private static void MapItems(IEndpointRouteBuilder routes, string name, OpikBatches.Mapping map)
    {
        Map(routes.MapPost($"{Prefix}/{name}/batch", (HttpContext context, RunIngest ingest) =>
            ingest.TakeAsync(context, (body, now) => Task.FromResult(OpikBatches.Read(name, map, body, now)), StatusCodes.Status204NoContent)));
        Map(routes.MapPost($"{Prefix}/{name}", (HttpContext context, RunIngest ingest) =>
            ingest.TakeAsync(context, (body, now) => Task.FromResult(OpikBatches.ReadOne(map, body, now)), StatusCodes.Status201Created)));
        Map(routes.MapPatch($"{Prefix}/{name}/{{id}}", (HttpContext context, string id, RunIngest ingest) =>
            ingest.TakeAsync(context, (body, now) => Task.FromResult(OpikBatches.ReadOne(map, body, now, id)), StatusCodes.Status204NoContent)));
        Map(routes.MapPut($"{Prefix}/{name}/feedback-scores", static (HttpContext context, RunIngest ingest) =>
            ingest.TakeAsync(context, static (body, now) => Task.FromResult(OpikBatches.ReadScores("id", body, now)), StatusCodes.Status204NoContent)));
    }

    private static void Map(IEndpointConventionBuilder route) => route.RequireAuthorization(Access.Ingest).ExcludeFromDescription();
}
