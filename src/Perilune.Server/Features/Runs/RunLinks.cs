using Microsoft.AspNetCore.WebUtilities;
using Perilune.Model;

namespace Perilune.Server.Features.Runs;

/// <summary>Addresses of pages, relative to the page's base.</summary>
internal static class RunLinks
{
    public static string List(Guid project, string scope, string? query = null, string? after = null) => With(
        $"projects/{project}/runs", ("scope", scope), ("q", query), ("after", after));

    public static string Rows(Guid project, string scope, string? query, string? after) => With(
        $"projects/{project}/runs/rows", ("scope", scope), ("q", query), ("after", after));

    public static string Live(Guid project, string scope, string? query, long since) => With(
        $"projects/{project}/runs/live", ("scope", scope), ("q", query), ("since", Invariant(since)));

    public static string Count(Guid project, string scope, string? query) => With(
        $"projects/{project}/runs/count", ("scope", scope), ("q", query));

    /// <summary>The page that shows a run best: a thread's replay, else its trace.</summary>
    /// <param name="mark">What is marked there: <see cref="Ui.SearchMarks.Query"/>.</param>
    public static string Run(Guid project, Run run, string? mark = null) => run.Type switch
    {
        RunTypes.Thread => With(Thread(project, run.Id), ("mark", mark)),
        RunTypes.Chat when run.ThreadId is { } thread => With(Thread(project, thread), ("version", run.Id.ToString()), ("mark", mark)) + $"#chat-{run.Id}",
        _ => Trace(project, run.TraceId, run.TraceId == run.Id ? null : run.Id, mark: mark),
    };

    public static string Trace(Guid project, RunId trace, RunId? run = null, string? view = null, string? tab = null, string? mark = null) => With(
        $"projects/{project}/traces/{trace}", ("run", run?.ToString()), ("view", view), ("tab", tab), ("mark", mark));

    public static string Thread(Guid project, RunId thread) => $"projects/{project}/threads/{thread}";

    public static string Raw(Guid project, RunId run, string? part = null) => With($"projects/{project}/runs/{run}/raw", ("part", part));

    public static string Media(Guid project, RunId medium) => $"projects/{project}/runs/{medium}/media";

    public static string Panel(Guid project, RunId run, string? tab, string? view, string? mark = null) =>
        With($"projects/{project}/runs/{run}/panel", ("tab", tab), ("view", view), ("mark", mark));

    public static string User(Guid project, string user) => With($"projects/{project}/user", ("id", user));

    /// <summary>The filter for a user's runs.</summary>
    public static string UserTerm(string user) => $"user:\"{user.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string With(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            path = string.IsNullOrEmpty(value) ? path : QueryHelpers.AddQueryString(path, name, value);
        }

        return path;
    }

    private static string Invariant(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
