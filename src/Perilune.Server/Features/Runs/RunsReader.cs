using System.Collections.ObjectModel;
using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Server.Ui;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs;

internal sealed class RunsReader(IRunStore store, TimeProvider clock)
{
    public const int PageSize = 50;
    private const int MaxNew = 100;
    private const int MostChats = 500;

    public async Task<RunsPageRows> PageAsync(RunsView view, Filter filter, CancellationToken cancellationToken)
    {
        var page = await store.ListAsync(
            view.Project, new RunQuery { Scope = view.Scope, Filter = filter, Sort = view.Sort, Ascending = view.Ascending, Limit = PageSize, After = view.After }, cancellationToken);
        var chats = view.Scope == RunScope.Threads ? await LastChatsAsync(view.Project, page.Runs, cancellationToken) : [];
        var totals = await TotalsAsync(view, page.Runs, cancellationToken);
        var marks = SearchMarks.Of(filter);
        return new RunsPageRows(
            [.. page.Runs.Select(r => RunRow.Of(view.Project, r, marks, chats.GetValueOrDefault(r.Id), totals.GetValueOrDefault(r.Id)))], page.Next, page.SearchedBackTo, marks);
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

    private async Task<Dictionary<RunId, Run>> LastChatsAsync(Guid project, IReadOnlyList<Run> threads, CancellationToken cancellationToken)
    {
        var latest = new Dictionary<RunId, Run>();
        if (threads.Count == 0)
        {
            return latest;
        }

        var ofThreads = new AndFilter(
        [
            Is(FilterField.Type, RunTypes.Chat),
            new OrFilter([.. threads.Select(t => Is(FilterField.Thread, t.Id.ToString()))]),
        ]);
        var chats = await store.ListAsync(project, new RunQuery { Filter = ofThreads, Limit = MostChats, Detail = RunDetail.None }, cancellationToken);
        var last = chats.Runs.Where(chat => chat.ThreadId is not null).DistinctBy(chat => chat.ThreadId).Select(chat => Is(FilterField.Id, chat.Id.ToString())).ToList();
        if (last.Count == 0)
        {
            return latest;
        }

        // Of all these chats, only the texts of the last ones are read.
        var shown = await store.ListAsync(project, new RunQuery { Filter = new OrFilter(last), Limit = last.Count }, cancellationToken);
        foreach (var chat in shown.Runs)
        {
            latest[chat.ThreadId ?? chat.Id] = chat;
        }

        return latest;
    }

    private static FieldFilter Is(FilterField field, string value) => new(field, null, FilterOperator.Is, new FilterValue { Text = value });
}

/// <param name="Marks">What was searched for.</param>
public sealed record RunsPageRows(IReadOnlyList<RunRow> Rows, string? Next, Instant? SearchedBackTo, SearchMarks Marks);
