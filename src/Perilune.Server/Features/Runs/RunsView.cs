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

    public string ScopeName => Scopes.First(s => s.Scope == Scope).Name;

    public string ScopeLabel => Scopes.First(s => s.Scope == Scope).Label;

    public bool IsFiltered => Query.Length > 0;

    public string FirstPageUrl => RunLinks.List(Project, ScopeName, Query);

    public static RunsView Of(Guid project, string? scope, string? query, string? after)
    {
        var known = Scopes.FirstOrDefault(s => s.Name == scope, Scopes[0]);
        return new RunsView(project, known.Scope, query?.Trim() ?? "", string.IsNullOrEmpty(after) ? null : after);
    }

    public IReadOnlyList<Tab> Tabs() =>
        [.. Scopes.Select(s => new Tab(s.Label, RunLinks.List(Project, s.Name, Query), s.Scope == Scope))];

    internal FilterParseResult Parse(TimeProvider clock) =>
        IsFiltered ? FilterParser.Parse(Query, Instant.From(clock.GetUtcNow())) : new FilterParseResult(Filter.All, []);
}
