using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perilune.Control;
using Perilune.Ingest.Json;

namespace Perilune.Ingest.LangSmith;

/// <summary>The routes that LangSmith's SDKs send runs to, with <c>LANGSMITH_ENDPOINT</c> at this server.</summary>
internal static class LangSmithEndpoints
{
    /// <summary>Servers of one's own have the API below <c>/api/v1</c>.</summary>
    private static readonly string[] s_prefixes = ["", "/api/v1"];

    /// <summary>What this server takes: in one request at most so many runs and bytes, in parts, compressed or not.</summary>
    private const string Info = """
        {"batch_ingest_config":{"use_multipart_endpoint":true,"size_limit":100,"size_limit_bytes":16777216,"scale_up_qsize_trigger":1000,"scale_up_nthreads_limit":16,"scale_down_nempty_trigger":4},"instance_flags":{"gzip_body_enabled":true,"zstd_compression_enabled":true}}
        """;

    public static void MapLangSmith(this IEndpointRouteBuilder routes)
    {
        foreach (var prefix in s_prefixes)
        {
            // The SDKs ask before they know whether their key is good, and it says nothing about anybody.
            routes.MapGet($"{prefix}/info", static () => TypedResults.Text(Info.Trim(), "application/json")).AllowAnonymous().ExcludeFromDescription();
            Map(routes.MapPost($"{prefix}/runs/multipart", static (HttpContext context, RunIngest ingest) =>
                ingest.TakeAsync(context, (body, now) => LangSmithMultipart.ReadAsync(body, context.Request.ContentType, now, context.RequestAborted), StatusCodes.Status202Accepted)));
            Map(routes.MapPost($"{prefix}/runs/batch", static (HttpContext context, RunIngest ingest) =>
                ingest.TakeAsync(context, static (body, now) => Task.FromResult(LangSmithBatches.Read(body, now)), StatusCodes.Status202Accepted)));
            Map(routes.MapPost($"{prefix}/runs", static (HttpContext context, RunIngest ingest) =>
                ingest.TakeAsync(context, static (body, now) => Task.FromResult(LangSmithBatches.ReadOne(body, now)), StatusCodes.Status202Accepted)));
            Map(routes.MapPatch($"{prefix}/runs/{{id}}", static (HttpContext context, string id, RunIngest ingest) =>
                ingest.TakeAsync(context, (body, now) => Task.FromResult(LangSmithBatches.ReadOne(body, now, id)), StatusCodes.Status202Accepted)));
            Map(routes.MapPost($"{prefix}/feedback", static (HttpContext context, RunIngest ingest) =>
                ingest.TakeAsync(context, static (body, now) => Task.FromResult(LangSmithBatches.ReadFeedback(body, now)), StatusCodes.Status200OK)));
        }

        static void Map(IEndpointConventionBuilder route) => route.RequireAuthorization(Access.Ingest).ExcludeFromDescription();
    }
}
