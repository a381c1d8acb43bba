using Microsoft.AspNetCore.Http.HttpResults;
using Perilune.Control;
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

    /// <summary>The last event that was refused, if any: what is wrong with an application that is being set up.</summary>
    public static async Task<KeptRefusal?> LastRefusalAsync(IRunStore store, Guid project, CancellationToken cancellationToken) =>
        (await store.RefusalsAsync(project, 1, cancellationToken)) is [var last, ..] ? last : null;

    private static async Task<RazorComponentResult> WaitAsync(Guid projectId, IRunStore store, CancellationToken cancellationToken) =>
        new RazorComponentResult<FirstEvent>(new { ProjectId = projectId, Run = await FirstAsync(store, projectId, cancellationToken), Refused = await LastRefusalAsync(store, projectId, cancellationToken) });
}
