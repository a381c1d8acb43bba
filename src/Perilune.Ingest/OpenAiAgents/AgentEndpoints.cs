using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perilune.Control;
using Perilune.Ingest.Json;

namespace Perilune.Ingest.OpenAiAgents;

/// <summary>The route that the OpenAI Agents SDK sends its traces to, with the endpoint of its exporter at this server.</summary>
internal static class AgentEndpoints
{
    public static void MapOpenAiAgents(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/traces/ingest", static (HttpContext context, RunIngest ingest) =>
                ingest.TakeAsync(context, static (body, now) => Task.FromResult(AgentTraces.Read(body, now)), StatusCodes.Status204NoContent))
            .RequireAuthorization(Access.Ingest)
            .ExcludeFromDescription();
}
