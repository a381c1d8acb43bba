using System.Text;
using System.Text.Json.Nodes;

namespace Perilune.Sdk.Tests;

/// <summary>Runs, as the API shows them, as text for people to check.</summary>
internal static class Sketch
{
    /// <summary>
    /// One line per run, indented below its parent, in order of start: type, name, status, user, tokens as
    /// prompt(cached)+completion, tags, feedback, and an arrow when it stands beside another run.
    /// </summary>
    public static string Tree(IReadOnlyList<JsonNode> runs)
    {
        var ids = runs.Select(static run => (string)run["id"]!).ToHashSet(StringComparer.Ordinal);
        var children = runs.ToLookup(run => (string?)run["parentRunId"] is { } parent && ids.Contains(parent) ? parent : "");
        var text = new StringBuilder();
        Write("", "");
        return text.ToString().TrimEnd();

        void Write(string parent, string indent)
        {
            foreach (var run in children[parent].OrderBy(static run => DateTimeOffset.Parse((string)run["createdAt"]!)))
            {
                text.Append(indent).AppendJoin(' ', Words(run)).Append('\n');
                Write((string)run["id"]!, indent + "  ");
            }
        }
    }

    private static IEnumerable<string> Words(JsonNode run)
    {
        yield return (string)run["type"]!;
        if ((string?)run["name"] is { } name)
        {
            yield return name;
        }

        if ((string?)run["status"] is { } status)
        {
            yield return status;
        }

        if (run["user"] is { } user)
        {
            yield return $"@{user["id"]}";
        }

        var (prompt, cached, completion) = (run["tokens"]!["prompt"], run["tokens"]!["cachedPrompt"], run["tokens"]!["completion"]);
        if (prompt is not null || completion is not null)
        {
            yield return $"{prompt?.ToString() ?? "?"}{(cached is null ? "" : $"({cached})")}+{completion?.ToString() ?? "?"}";
        }

        foreach (var tag in run["tags"]!.AsArray())
        {
            yield return $"#{tag}";
        }

        if (run["feedback"] is { } feedback)
        {
            yield return feedback.ToJsonString(TestJson.Readable);
        }

        if (run["siblingRunId"] is not null)
        {
            yield return "^";
        }
    }
}
