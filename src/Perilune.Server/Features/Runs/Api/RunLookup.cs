using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Perilune.Control;
using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs.Api;

/// <summary>A request about the run that an id in its path means.</summary>
/// <param name="Id">
/// Clients name runs by their own strings, but Lunary's servers hash what is no UUID, and its Python SDK hashes
/// everything: every form is looked up.
/// </param>
/// <param name="Exact">Only the first form: a UUID as it is, anything else hashed the way Lunary's servers do.</param>
internal readonly record struct RunLookup(
    HttpContext Context, IRunStore Store, string Id, [FromQuery(Name = "exact")] string? Exact, CancellationToken CancellationToken)
{
    public Guid Project => Context.ProjectId();

    /// <summary>The run, or the answer that says why there is none.</summary>
    public Task<(Run? Run, IResult? Failure)> FindAsync() => FindAsync(Project);

    /// <inheritdoc cref="FindAsync()"/>
    public async Task<(Run? Run, IResult? Failure)> FindAsync(Guid project)
    {
        if (Exact is not (null or "" or "true" or "false"))
        {
            return (null, ApiError.BadRequest("exact", $"\"{Exact}\" is not known. Use true or false."));
        }

        var id = AsSent();
        var found = new List<Run>(1);
        foreach (var form in Exact is "true" ? [RunId.FromClient(id)] : Forms(id, project))
        {
            if (await Store.FindAsync(project, form, CancellationToken) is { } run && found.TrueForAll(other => other.Id != run.Id))
            {
                found.Add(run);
            }
        }

        if (found.Count == 0 && Exact is not "true" && await FindSpanAsync(project, id) is { } span)
        {
            found.Add(span);
        }

        return found switch
        {
            [] => (null, ApiError.RunNotFound),
            [var run] => (run, null),
            _ => (null, ApiError.Of(
                StatusCodes.Status409Conflict,
                $"The id \"{id}\" means several runs: {string.Join(" and ", found.Select(run => run.Id))}. Use one of these ids, with exact=true.")),
        };
    }

    /// <summary>
    /// The run that a trace id of OpenTelemetry (32 digits) or a span id (16) means by itself. No index helps: it is looked
    /// for from the newest, for as long as a list is.
    /// </summary>
    private async Task<Run?> FindSpanAsync(Guid project, string id)
    {
        if (id.Length is not (32 or 16) || !id.All(char.IsAsciiHexDigit))
        {
            return null;
        }

        var hex = id.ToLowerInvariant();
        var filter = new FieldFilter(FilterField.Id, null, FilterOperator.Is, new() { Text = id.Length == 32 ? $"{hex}-*" : $"*-{hex}" });
        var page = await Store.ListAsync(project, new RunQuery { Filter = filter, Limit = 200, Detail = RunDetail.None }, CancellationToken);
        var found = page.Runs.FirstOrDefault(run => run.TraceId == run.Id) ?? (page.Runs.Count > 0 ? page.Runs[0] : null);
        return found is null ? null : await Store.FindAsync(project, found.Id, CancellationToken);
    }

    /// <summary>Paths come decoded but for their encoded slashes, which are then not told from the text <c>%2F</c>; the raw path is exact.</summary>
    private string AsSent()
    {
        if (!Id.Contains("%2F", StringComparison.OrdinalIgnoreCase))
        {
            return Id;
        }

        const string before = "/v1/runs/";
        var raw = Context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var start = raw.IndexOf(before, StringComparison.OrdinalIgnoreCase);
        return start < 0 ? Id : Uri.UnescapeDataString(raw[(start + before.Length)..].Split('/', '?')[0]);
    }

    /// <summary>The ids that a client may mean by <paramref name="id"/>.</summary>
    public static RunId[] Forms(string id, Guid project) => [RunId.FromClient(id), RunId.FromPython(id, project.ToString())];
}
