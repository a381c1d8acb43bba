using Perilune.Control;
using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Server.Features.Runs.Api;
using Perilune.Storage;

namespace Perilune.Server.Features.Analytics.Api;

/// <summary>The JSON API behind charts, in the paths and shapes of Lunary's.</summary>
internal static class AnalyticsApi
{
    private const string Help =
        "`startDate` and `endDate` (ISO 8601), `timeZone` (IANA), `granularity` (hourly, daily, weekly, monthly), and the same filters as the list of runs. Periods are those of the zone's calendar, changes of clocks included.";

    public static void MapAnalyticsApi(this IEndpointRouteBuilder endpoints)
    {
        var analytics = endpoints.MapGroup("/v1/analytics").WithTags("Analytics");
        Series("tokens", "Tokens of model calls, by model", (a, _) => a.SeriesAsync(Facet.Name, IsCall, s => (double)s.Tokens));
        Series("costs", "Cost in USD, by model", (a, _) => a.SeriesAsync(Facet.Name, IsCall, s => AnalyticsAnswers.Usd(s.Cost)));
        Series("errors", "Failed runs", (a, _) => a.SumAsync(IsWork, "Errors", s => s.Errors));
        Series("runs", "Runs", (a, _) => a.SumAsync(IsWork, "Runs", s => s.Runs));
        Series("run-types", "Runs by type, or with `firstDimension=tags` by tag", (a, context) => context.Request.Query["firstDimension"] == "tags"
            ? a.SeriesAsync(Facet.Tag, _ => true, s => s.Runs)
            : a.SeriesAsync(Facet.Type, _ => true, s => s.Runs));
        Series("latency", "Percentiles of the duration of model calls, in seconds", (a, _) => a.LatencyAsync());
        Series("threads", "Threads by their start", (a, _) => a.SumAsync(key => key.Type == RunTypes.Thread, "Threads", s => s.Runs));
        Series("users/new", "Users by when they were first seen", (a, _) => a.UsersAsync(areNew: true));
        Series("users/active", "Different users", (a, _) => a.UsersAsync(areNew: false));
        Series("users/average-cost", "Cost in USD per active user", (a, _) => a.CostPerUserAsync());
        Series("feedback/thumb/up", "Thumbs up", (a, _) => a.SumAsync(key => key.Value == "up", "Thumbs up", s => s.Runs, Facet.Thumb));
        Series("feedback/thumb/down", "Thumbs down", (a, _) => a.SumAsync(key => key.Value == "down", "Thumbs down", s => s.Runs, Facet.Thumb));
        Series("feedback-ratio", "Share of thumbs that are up", (a, _) => a.FeedbackRatioAsync());
        Series("custom-events", "Custom events by name", (a, _) => a.SeriesAsync(Facet.Name, key => key.Type == RunTypes.CustomEvent, s => s.Runs));
        Top("models", "Models", a => a.TopAsync(Facet.Name, IsCall));
        analytics.MapOrganizationModels();
        Top("agents", "Agents", a => a.TopAsync(Facet.Name, key => key.Type == RunTypes.Agent));
        Top("tools", "Tools", a => a.TopAsync(Facet.Name, key => key.Type == RunTypes.Tool));
        Top("templates", "Prompt template versions", a => a.TopAsync(Facet.Template, _ => true));
        Top("tags", "Tags", a => a.TopAsync(Facet.Tag, _ => true));

        // Nothing classifies runs by these.
        foreach (var none in (ReadOnlySpan<string>)["languages", "topics"])
        {
            analytics.MapGet($"/{none}/top", static () => TypedResults.Ok(new TopShape { Data = [] })).RequireAuthorization(Access.Read).ExcludeFromDescription();
        }

        endpoints.MapGet("/v1/runs/usage", RunUsage.ReadAsync).OpenTo(Access.Read).WithTags("Runs")
            .WithName("getRunUsage").WithSummary("What runs used, by type and name")
            .WithDescription("`days` back from now (1 to 3650), only those of `userId`, and with `daily=true` each UTC day apart.")
            .Produces<IReadOnlyList<UsageShape>>().Fails(400);

        void Series(string path, string summary, Func<AnalyticsAnswers, HttpContext, Task<SeriesShape>> answer) => Map(path, summary, answer);

        void Top(string what, string summary, Func<AnalyticsAnswers, Task<TopShape>> answer) => Map($"{what}/top", $"{summary} with the most runs", (a, _) => answer(a));

        void Map<T>(string path, string summary, Func<AnalyticsAnswers, HttpContext, Task<T>> answer) => analytics
            .MapGet($"/{path}", async Task<IResult> (HttpContext context, IRunStore store, TimeProvider clock, CancellationToken cancellationToken) =>
            {
                var request = AnalyticsRequest.Of(context.Request, Instant.From(clock.GetUtcNow()));
                return request.Failure ?? TypedResults.Ok(await answer(new AnalyticsAnswers(store, context.ProjectId(), request, cancellationToken), context));
            })
            .OpenTo(Access.Read)
            .WithName("analytics" + string.Concat(path.Split('/', '-').Select(word => char.ToUpperInvariant(word[0]) + word[1..])))
            .WithSummary(summary)
            .WithDescription(Help)
            .Produces<T>()
            .Fails(400);
    }

    private static bool IsCall(FacetKey key) => CountingRule.CountsUsage(key.Type);

    private static bool IsWork(FacetKey key) => CountingRule.IsBillable(key.Type);
}
