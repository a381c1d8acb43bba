using System.Collections.Frozen;
using System.Globalization;
using Perilune.Control;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs.Api;

/// <summary>What runs only name, and the API shows along with them.</summary>
/// <param name="Users">Known end users by id; null leaves users out.</param>
/// <param name="Slugs">Slugs of templates, by the id of their version.</param>
internal sealed record RunRefs(IReadOnlyDictionary<string, EndUser>? Users, IReadOnlyDictionary<string, string> Slugs)
{
    public static readonly RunRefs None = new(null, FrozenDictionary<string, string>.Empty);
}

internal sealed class RunReferences(IRunStore store, Templates templates)
{
    public async Task<RunRefs> ReadAsync(Guid project, IReadOnlyList<Run> runs, CancellationToken cancellationToken)
    {
        var ids = runs.Select(run => run.User.Effective).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var users = ids.Count == 0 ? [] : await store.UsersAsync(project, ids, cancellationToken);
        var versions = runs.Select(run => VersionId(run.TemplateVersionId)).OfType<long>().ToHashSet();
        var names = await templates.NamesAsync(project, versions, cancellationToken);
        return new RunRefs(
            users.ToDictionary(user => user.Id, StringComparer.Ordinal),
            names.ToDictionary(name => name.Id.ToString(CultureInfo.InvariantCulture), name => name.Slug, StringComparer.Ordinal));
    }

    private static long? VersionId(string? id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
