using Perilune.Control;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs.Api;

internal static class RunReads
{
    /// <summary>A list does not wait longer for its total; <c>/v1/runs/count</c> does.</summary>
    private static readonly TimeSpan CountBudget = TimeSpan.FromMilliseconds(250);

    public static async Task<IResult> ListAsync(HttpContext context, IRunStore store, RunReferences references, TimeProvider time, CancellationToken cancellationToken)
    {
        var (project, request) = (context.ProjectId(), new RunListRequest(context.Request, context.ProjectId(), Instant.From(time.GetUtcNow())));
        if (request.ReadList() is not { } query)
        {
            return request.Failure!;
        }

        var page = await store.ListAsync(project, query, cancellationToken);
        var total = request.WantsTotal ? await store.CountAsync(project, query.Scope, query.Filter, CountBudget, cancellationToken) : null;
        var refs = await references.ReadAsync(project, page.Runs, cancellationToken);
        return new JsonStreamResult(async (json, flush) =>
        {
            json.WriteStartObject();
            json.WriteNumber("page", request.Page);
            json.WriteNumber("limit", query.Limit);
            if (total is { } known)
            {
                json.WriteNumber("total", known);
            }
            else
            {
                json.WriteNull("total");
            }

            json.WriteStartArray("data");
            foreach (var run in page.Runs)
            {
                RunJson.Write(json, run, project, refs, parent: null);
                await flush();
            }

            json.WriteEndArray();
            json.WriteString("cursor", page.Next);
            if (page.SearchedBackTo is { } searched)
            {
                json.WriteString("searchedBackTo", searched.ToString());
            }

            json.WriteEndObject();
        });
    }

    public static async Task<IResult> CountAsync(HttpContext context, IRunStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var project = context.ProjectId();
        var request = new RunListRequest(context.Request, project, Instant.From(time.GetUtcNow()));
        return request.ReadMatch() is var (scope, filter)
            ? TypedResults.Ok(await store.CountAsync(project, scope, filter, Timeout.InfiniteTimeSpan, cancellationToken))
            : request.Failure!;
    }

    public static async Task<IResult> GetAsync([AsParameters] RunLookup lookup, RunReferences references)
    {
        var (run, failure) = await lookup.FindAsync();
        if (run is null)
        {
            return failure!;
        }

        var (store, project, cancellationToken) = (lookup.Store, lookup.Project, lookup.CancellationToken);
        var refs = await references.ReadAsync(project, [run], cancellationToken);
        var parent = run.ParentId is { } id ? await store.FindAsync(project, id, cancellationToken) : null;
        return new JsonStreamResult((json, _) =>
        {
            RunJson.Write(json, run, project, refs, parent);
            return Task.CompletedTask;
        });
    }

    public static async Task<IResult> RelatedAsync([AsParameters] RunLookup lookup, RunReferences references)
    {
        var (store, project, cancellationToken) = (lookup.Store, lookup.Project, lookup.CancellationToken);
        var (top, failure) = await lookup.FindAsync();
        if (top is null)
        {
            return failure!;
        }

        var runs = await store.SubtreeAsync(project, top.Id, RunDetail.Full, cancellationToken);
        var refs = await references.ReadAsync(project, runs, cancellationToken);
        var byId = runs.ToDictionary(run => run.Id);
        return new JsonStreamResult(async (json, flush) =>
        {
            json.WriteStartArray();
            foreach (var run in runs)
            {
                RunJson.Write(json, run, project, refs, run.ParentId is { } parent ? byId.GetValueOrDefault(parent) : null);
                await flush();
            }

            json.WriteEndArray();
        });
    }

    /// <summary>Nobody is signed in here, so the project has to be named; what is not public does not exist.</summary>
    public static async Task<IResult> PublicAsync([AsParameters] RunLookup lookup, KeyRing keys, string? projectId)
    {
        if (projectId is null)
        {
            return ApiError.BadRequest("projectId", "is missing. Add ?projectId= and the project's id (its public key).");
        }

        // Asking the store about a project that does not exist must not make it one.
        if (keys.Find(projectId).Key is not { Kind: KeyKind.Public, ProjectId: var project })
        {
            return ApiError.RunNotFound;
        }

        var (run, _) = await lookup.FindAsync(project);
        return run is not { IsPublic: true } ? ApiError.RunNotFound : new JsonStreamResult((json, _) =>
        {
            RunJson.Write(json, run, project, RunRefs.None, parent: null);
            return Task.CompletedTask;
        });
    }

    public static async Task<IResult> FeedbackAsync([AsParameters] RunLookup lookup)
    {
        var (run, failure) = await lookup.FindAsync();
        return run is null ? failure! : new JsonStreamResult((json, _) =>
        {
            RunJson.WriteRaw(json, run.Feedback);
            return Task.CompletedTask;
        });
    }
}
