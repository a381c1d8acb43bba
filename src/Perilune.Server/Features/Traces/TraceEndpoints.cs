using Microsoft.AspNetCore.Http.HttpResults;
using Perilune.Control;
using Perilune.Model;
using Perilune.Server.Ui;

namespace Perilune.Server.Features.Traces;

internal static class TraceEndpoints
{
    public static void MapTraces(this IEndpointRouteBuilder routes)
    {
        var project = routes.MapGroup("/projects/{projectId:guid}").RequireAuthorization(Access.Read);
        project.MapGet("/traces/{traceId}/skeleton", SkeletonAsync);
        project.MapGet("/runs/{runId}/panel", PanelAsync);
    }

    private static async Task<Results<JsonHttpResult<TraceSkeleton>, NotFound>> SkeletonAsync(Guid projectId, string traceId, bool? plumbing, TraceReader reader, CancellationToken cancellationToken) =>
        await reader.FindAsync(projectId, RunId.FromClient(traceId), plumbing is true, cancellationToken) is { } trace
            ? TypedResults.Json(TraceSkeleton.Of(trace), TraceJson.Default.TraceSkeleton)
            : TypedResults.NotFound();

    private static async Task<Results<RazorComponentResult<RunPanel>, NotFound>> PanelAsync(Guid projectId, string runId, string? tab, string? view, string? mark, TraceReader reader, TimeProvider clock, CancellationToken cancellationToken) =>
        await reader.FindRunAsync(projectId, RunId.FromClient(runId), cancellationToken) is { } run
            ? new RazorComponentResult<RunPanel>(new
            {
                ProjectId = projectId, Run = run, Tab = tab, View = view, Marks = SearchMarks.Parse(mark, Instant.From(clock.GetUtcNow())),
                Media = await reader.MediaAsync(projectId, run, cancellationToken),
                Changes = tab is "changes" ? await reader.ChangesAsync(projectId, run, cancellationToken) : null,
            })
            : TypedResults.NotFound();
}
