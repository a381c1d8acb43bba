using Microsoft.EntityFrameworkCore;
using Perilune.Control.Data;

namespace Perilune.Control;

/// <summary>The prompt templates of projects, as they are read. <see cref="TemplateEditor"/> changes them.</summary>
public sealed class Templates
{
    private readonly ControlStore _store;
    private readonly TemplateShelf _shelf;

    internal Templates(ControlStore store, TemplateShelf shelf) => (_store, _shelf) = (store, shelf);

    /// <summary>All templates of the project with all their versions, by slug.</summary>
    public Task<IReadOnlyList<Template>> ListAsync(Guid project, CancellationToken cancellationToken) => _store.ReadAsync<IReadOnlyList<Template>>(async db =>
    {
        var rows = await Whole(db).Where(t => t.ProjectId == project).ToListAsync(cancellationToken);
        return [.. rows.Select(ToTemplate).OrderBy(t => t.Slug, StringComparer.OrdinalIgnoreCase).ThenBy(t => t.Id)];
    });

    public Task<Template?> FindAsync(Guid project, long template, CancellationToken cancellationToken) => _store.ReadAsync(async db =>
        await Whole(db).SingleOrDefaultAsync(t => t.Id == template && t.ProjectId == project, cancellationToken) is { } row ? ToTemplate(row) : null);

    /// <summary>The version with this id, as runs name it.</summary>
    public async Task<TemplateVersion?> FindVersionAsync(Guid project, long version, CancellationToken cancellationToken)
    {
        var names = await NamesAsync(project, [version], cancellationToken);
        return names is [var name] && await FindAsync(project, name.TemplateId, cancellationToken) is { } template
            ? template.Versions.FirstOrDefault(v => v.Id == version)
            : null;
    }

    /// <summary>Which templates these version ids belong to; ids that the project does not have are left out.</summary>
    public Task<IReadOnlyList<TemplateVersionName>> NamesAsync(Guid project, IReadOnlyCollection<long> versions, CancellationToken cancellationToken) =>
        versions.Count == 0 ? Task.FromResult<IReadOnlyList<TemplateVersionName>>([]) : _store.ReadAsync<IReadOnlyList<TemplateVersionName>>(async db =>
            await db.TemplateVersions
                .Where(v => versions.Contains(v.Id) && v.Template.ProjectId == project)
                .Select(v => new TemplateVersionName(v.Id, v.TemplateId, v.Template.Slug, v.Number))
                .ToListAsync(cancellationToken));

    /// <summary>
    /// The version that an application is to use: the one with the label; without a label the one labelled production, or
    /// else the newest published. Null when there is no such template or version.
    /// </summary>
    public async Task<TemplateVersion?> LiveAsync(Guid project, string slug, string? label, CancellationToken cancellationToken)
    {
        if (_shelf.Find(project, slug, label) is { } known)
        {
            return known;
        }

        var changes = _shelf.Changes(project);
        var template = await _store.ReadAsync(async db =>
            await Whole(db).SingleOrDefaultAsync(t => t.ProjectId == project && t.Slug == slug, cancellationToken) is { } row ? ToTemplate(row) : null);
        var version = label switch
        {
            null => template?.Live,
            TemplateLabels.Latest => template?.Latest,
            _ => template?.Versions.FirstOrDefault(v => v.Labels.Contains(label, StringComparer.Ordinal)),
        };
        if (version is not null)
        {
            _shelf.Keep(project, label, version, changes);
        }

        return version;
    }

    internal static IQueryable<TemplateRow> Whole(ControlDb db) => db.Templates.Include(t => t.Versions).Include(t => t.Labels).AsSplitQuery();

    internal static Template ToTemplate(TemplateRow row) => new(
        row.Id, row.ProjectId, row.Slug, row.Mode, row.Created, [.. row.Versions.OrderByDescending(v => v.Number).Select(v => ToVersion(row, v))]);

    internal static TemplateVersion ToVersion(TemplateRow template, TemplateVersionRow row) => new(
        row.Id, template.Id, template.Slug, row.Number, row.Content, row.Extra, row.TestValues, row.Notes, row.Created, row.Published,
        [.. template.Labels.Where(l => l.VersionId == row.Id).Select(l => l.Label).Order(StringComparer.Ordinal)]);
}
