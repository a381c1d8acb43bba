using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Perilune.Control;
using Perilune.Model;
using Perilune.Server.Features.Runs.Api;
using Perilune.Server.Ui;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs;

internal static class RunsEndpoints
{
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_countBudget = TimeSpan.FromSeconds(5);

    public static void MapRuns(this IEndpointRouteBuilder routes)
    {
        var runs = routes.MapGroup("/projects/{projectId:guid}/runs").RequireAuthorization(Access.Read);
        runs.MapGet("/rows", RowsAsync);
        runs.MapGet("/count", CountAsync);
        runs.MapGet("/live", Live);
        runs.MapGet("/export", ExportAsync);
        runs.MapGet("/suggest", SuggestAsync);
        runs.MapGet("/{runId}/raw", RawRun.WriteAsync);
        runs.MapGet("/{runId}/media", MediaFile.WriteAsync);
    }

    private static async Task<IResult> RowsAsync(Guid projectId, string? scope, string? q, string? after, string? sort, string? dir, string? hide, RunsReader reader, TimeProvider clock, CancellationToken cancellationToken)
    {
        var view = RunsView.Of(projectId, scope, q, after, sort, dir, hide);
        if (view.Parse(clock).Filter is not { } filter)
        {
            return TypedResults.BadRequest();
        }

        var page = await reader.PageAsync(view, filter, cancellationToken);
        return new RazorComponentResult<RunRows>(new { View = view, Page = page });
    }

    private static async Task<IResult> CountAsync(Guid projectId, string? scope, string? q, RunsReader reader, TimeProvider clock, CancellationToken cancellationToken)
    {
        var view = RunsView.Of(projectId, scope, q, null);
        return view.Parse(clock).Filter is { } filter
            ? new RazorComponentResult<RunsCount>(new { View = view, Count = await reader.CountAsync(view, filter, s_countBudget, cancellationToken), IsFinal = true })
            : TypedResults.BadRequest();
    }

    private static IResult ExportAsync(
        Guid projectId, string? scope, string? q, string? sort, string? dir, string? format, IRunStore store, RunReferences references, TimeProvider clock)
    {
        var view = RunsView.Of(projectId, scope, q, null, sort, dir);
        return view.Parse(clock).Filter is { } filter
            ? RunExports.Of(format, projectId, new RunQuery { Scope = view.Scope, Filter = filter, Sort = view.Sort, Ascending = view.Ascending }, store, references, clock)
            : TypedResults.BadRequest();
    }

    /// <summary>What may stand where the caret is.</summary>
    private static async Task<IResult> SuggestAsync(Guid projectId, string? q, int? at, FilterSuggestions suggestions, CancellationToken cancellationToken) =>
        TypedResults.Json(await suggestions.ForAsync(projectId, q ?? "", at ?? q?.Length ?? 0, cancellationToken), SuggestionJson.Default.SuggestionList);

    /// <summary>Says how many runs are newer than the page, whenever that changes.</summary>
    private static IResult Live(Guid projectId, string? scope, string? q, long since, RunsReader reader, IRunStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var view = RunsView.Of(projectId, scope, q, null);
        return view.Parse(clock).Filter is { } filter
            ? TypedResults.ServerSentEvents(NewAsync(cancellationToken))
            : TypedResults.BadRequest();

        async IAsyncEnumerable<SseItem<string>> NewAsync([EnumeratorCancellation] CancellationToken ended)
        {
            var shown = 0;
            yield return new SseItem<string>("0", "new");
            await foreach (var _ in store.ChangesAsync(projectId, ended))
            {
                // More than that is not told apart.
                if (shown == RunsReader.MaxNew)
                {
                    continue;
                }

                var count = await reader.NewAsync(view, filter, new Instant(since), ended);
                if (count != shown)
                {
                    shown = count;
                    yield return new SseItem<string>(count.ToString(System.Globalization.CultureInfo.InvariantCulture), "new");
                }

                // A burst of commits is a few looks at the store, not hundreds.
                await Task.Delay(s_quiet, clock, ended);
            }
        }
    }
}
