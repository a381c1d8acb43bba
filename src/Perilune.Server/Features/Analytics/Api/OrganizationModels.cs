using Perilune.Control;
using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Server.Features.Runs.Api;
using Perilune.Storage;
using ProjectService = Perilune.Control.Projects;

namespace Perilune.Server.Features.Analytics.Api;

/// <summary>Models over the projects of an organization, the most used first.</summary>
internal static class OrganizationModels
{
    private const int Most = 100;

    public static void MapOrganizationModels(this IEndpointRouteBuilder analytics) => analytics
        .MapGet("/org/models/top", ReadAsync).OpenTo(Access.Read)
        .WithName("analyticsOrgModelsTop").WithSummary("Models with the most tokens over the projects of an organization")
        .WithDescription("For a signed-in member all projects of the organization that `projectId` is in; for a private key its own project. `startDate` and `endDate` (ISO 8601) bound the time, which is all time without them; filters as in the list of runs.")
        .Produces<IReadOnlyList<OrganizationModelShape>>().Fails(400);

    private static async Task<IResult> ReadAsync(HttpContext context, ProjectService projects, IRunStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var request = AnalyticsRequest.Of(context.Request, Instant.From(clock.GetUtcNow()));
        if (request.Failure is { } failure)
        {
            return failure;
        }

        var isBounded = context.Request.Query["startDate"] is [{ Length: > 0 }, ..] || context.Request.Query["endDate"] is [{ Length: > 0 }, ..];
        var query = new AnalyticsQuery
        {
            Bounds = isBounded ? [request.Periods!.From, request.Periods.To] : [Instant.MinValue, Instant.MaxValue],
            Filter = request.Filter,
            By = Facet.Name,
        };

        // One after the other: an organization may have more projects than a server should read at once.
        var uses = new List<(string? Model, string Project, RunSums Sums)>();
        foreach (var project in await ReadableAsync(context, projects, cancellationToken))
        {
            var models = (await store.AnalyticsAsync(project.Id, query, cancellationToken)).Where(s => CountingRule.CountsUsage(s.Key.Type));
            uses.AddRange(models.Select(s => (s.Key.Value, project.Name, s.Total())));
        }

        return TypedResults.Ok(uses
            .GroupBy(use => use.Model, StringComparer.Ordinal)
            .Select(model => Shape(model.Key, [.. model]))
            .OrderByDescending(model => model.TotalTokens).ThenBy(model => model.Name, StringComparer.Ordinal)
            .Take(Most)
            .ToList());
    }

    private static OrganizationModelShape Shape(string? model, IReadOnlyList<(string? Model, string Project, RunSums Sums)> uses)
    {
        var sums = new RunSums();
        foreach (var use in uses)
        {
            sums.Add(use.Sums);
        }

        return new OrganizationModelShape
        {
            Name = model,
            PromptTokens = (double)sums.Input,
            CompletionTokens = (double)sums.Output,
            TotalTokens = (double)sums.Tokens,
            Cost = AnalyticsAnswers.Usd(sums.Cost),
            ProjectName = uses.GroupBy(use => use.Project, StringComparer.Ordinal).MaxBy(project => project.Sum(use => use.Sums.Runs))!.Key,
        };
    }

    private static async Task<IReadOnlyList<Project>> ReadableAsync(HttpContext context, ProjectService projects, CancellationToken cancellationToken)
    {
        var here = context.ProjectId();
        if (context.AccountId() is { } account)
        {
            return projects.OfAccount(account).FirstOrDefault(o => o.Projects.Any(p => p.Id == here))?.Projects ?? [];
        }

        return await projects.FindAsync(here, cancellationToken) is { } own ? [own] : [];
    }
}
