using Perilune.Control;

namespace Perilune.Server.Features.Runs.Api;

/// <summary>The JSON API about runs, in the shapes of Lunary's.</summary>
internal static class RunsApi
{
    public static IServiceCollection AddRunsApi(this IServiceCollection services) => services.AddSingleton<RunReferences>().AddSingleton<RunFacets>();

    public static void MapRunsApi(this IEndpointRouteBuilder endpoints)
    {
        var runs = endpoints.MapGroup("/v1/runs").WithTags("Runs");

        runs.MapGet("", RunReads.ListAsync).OpenTo(Access.Read)
            .WithName("listRuns").WithSummary("List runs").Describe(RunDocs.List)
            .Produces<RunListShape>().Fails(400);
        runs.MapGet("/count", RunReads.CountAsync).OpenTo(Access.Read)
            .WithName("countRuns").WithSummary("Count runs").Describe(RunDocs.Count)
            .Produces<long>().Fails(400);
        runs.MapGet("/export", RunExportApi.Export).OpenTo(Access.Read)
            .WithName("exportRuns").WithSummary("Export runs as a file").Describe(RunDocs.Export)
            .Produces(StatusCodes.Status200OK, contentType: "text/csv", additionalContentTypes: "application/jsonl").Fails(400);
        runs.MapPost("/generate-export-token", RunExportApi.IssueToken).OpenTo(Access.Read)
            .WithName("createExportToken").WithSummary("Make a link to export with").Describe(RunDocs.ExportToken)
            .Produces<ExportTokenShape>();
        runs.MapGet("/exports/{token}", RunExportApi.ExportByToken).AllowAnonymous()
            .WithName("exportRunsByToken").WithSummary("Export runs by a link").Describe(RunDocs.Export)
            .Produces(StatusCodes.Status200OK, contentType: "text/csv", additionalContentTypes: "application/jsonl").Fails(400).Fails(401);
        runs.MapGet("/{id}/neighbors", RunNeighbors.GetAsync).OpenTo(Access.Read)
            .WithName("getNeighbors").WithSummary("Get the runs before and after one in a list").Describe(RunDocs.Neighbors).AboutOneRun()
            .Produces<NeighborsShape>();
        runs.MapGet("/{id}", RunReads.GetAsync).OpenTo(Access.Read)
            .WithName("getRun").WithSummary("Get a run").Describe(RunDocs.Get).AboutOneRun()
            .Produces<RunShape>();
        runs.MapGet("/{id}/related", RunReads.RelatedAsync).OpenTo(Access.Read)
            .WithName("getRelatedRuns").WithSummary("Get a run and everything below it").Describe(RunDocs.Related).AboutOneRun()
            .Produces<IReadOnlyList<RunShape>>();
        runs.MapGet("/{id}/public", RunReads.PublicAsync).AllowAnonymous()
            .WithName("getPublicRun").WithSummary("Get a run that was made public").Describe(RunDocs.Public)
            .Produces<RunShape>().Fails(400).Fails(404);
        runs.MapGet("/{id}/feedback", RunReads.FeedbackAsync).OpenTo(Access.PublicRead)
            .WithName("getFeedback").WithSummary("Get a run's feedback").Describe(RunDocs.GetFeedback).AboutOneRun()
            .Produces<FeedbackShape>();

        runs.MapPatch("/{id}/feedback", RunEdits.FeedbackAsync).OpenTo(Access.Write)
            .WithName("updateFeedback").WithSummary("Give feedback on a run").Describe(RunDocs.PatchFeedback).Edits<FeedbackShape>();
        runs.MapPatch("/{id}/score", RunEdits.ScoreAsync).OpenTo(Access.Write)
            .WithName("scoreRun").WithSummary("Score a run").Describe(RunDocs.PatchScore).Edits<ScoreShape>();
        runs.MapPatch("/{id}/tags", RunEdits.TagsAsync).OpenTo(Access.Write)
            .WithName("updateTags").WithSummary("Replace a run's tags").Describe(RunDocs.PatchTags).Edits<TagsShape>();
        runs.MapPatch("/{id}/visibility", RunEdits.VisibilityAsync).OpenTo(Access.Write)
            .WithName("updateVisibility").WithSummary("Make a run public or private").Describe(RunDocs.PatchVisibility).Edits<VisibilityShape>();
        runs.MapDelete("/{id}", RunEdits.DeleteAsync).OpenTo(Access.Write)
            .WithName("deleteRun").WithSummary("Delete a run and everything below it").Describe(RunDocs.Delete).AboutOneRun()
            .Produces(StatusCodes.Status204NoContent);
    }

    private static void Edits<T>(this RouteHandlerBuilder route)
        where T : notnull => route.AboutOneRun().Takes<T>().Produces<EmptyShape>();
}
