using Microsoft.EntityFrameworkCore;
using Perilune.Control.Data;

namespace Perilune.Control;

/// <summary>Changes prompt templates. Refusals say what to do; what is not there is refused as such.</summary>
public sealed class TemplateEditor
{
    private const string NoTemplate = "The project has no such template.";
    private const string NoVersion = "The project has no such template version.";

    private readonly ControlStore _store;
    private readonly TemplateShelf _shelf;
    private readonly TimeProvider _time;

    internal TemplateEditor(ControlStore store, TemplateShelf shelf, TimeProvider time) => (_store, _shelf, _time) = (store, shelf, time);

    /// <summary>Adds a template with its first version.</summary>
    /// <param name="publish">False makes that version a draft.</param>
    public Task<Outcome<Template>> CreateAsync(Guid project, string? slug, TemplateMode mode, TemplateText text, bool publish, CancellationToken cancellationToken) =>
        WriteAsync<Template>(project, async db =>
        {
            if (Names.Clean(slug) is not { } clean)
            {
                return Names.Refuse("A template");
            }

            if (TemplateRules.Fault(mode, text) is { } fault)
            {
                return new Refusal(fault);
            }

            if (await db.Templates.CountAsync(t => t.ProjectId == project, cancellationToken) >= TemplateRules.MaxTemplates)
            {
                return new Refusal($"A project can have {TemplateRules.MaxTemplates:N0} templates. Delete those that are no longer used.");
            }

            if (await SlugFaultAsync(db, project, clean, null, cancellationToken) is { } taken)
            {
                return taken;
            }

            var row = new TemplateRow { ProjectId = project, Slug = clean, Mode = mode, Created = _time.GetUtcNow() };
            db.Templates.Add(row);
            await AddVersionAsync(db, row, text, publish, cancellationToken);
            return Templates.ToTemplate(row);
        },
        cancellationToken);

    /// <param name="mode">Cannot change once there are versions, whose content has the form of the mode.</param>
    public Task<Outcome<Template>> UpdateAsync(Guid project, long template, string? slug, TemplateMode? mode, CancellationToken cancellationToken) =>
        WriteAsync<Template>(project, async db =>
        {
            if (await FindAsync(db, project, template, cancellationToken) is not { } row)
            {
                return new Refusal(NoTemplate);
            }

            if (mode is { } wanted && wanted != row.Mode)
            {
                return new Refusal("The mode of a template cannot be changed: its versions are written in it. Make a new template.");
            }

            if (slug is null)
            {
                return Templates.ToTemplate(row);
            }

            if (Names.Clean(slug) is not { } clean)
            {
                return Names.Refuse("A template");
            }

            if (await SlugFaultAsync(db, project, clean, template, cancellationToken) is { } taken)
            {
                return taken;
            }

            row.Slug = clean;
            return Templates.ToTemplate(row);
        },
        cancellationToken);

    /// <returns>The slug that is free now.</returns>
    public Task<Outcome<string>> DeleteAsync(Guid project, long template, CancellationToken cancellationToken) =>
        WriteAsync<string>(project, async db =>
        {
            if (await FindAsync(db, project, template, cancellationToken) is not { } row)
            {
                return new Refusal(NoTemplate);
            }

            db.Templates.Remove(row);
            return row.Slug;
        },
        cancellationToken);

    /// <summary>Adds a version; what its text leaves out is taken from the newest one.</summary>
    public Task<Outcome<TemplateVersion>> AddVersionAsync(Guid project, long template, TemplateText text, bool publish, CancellationToken cancellationToken) =>
        WriteAsync<TemplateVersion>(project, async db =>
        {
            if (await FindAsync(db, project, template, cancellationToken) is not { } row)
            {
                return new Refusal(NoTemplate);
            }

            if (TemplateRules.Fault(row.Mode, text) is { } fault)
            {
                return new Refusal(fault);
            }

            if (row.Versions.Count >= TemplateRules.MaxVersions)
            {
                return new Refusal($"A template can have {TemplateRules.MaxVersions:N0} versions. Make a new template.");
            }

            if (await db.TemplateVersions.Where(v => v.Template.ProjectId == project).SumAsync(v => (long)v.Content.Length + v.Extra.Length, cancellationToken) > TemplateRules.MaxTotal)
            {
                return new Refusal($"The templates of a project can have {TemplateRules.MaxTotal:N0} characters in all. Delete those that are no longer used.");
            }

            return Templates.ToVersion(row, await AddVersionAsync(db, row, text, publish, cancellationToken));
        },
        cancellationToken);

    /// <summary>Changes a draft, or the notes and test values of any version; <paramref name="publish"/> makes a draft final.</summary>
    public Task<Outcome<TemplateVersion>> EditAsync(Guid project, long version, TemplateText text, bool publish, CancellationToken cancellationToken) =>
        WriteAsync<TemplateVersion>(project, async db =>
        {
            if (await FindVersionAsync(db, project, version, cancellationToken) is not var (template, row))
            {
                return new Refusal(NoVersion);
            }

            if (TemplateRules.Fault(template.Mode, text) is { } fault)
            {
                return new Refusal(fault);
            }

            if (row.Published is not null && ((text.Content ?? row.Content) != row.Content || (text.Extra ?? row.Extra) != row.Extra))
            {
                return new Refusal($"Version {row.Number} is published, and runs refer to it: its content stays as it is. Add a new version.");
            }

            row.Content = text.Content ?? row.Content;
            row.Extra = text.Extra ?? row.Extra;
            row.TestValues = text.TestValues ?? row.TestValues;
            row.Notes = text.Notes ?? row.Notes;
            if (publish && row.Published is null)
            {
                Publish(template, row);
            }

            return Templates.ToVersion(template, row);
        },
        cancellationToken);

