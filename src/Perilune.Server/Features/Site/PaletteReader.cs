using Perilune.Control;
using Perilune.Model;
using Perilune.Server.Features.Prompts;
using Perilune.Server.Features.Runs;
using Perilune.Server.Ui;
using Perilune.Storage;

namespace Perilune.Server.Features.Site;

/// <summary>Where the palette can lead: pages, saved views, prompts, and whatever an id stands for.</summary>
internal sealed class PaletteReader(IRunStore store, Views views, Templates templates)
{
    private const int MaxItems = 24;
    private const int MaxLength = 200;

    public async Task<IReadOnlyList<PaletteItem>> FindAsync(Guid project, string query, CancellationToken cancellationToken)
    {
        query = query.Trim();
        if (query.Length > MaxLength)
        {
            return [];
        }

        var items = new List<PaletteItem>();
        if (query.Length >= 4 && !query.Any(char.IsWhiteSpace) && await store.FindAsync(project, RunId.FromClient(query), cancellationToken) is { } run)
        {
            items.Add(new PaletteItem(RunLook.Icon(run.Type), run.Name ?? run.Type, $"{RunLook.Label(run.Type)} with this id", RunLinks.Run(project, run)));
        }

        var saved = await views.ListAsync(project, cancellationToken);
        var prompts = await templates.ListAsync(project, cancellationToken);
        items.AddRange(Pages(project)
            .Concat(saved.Select(v => new PaletteItem("star", v.Name, "View", ViewLinks.Of(project, v))))
            .Concat(prompts.Select(t => new PaletteItem("prompt", t.Slug, "Prompt", PromptLinks.Of(project, t.Id))))
            .Where(item => item.Label.Contains(query, StringComparison.OrdinalIgnoreCase) || item.Hint.Contains(query, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(item => item.Label.StartsWith(query, StringComparison.OrdinalIgnoreCase))
            .Take(MaxItems));
        if (query.Length > 0)
        {
            var words = $"\"{query.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
            items.Add(new PaletteItem("search", $"Search all runs for “{query}”", "Words", RunLinks.List(project, "all", words)));
        }

        return items;
    }

    private static IEnumerable<PaletteItem> Pages(Guid project)
    {
        var root = $"projects/{project}";
        yield return new("llm", "LLM calls", "Page", RunLinks.List(project, "llm"));
        yield return new("runs", "Traces", "Page", RunLinks.List(project, "traces"));
        yield return new("thread", "Threads", "Page", RunLinks.List(project, "threads"));
        yield return new("run", "All runs", "Page", RunLinks.List(project, "all"));
        yield return new("users", "Users", "Page", $"{root}/users");
        yield return new("users", "Organizations", "Page", $"{root}/users?by=organization");
        yield return new("users", "Teams", "Page", $"{root}/users?by=team");
        yield return new("analytics", "Analytics", "Page", $"{root}/analytics");
        yield return new("usage", "Usage", "Page", $"{root}/usage");
        yield return new("ingestion", "Ingestion", "Page", $"{root}/ingestion");
        yield return new("prompt", "Prompts", "Page", PromptLinks.List(project));
        yield return new("plus", "New prompt", "Page", PromptLinks.New(project));
        yield return new("setup", "Set up", "Page", $"{root}/setup");
        yield return new("key", "API keys", "Page", $"{root}/settings/keys");
        yield return new("settings", "Prices", "Page", $"{root}/settings/prices");
        yield return new("settings", "Retention", "Page", $"{root}/settings/retention");
        yield return new("user", "Account", "Page", "account");
        yield return new("doc", "API reference", "Page", "docs");
    }
}

/// <param name="Hint">What kind of thing it is.</param>
public sealed record PaletteItem(string Icon, string Label, string Hint, string Url);
