using Microsoft.AspNetCore.Mvc;
using Perilune.Control;

namespace Perilune.Server.Features.Runs.Api;

/// <summary>The JSON API about runs, in the shapes of Lunary's.</summary>
internal static class RunsApi
{
    private const long MaxEditBytes = 1 << 20;

    public static void MapRunsApi(this IEndpointRouteBuilder endpoints)
    {
        var runs = endpoints.MapGroup("/v1/runs").WithTags("Runs");

        runs.MapGet("", RunReads.ListAsync).RequireAuthorization(Access.Read)
            .WithName("listRuns").WithSummary("List runs").Describe(RunDocs.List)
            .Produces<RunListShape>().ProducesProblem(400);
        runs.MapGet("/count", RunReads.CountAsync).RequireAuthorization(Access.Read)
            .WithName("countRuns").WithSummary("Count runs").Describe(RunDocs.Count)
            .Produces<long>().ProducesProblem(400);
        runs.MapGet("/{id}", RunReads.GetAsync).RequireAuthorization(Access.Read)
            .WithName("getRun").WithSummary("Get a run").Describe(RunDocs.Get).AboutOneRun()
            .Produces<RunShape>();
        runs.MapGet("/{id}/related", RunReads.RelatedAsync).RequireAuthorization(Access.Read)
            .WithName("getRelatedRuns").WithSummary("Get a run and everything below it").Describe(RunDocs.Related).AboutOneRun()
            .Produces<IReadOnlyList<RunShape>>();
        runs.MapGet("/{id}/public", RunReads.PublicAsync).AllowAnonymous()
            .WithName("getPublicRun").WithSummary("Get a run that was made public").Describe(RunDocs.Public).AboutOneRun()
            .Produces<RunShape>().ProducesProblem(400);
        runs.MapGet("/{id}/feedback", RunReads.FeedbackAsync).RequireAuthorization(Access.PublicRead)
            .WithName("getFeedback").WithSummary("Get a run's feedback").Describe(RunDocs.GetFeedback).AboutOneRun()
            .Produces<FeedbackShape>();

        runs.MapPatch("/{id}/feedback", RunEdits.FeedbackAsync).RequireAuthorization(Access.Write)
            .WithName("updateFeedback").WithSummary("Give feedback on a run").Describe(RunDocs.PatchFeedback).Edits<FeedbackShape>();
        runs.MapPatch("/{id}/score", RunEdits.ScoreAsync).RequireAuthorization(Access.Write)
            .WithName("scoreRun").WithSummary("Score a run").Describe(RunDocs.PatchScore).Edits<ScoreShape>();
        runs.MapPatch("/{id}/tags", RunEdits.TagsAsync).RequireAuthorization(Access.Write)
            .WithName("updateTags").WithSummary("Replace a run's tags").Describe(RunDocs.PatchTags).Edits<TagsShape>();
        runs.MapPatch("/{id}/visibility", RunEdits.VisibilityAsync).RequireAuthorization(Access.Write)
            .WithName("updateVisibility").WithSummary("Make a run public or private").Describe(RunDocs.PatchVisibility).Edits<VisibilityShape>();
        runs.MapDelete("/{id}", RunEdits.DeleteAsync).RequireAuthorization(Access.Write)
            .WithName("deleteRun").WithSummary("Delete a run and everything below it").Describe(RunDocs.Delete).AboutOneRun()
            .Produces(StatusCodes.Status204NoContent);
    }

    private static RouteHandlerBuilder AboutOneRun(this RouteHandlerBuilder route) => route.ProducesProblem(404).ProducesProblem(409);

    private static void Edits<T>(this RouteHandlerBuilder route)
        where T : notnull => route
        .AboutOneRun()
        .WithMetadata(new RequestSizeLimitAttribute(MaxEditBytes))
        .Accepts<T>("application/json")
        .Produces<EmptyShape>()
        .ProducesProblem(400)
        .ProducesProblem(422);
}
