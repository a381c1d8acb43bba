using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perilune.Control;
using Perilune.Ingest.Json;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Ingest.OpenAiAgents;

internal static class AgentEndpoints
{
    public static void MapOpenAiAgents(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/traces/ingest", static (HttpContext context, RunIngest ingest, IRunStore store) =>
                ingest.TakeAsync(context, (body, now) => AgentTraces.ReadAsync(body, now, turn => FindCallAsync(store, context.ProjectId(), turn)), StatusCodes.Status204NoContent))
            .RequireAuthorization(Access.Ingest)
            .ExcludeFromDescription();

    private static async Task<RunId?> FindCallAsync(IRunStore store, Guid project, RunId turn)
    {
        var below = await store.SubtreeAsync(project, turn, RunDetail.None, CancellationToken.None);
        return below.FirstOrDefault(run => run.ParentId == turn && run.Type == RunTypes.Llm && run.Usage is null)?.Id;
    }
}
