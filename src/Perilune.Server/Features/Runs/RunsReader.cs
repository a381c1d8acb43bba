using System.Collections.ObjectModel;
using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Server.Ui;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs;

internal sealed class RunsReader(IRunStore store, TimeProvider clock)
{
    /// <summary>More than a screen: the rows below come when they are scrolled to.</summary>
    public const int PageSize = 30;
    /// <summary>How many newer runs are counted.</summary>
    public const int MaxNew = 100;

    public async Task<RunsPageRows> PageAsync(RunsView view, Filter filter, CancellationToken cancellationToken)
    {
        var page = await store.ListAsync(
            view.Project, new RunQuery { Scope = view.Scope, Filter = filter, Sort = view.Sort, Ascending = view.Ascending, Limit = PageSize, After = view.After }, cancellationToken);
        var totals = await TotalsAsync(view, page.Runs, cancellationToken);
        var chats = view.Scope == RunScope.Threads ? await LastChatsAsync(view.Project, totals.Values, cancellationToken) : ReadOnlyDictionary<RunId, Run>.Empty;
        var marks = SearchMarks.Of(filter);
        return new RunsPageRows(
            [.. page.Runs.Select(r => totals.GetValueOrDefault(r.Id) is { } sums
                ? RunRow.Of(view.Project, r, marks, sums.LastChat is { } chat ? chats.GetValueOrDefault(chat) : null, sums)
                : RunRow.Of(view.Project, r, marks))],
            page.Next, page.SearchedBackTo, marks);
    }

    private async Task<IReadOnlyDictionary<RunId, RunTotals>> TotalsAsync(RunsView view, IReadOnlyList<Run> runs, CancellationToken cancellationToken)
    {
        if (view.Scope is not (RunScope.Traces or RunScope.Threads))
        {
            return ReadOnlyDictionary<RunId, RunTotals>.Empty;
        }

        var group = view.Scope == RunScope.Threads ? RunGroup.Thread : RunGroup.Trace;
        return await store.TotalsAsync(view.Project, group, [.. runs.Select(r => r.Id)], cancellationToken);
    }

    /// <summary>Null when counting takes longer than <paramref name="budget"/>.</summary>
    public Task<long?> CountAsync(RunsView view, Filter filter, TimeSpan budget, CancellationToken cancellationToken) =>
        store.CountAsync(view.Project, view.Scope, filter, budget, cancellationToken);

    /// <summary>How many runs of the view started after <paramref name="since"/>, up to a hundred.</summary>
    public async Task<int> NewAsync(RunsView view, Filter filter, Instant since, CancellationToken cancellationToken)
    {
        var page = await store.ListAsync(
            view.Project, new RunQuery { Scope = view.Scope, Filter = filter, Limit = MaxNew, Detail = RunDetail.None }, cancellationToken);
        return page.Runs.Count(r => r.Start > since);
    }

    public Instant Now() => Instant.From(clock.GetUtcNow());

    /// <summary>The latest chat of each thread.</summary>
    private async Task<IReadOnlyDictionary<RunId, Run>> LastChatsAsync(Guid project, IEnumerable<RunTotals> threads, CancellationToken cancellationToken)
    {
        var last = threads.Select(thread => thread.LastChat).OfType<RunId>().ToList();
        if (last.Count == 0)
        {
            return ReadOnlyDictionary<RunId, Run>.Empty;
        }

        var chats = await store.ListAsync(project, new RunQuery { Filter = new OrFilter([.. last.Select(id => Is(FilterField.Id, id.ToString()))]), Limit = last.Count }, cancellationToken);
        return chats.Runs.ToDictionary(chat => chat.Id);
    }

    private static FieldFilter Is(FilterField field, string value) => new(field, null, FilterOperator.Is, new FilterValue { Text = value });
}

/// <param name="Marks">What was searched for.</param>
public sealed record RunsPageRows(IReadOnlyList<RunRow> Rows, string? Next, Instant? SearchedBackTo, SearchMarks Marks);
