using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Perilune.Control.Data;

namespace Perilune.Control;

/// <summary>Filters that a project's members gave a name, to come back to. All members see all of them.</summary>
public sealed class Views
{
    private const int MaxPerProject = 200;
    private const int MaxText = 20_000;
    private const int MaxKnown = 1_000;

    private readonly ControlStore _store;
    private readonly TimeProvider _time;

    // Every list of runs shows them, and they hardly ever change.
    private readonly ConcurrentDictionary<Guid, (long Generation, IReadOnlyList<View> Views)> _known = new();

    internal Views(ControlStore store, TimeProvider time) => (_store, _time) = (store, time);

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<View>> ListAsync(Guid project, CancellationToken cancellationToken)
    {
        var generation = _store.Generation;
        if (_known.TryGetValue(project, out var known) && known.Generation == generation)
        {
            return known.Views;
        }

        var views = await ReadAsync(project, cancellationToken);
        if (_known.Count >= MaxKnown)
        {
            _known.Clear();
        }

        _known[project] = (generation, views);
        return views;
    }

    public Task<View?> FindAsync(Guid project, long view, CancellationToken cancellationToken) => _store.ReadAsync(async db =>
        await db.Views.SingleOrDefaultAsync(v => v.Id == view && v.ProjectId == project, cancellationToken) is { } row ? ToView(row) : null);

    /// <summary>Adds the view, or changes the one of the same name: a name means one view.</summary>
    public Task<Outcome<View>> SaveAsync(Guid project, ViewText text, CancellationToken cancellationToken) => _store.WriteAsync<Outcome<View>>(
        async db =>
        {
            if (Names.Clean(text.Name) is not { } name)
            {
                return Names.Refuse("A view");
            }

            var row = await db.Views.SingleOrDefaultAsync(v => v.ProjectId == project && v.Name == name, cancellationToken);
            if (row is null && await db.Views.CountAsync(v => v.ProjectId == project, cancellationToken) >= MaxPerProject)
            {
                return new Refusal($"A project can have {MaxPerProject} saved views. Delete one that is no longer used.");
            }

            if (row is null)
            {
                row = new ViewRow { ProjectId = project, Name = name, Scope = "", Query = "" };
                db.Views.Add(row);
            }

            return await WriteAsync(db, row, text with { Name = name }, cancellationToken);
        },
        cancellationToken);

    /// <summary>Changes what <paramref name="text"/> gives and leaves the rest.</summary>
    public Task<Outcome<View>> UpdateAsync(Guid project, long view, ViewText text, CancellationToken cancellationToken) => _store.WriteAsync<Outcome<View>>(
        async db =>
        {
            if (await db.Views.SingleOrDefaultAsync(v => v.Id == view && v.ProjectId == project, cancellationToken) is not { } row)
            {
                return new Refusal("The project has no such view.");
            }

            if (text.Name is not null && Names.Clean(text.Name) is null)
            {
                return Names.Refuse("A view");
            }

            var name = Names.Clean(text.Name) ?? row.Name;
            if (name != row.Name && await db.Views.AnyAsync(v => v.ProjectId == project && v.Name == name, cancellationToken))
            {
                return new Refusal($"The project has a view \"{name}\" already. Choose another name.");
            }

            return await WriteAsync(db, row, text with { Name = name }, cancellationToken);
        },
        cancellationToken);

    /// <returns>The name of the view that is gone.</returns>
    public Task<Outcome<string>> DeleteAsync(Guid project, long view, CancellationToken cancellationToken) => _store.WriteAsync<Outcome<string>>(
        async db =>
        {
            if (await db.Views.SingleOrDefaultAsync(v => v.Id == view && v.ProjectId == project, cancellationToken) is not { } row)
            {
                return new Refusal("The project has no such view.");
            }

            db.Views.Remove(row);
            return row.Name;
        },
        cancellationToken);

    private async Task<Outcome<View>> WriteAsync(ControlDb db, ViewRow row, ViewText text, CancellationToken cancellationToken)
    {
        if ((text.Query?.Length ?? 0) + (text.Look?.Length ?? 0) + (text.Data?.Length ?? 0) + (text.Icon?.Length ?? 0) > MaxText)
        {
            return new Refusal($"A view can have {MaxText:N0} characters. Shorten its filter.");
        }

        (row.Name, row.Scope, row.Query) = (text.Name!, text.Scope ?? row.Scope, text.Query ?? row.Query);
        (row.Look, row.Data, row.Icon) = (text.Look ?? row.Look, text.Data ?? row.Data, text.Icon ?? row.Icon);
        row.Updated = _time.GetUtcNow();
        await db.SaveChangesAsync(cancellationToken);
        return ToView(row);
    }

    private Task<IReadOnlyList<View>> ReadAsync(Guid project, CancellationToken cancellationToken) => _store.ReadAsync<IReadOnlyList<View>>(async db =>
    {
        var rows = await db.Views.Where(v => v.ProjectId == project).ToListAsync(cancellationToken);
        return [.. rows.Select(ToView).OrderBy(v => v.Name, StringComparer.OrdinalIgnoreCase).ThenBy(v => v.Id)];
    });

    private static View ToView(ViewRow row) => new(row.Id, row.Name, row.Scope, row.Query, row.Look, row.Data, row.Icon, row.Updated);
}

/// <param name="Scope">llm, traces, threads or all.</param>
/// <param name="Query">The filter, as text.</param>
/// <param name="Look">How the rows are shown: the rest of the page's query string, such as sort=cost.</param>
/// <param name="Data">The filter as JSON, when Lunary's API gave it so.</param>
public sealed record View(long Id, string Name, string Scope, string Query, string? Look, string? Data, string? Icon, DateTimeOffset Updated);

/// <summary>What is to be written of a <see cref="View"/>; null leaves what is there.</summary>
public sealed record ViewText(string? Name = null, string? Scope = null, string? Query = null, string? Look = null, string? Data = null, string? Icon = null);
