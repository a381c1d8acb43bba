using Microsoft.AspNetCore.Mvc;
using Perilune.Control;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs.Api;

/// <summary>A request about the run that an id in its path means.</summary>
/// <param name="Id">
/// Clients name runs by their own strings, but Lunary's servers hash what is no UUID, and its Python SDK hashes
/// everything: every form is looked up.
/// </param>
/// <param name="Exact">Only the first form: a UUID as it is, anything else hashed the way Lunary's servers do.</param>
internal readonly record struct RunLookup(
    HttpContext Context, IRunStore Store, string Id, [FromQuery(Name = "exact")] bool? Exact, CancellationToken CancellationToken)
{
    public Guid Project => Context.ProjectId();

    /// <summary>The run, or the answer that says why there is none.</summary>
    public Task<(Run? Run, IResult? Failure)> FindAsync() => FindAsync(Project);

    /// <inheritdoc cref="FindAsync()"/>
    public async Task<(Run? Run, IResult? Failure)> FindAsync(Guid project)
    {
        var found = new List<Run>(1);
        foreach (var form in Exact is true ? [RunId.FromClient(Id)] : Forms(Id, project))
        {
            if (await Store.FindAsync(project, form, CancellationToken) is { } run && found.TrueForAll(other => other.Id != run.Id))
            {
                found.Add(run);
            }
        }

        return found switch
        {
            [] => (null, ApiError.RunNotFound),
            [var run] => (run, null),
            _ => (null, ApiError.Of(
                StatusCodes.Status409Conflict,
                $"The id \"{Id}\" means several runs: {string.Join(" and ", found.Select(run => run.Id))}. Use one of these ids, with exact=true.")),
        };
    }

    /// <summary>The ids that a client may mean by <paramref name="id"/>.</summary>
    public static RunId[] Forms(string id, Guid project) => [RunId.FromClient(id), RunId.FromPython(id, project.ToString())];
}
