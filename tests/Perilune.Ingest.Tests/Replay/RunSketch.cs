using System.Text;
using Perilune.Model;

namespace Perilune.Ingest.Tests.Replay;

/// <summary>Runs as text: a tree for people to check, and every field for machines to compare.</summary>
internal static class RunSketch
{
    /// <summary>
    /// One line per run, indented below its parent, in order of start: type, name, status, effective user, tokens as
    /// input(cached)+output, tags, feedback.
    /// </summary>
    public static string Tree(IReadOnlyList<Run> runs)
    {
        var ids = runs.Select(run => run.Id).ToHashSet();
        var children = runs.ToLookup(run => run.ParentId is { } parent && ids.Contains(parent) ? parent : RunId.None);
        var text = new StringBuilder();
        Write(RunId.None, "");
        return text.ToString().TrimEnd();

        void Write(RunId parent, string indent)
        {
            foreach (var run in children[parent].OrderBy(run => run.Start).ThenBy(run => run.Id))
            {
                text.Append(indent).AppendJoin(' ', Words(run)).Append('\n');
                Write(run.Id, indent + "  ");
            }
        }
    }

    /// <summary>Everything there is to know about the run.</summary>
    public static string Full(Run run) => string.Join(
        " | ", run.Id, run.ClientId, run.TraceId, run.ThreadId, run.ParentId, run.SiblingId, run.Type, run.Status, run.Name, run.Start, run.ListedAt, run.End,
        run.TimeToFirstToken, run.Input, run.Output, run.Error, run.Params, run.Metadata, run.Usage, run.Cost, run.User, string.Join(',', run.Tags),
        run.Feedback, string.Join(',', run.Scores), run.TemplateVersionId, run.Runtime, run.IsPublic,
        run.Provider, run.ServedModel, run.CallId, string.Join(',', run.FinishReasons), run.GivenCost, run.Service, run.Environment, run.Release, run.IsStructural, run.IsRepeat,
        run.Attributes, run.Resource, run.Notes);

    private static IEnumerable<string> Words(Run run)
    {
        yield return run.Type;
        if (run.Name is not null)
        {
            yield return run.Name;
        }

        if (run.Status is not RunStatus.None)
        {
            yield return run.Status.ToString().ToLowerInvariant();
        }

        if (run.User.Effective is not null)
        {
            yield return $"@{run.User.Effective}";
        }

        if (run.Usage is { } usage)
        {
            yield return $"{usage.Input?.ToString() ?? "?"}{(usage.CacheRead is null ? "" : $"({usage.CacheRead})")}+{usage.Output?.ToString() ?? "?"}";
        }

        foreach (var tag in run.Tags)
        {
            yield return $"#{tag}";
        }

        if (run.Feedback.HasValue)
        {
            yield return run.Feedback.ToString();
        }
    }
}
