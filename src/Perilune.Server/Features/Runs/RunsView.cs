using Microsoft.AspNetCore.WebUtilities;
using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Server.Ui;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs;

/// <summary>What the runs page shows, as its address says it.</summary>
public sealed record RunsView(Guid Project, RunScope Scope, string Query, string? After)
{
    public static readonly IReadOnlyList<(RunScope Scope, string Name, string Label)> Scopes =
    [
        (RunScope.Llm, "llm", "LLM calls"),
        (RunScope.Traces, "traces", "Traces"),
        (RunScope.Threads, "threads", "Threads"),
        (RunScope.All, "all", "All runs"),
    ];

    private static readonly IReadOnlyList<(RunSort Sort, string Name)> s_sorts =
        [(RunSort.Start, "start"), (RunSort.Duration, "duration"), (RunSort.Tokens, "tokens"), (RunSort.Cost, "cost")];

    public RunSort Sort { get; init; }

    public bool Ascending { get; init; }

    /// <summary>Columns that are left out; see <see cref="RunColumns"/>.</summary>
    public IReadOnlyList<string> Hidden { get; init; } = [];

    public string ScopeName => Scopes.First(s => s.Scope == Scope).Name;

    public string ScopeLabel => Scopes.First(s => s.Scope == Scope).Label;

    public bool IsFiltered => Query.Length > 0;

    /// <summary>Newest first, which is what can be watched live.</summary>
    public bool IsNewestFirst => Sort == RunSort.Start && !Ascending;

    public string FirstPageUrl => Url();

    public string SortName => s_sorts.First(s => s.Sort == Sort).Name;

    /// <summary>The part of the address that is neither scope nor filter, as saved views keep it: <c>sort=cost&amp;hide=tags</c>.</summary>
    public string Look => With("", scope: false, ("sort", Sort == RunSort.Start ? null : SortName), ("dir", Ascending ? "asc" : null), ("hide", Hidden.Count == 0 ? null : string.Join(',', Hidden))).TrimStart('?');

    public static RunsView Of(Guid project, string? scope, string? query, string? after, string? sort = null, string? dir = null, string? hide = null)
    {
        var known = Scopes.FirstOrDefault(s => s.Name == scope, Scopes[0]);
        var wanted = s_sorts.FirstOrDefault(s => s.Name == sort, s_sorts[0]).Sort;
        return new RunsView(project, known.Scope, query?.Trim() ?? "", string.IsNullOrEmpty(after) ? null : after)
        {
            Sort = CanSort(known.Scope, wanted) ? wanted : RunSort.Start,
            Ascending = dir == "asc",
            Hidden = [.. (hide ?? "").Split(',').Where(RunColumns.CanHide).Distinct(StringComparer.Ordinal)],
        };
    }

    /// <summary>Rows of traces and threads show sums over what is below them, which the store does not order by.</summary>
    public static bool CanSort(RunScope scope, RunSort sort) => sort switch
    {
        RunSort.Start => true,
        RunSort.Duration => scope != RunScope.Threads,
        _ => scope is RunScope.Llm or RunScope.All,
    };

    public IReadOnlyList<Tab> Tabs() =>
        [.. Scopes.Select(s => new Tab(s.Label, (this with { Scope = s.Scope, Sort = RunSort.Start, Ascending = false }).Url(), s.Scope == Scope))];

    public string Url(string? after = null) => With($"projects/{Project}/runs", scope: true, Parameters(after));

    public string RowsUrl(string? after) => With($"projects/{Project}/runs/rows", scope: true, Parameters(after));

    public string CountUrl => With($"projects/{Project}/runs/count", scope: true);

    public string LiveUrl(long since) => With($"projects/{Project}/runs/live", scope: true, ("since", since.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    public string ExportUrl(string format) => With($"projects/{Project}/runs/export", scope: true, [.. Parameters(null), ("format", format)]);

    /// <summary>The same, sorted by the column; sorted already, the other way round.</summary>
    public string SortedUrl(RunSort sort) => (this with { Sort = sort, Ascending = Sort == sort && !Ascending }).Url();

    internal FilterParseResult Parse(TimeProvider clock) =>
        IsFiltered ? FilterParser.Parse(Query, Instant.From(clock.GetUtcNow())) : new FilterParseResult(Filter.All, []);

    private (string Name, string? Value)[] Parameters(string? after) =>
    [
        ("sort", Sort == RunSort.Start ? null : SortName),
        ("dir", Ascending ? "asc" : null),
        ("hide", Hidden.Count == 0 ? null : string.Join(',', Hidden)),
        ("after", after),
    ];

    private string With(string path, bool scope, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        if (scope)
        {
            path = QueryHelpers.AddQueryString(path, "scope", ScopeName);
            path = IsFiltered ? QueryHelpers.AddQueryString(path, "q", Query) : path;
        }

        foreach (var (name, value) in parameters)
        {
            path = string.IsNullOrEmpty(value) ? path : QueryHelpers.AddQueryString(path, name, value);
        }

        return path;
    }
}
