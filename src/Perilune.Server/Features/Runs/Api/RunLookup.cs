using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs.Api;

/// <summary>The run that an id in a URL means, or the answer that says why there is none.</summary>
internal readonly record struct RunLookup(Run? Run, IResult? Failure)
{
    /// <summary>
    /// Clients name runs by their own strings, but Lunary's servers hash what is no UUID, and its Python SDK hashes
    /// everything. So every form of <paramref name="id"/> is looked up.
    /// </summary>
    /// <param name="exact">Only the first form: a UUID as it is, anything else hashed the way Lunary's servers do.</param>
    public static async Task<RunLookup> FindAsync(IRunStore store, Guid project, string id, bool exact, CancellationToken cancellationToken)
    {
        var found = new List<Run>(1);
        foreach (var form in Forms(id, project, exact))
        {
            if (await store.FindAsync(project, form, cancellationToken) is { } run && found.TrueForAll(other => other.Id != run.Id))
            {
                found.Add(run);
            }
        }

        return found switch
        {
            [] => new(null, ApiError.RunNotFound),
            [var run] => new(run, null),
            _ => new(null, ApiError.Of(
                StatusCodes.Status409Conflict,
                $"The id \"{id}\" means several runs: {string.Join(" and ", found.Select(run => run.Id))}. Use one of these ids, with exact=true.")),
        };
    }

    public static IReadOnlyList<RunId> Forms(string id, Guid project, bool exact = false) =>
        exact ? [RunId.FromClient(id)] : [RunId.FromClient(id), RunId.FromPython(id, project.ToString())];
}