    /// <summary>Removes a draft. A published version stays for as long as its template.</summary>
    public Task<Outcome<TemplateVersion>> DeleteDraftAsync(Guid project, long version, CancellationToken cancellationToken) =>
        WriteAsync<TemplateVersion>(project, async db =>
        {
            if (await FindVersionAsync(db, project, version, cancellationToken) is not var (template, row))
            {
                return new Refusal(NoVersion);
            }

            if (row.Published is not null)
            {
                return new Refusal($"Version {row.Number} is published, and runs refer to it. Delete the whole template, or leave it.");
            }

            if (template.Versions.Count == 1)
            {
                return new Refusal("This is the only version of the template. Delete the template.");
            }

            db.TemplateVersions.Remove(row);
            return Templates.ToVersion(template, row);
        },
        cancellationToken);

    /// <summary>Moves the label to the published version with this number.</summary>
    public Task<Outcome<TemplateVersion>> LabelAsync(Guid project, long template, string label, int number, CancellationToken cancellationToken) =>
        WriteAsync<TemplateVersion>(project, async db =>
        {
            if (!TemplateLabels.IsValid(label))
            {
                return new Refusal(TemplateLabels.Rule);
            }

            if (label == TemplateLabels.Latest)
            {
                return new Refusal($"\"{label}\" always means the newest published version; it cannot be moved.");
            }

            if (await FindAsync(db, project, template, cancellationToken) is not { } row)
            {
                return new Refusal(NoTemplate);
            }

            if (row.Versions.Find(v => v.Number == number) is not { } version)
            {
                return new Refusal($"The template has no version {number}.");
            }

            if (version.Published is null)
            {
                return new Refusal($"Version {number} is a draft. Publish it first: a label promises that what it names stays as it is.");
            }

            if (row.Labels.Count >= TemplateLabels.MaxPerTemplate && !row.Labels.Exists(l => l.Label == label))
            {
                return new Refusal($"A template can have {TemplateLabels.MaxPerTemplate} labels. Remove one that is no longer used.");
            }

            Point(row, label, version.Id);
            return Templates.ToVersion(row, version);
        },
        cancellationToken);

    public Task<Outcome<string>> UnlabelAsync(Guid project, long template, string label, CancellationToken cancellationToken) =>
        WriteAsync<string>(project, async db =>
        {
            if (await FindAsync(db, project, template, cancellationToken) is not { } row)
            {
                return new Refusal(NoTemplate);
            }

            if (row.Labels.Find(l => l.Label == label) is not { } pointer)
            {
                return new Refusal($"The template has no label \"{label}\".");
            }

            row.Labels.Remove(pointer);
            return label;
        },
        cancellationToken);

    private async Task<Outcome<T>> WriteAsync<T>(Guid project, Func<ControlDb, Task<Outcome<T>>> write, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.WriteAsync(write, cancellationToken);
        }
        finally
        {
            _shelf.Changed(project);
        }
    }

    private async Task<TemplateVersionRow> AddVersionAsync(ControlDb db, TemplateRow template, TemplateText text, bool publish, CancellationToken cancellationToken)
    {
        var before = template.Versions.MaxBy(v => v.Number);
        var version = new TemplateVersionRow
        {
            Number = (before?.Number ?? 0) + 1,
            Content = text.Content ?? before?.Content ?? (template.Mode == TemplateMode.Text ? "\"\"" : "[]"),
            Extra = text.Extra ?? before?.Extra ?? "{}",
            TestValues = text.TestValues ?? before?.TestValues,
            Notes = text.Notes,
            Created = _time.GetUtcNow(),
        };
        template.Versions.Add(version);

        // The label needs the version's id, which the database gives.
        await db.SaveChangesAsync(cancellationToken);
        if (publish)
        {
            Publish(template, version);
        }

        return version;
    }

    private void Publish(TemplateRow template, TemplateVersionRow version)
    {
        version.Published = _time.GetUtcNow();
        Point(template, TemplateLabels.Production, version.Id);
    }

    private static void Point(TemplateRow template, string label, long version)
    {
        if (template.Labels.Find(l => l.Label == label) is { } pointer)
        {
            pointer.VersionId = version;
        }
        else
        {
            template.Labels.Add(new TemplateLabelRow { Label = label, VersionId = version });
        }
    }

    private static Task<TemplateRow?> FindAsync(ControlDb db, Guid project, long template, CancellationToken cancellationToken) =>
        Templates.Whole(db).SingleOrDefaultAsync(t => t.Id == template && t.ProjectId == project, cancellationToken);

    private static async Task<(TemplateRow Template, TemplateVersionRow Version)?> FindVersionAsync(ControlDb db, Guid project, long version, CancellationToken cancellationToken) =>
        await Templates.Whole(db).SingleOrDefaultAsync(t => t.ProjectId == project && t.Versions.Any(v => v.Id == version), cancellationToken) is { } template
            ? (template, template.Versions.Single(v => v.Id == version))
            : null;

    private static async Task<Refusal?> SlugFaultAsync(ControlDb db, Guid project, string slug, long? self, CancellationToken cancellationToken) =>
        await db.Templates.AnyAsync(t => t.ProjectId == project && t.Slug == slug && t.Id != self, cancellationToken)
            ? new Refusal($"The project has a template \"{slug}\" already. Choose another slug, or add a version to that one.")
            : null;
}
