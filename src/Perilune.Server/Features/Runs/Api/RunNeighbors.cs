using Perilune.Control;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs.Api;

/// <summary>The runs before and after one in a list, found by their place rather than by numbering the whole list.</summary>
internal static class RunNeighbors
{
    public static async Task<IResult> GetAsync([AsParameters] RunLookup lookup, TimeProvider time)
    {
        var (run, failure) = await lookup.FindAsync();
        if (run is null)
        {
            return failure!;
        }

        var request = new RunListRequest(lookup.Context.Request, lookup.Project, Instant.From(time.GetUtcNow()));
        if (request.ReadList() is not { } query)
        {
            return request.Failure!;
        }

        var at = query with { Limit = 1, Offset = 0, After = RunQuery.CursorOf(run, query.Sort), Detail = RunDetail.None };
        var next = await lookup.Store.ListAsync(lookup.Project, at, lookup.CancellationToken);
        var previous = await lookup.Store.ListAsync(lookup.Project, at with { Ascending = !at.Ascending }, lookup.CancellationToken);
        return TypedResults.Ok(new NeighborsShape
        {
            PreviousId = previous.Runs.Count > 0 ? previous.Runs[0].Id.ToString() : null,
            NextId = next.Runs.Count > 0 ? next.Runs[0].Id.ToString() : null,
        });
    }
}
