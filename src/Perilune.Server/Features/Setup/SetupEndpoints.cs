using Microsoft.AspNetCore.Http.HttpResults;
using Perilune.Control;
using Perilune.Ingest;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Server.Features.Setup;

internal static class SetupEndpoints
{
    public static void MapSetup(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/projects/{projectId:guid}/setup/first", WaitAsync).RequireAuthorization(Access.Read);

    /// <summary>The newest run of the project, if any.</summary>
    public static async Task<Run?> FirstAsync(IRunStore store, Guid project, CancellationToken cancellationToken)
    {
        var page = await store.ListAsync(project, new RunQuery { Limit = 1 }, cancellationToken);
        return page.Runs.Count > 0 ? page.Runs[0] : null;
    }

    private static async Task<RazorComponentResult> WaitAsync(Guid projectId, IRunStore store, RefusalLog refusals, CancellationToken cancellationToken) =>
        new RazorComponentResult<FirstEvent>(new { ProjectId = projectId, Run = await FirstAsync(store, projectId, cancellationToken), Refused = refusals.Last(projectId) });
}
