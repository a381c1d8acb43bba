using System.Collections.Concurrent;
using System.Text.Json;
using Perilune.Model;
using Perilune.Server.Ui.Json;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs;

/// <summary>Values that a project's newest runs have, to choose from.</summary>
internal sealed class RunFacets(IRunStore store, TimeProvider clock)
{
    private const int Looked = 1_000;
    private const int MaxProjects = 200;
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<Guid, (DateTimeOffset At, KnownValues Values)> _known = new();

    public async Task<KnownValues> OfAsync(Guid project, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_known.TryGetValue(project, out var known) && now - known.At < s_fresh)
        {
            return known.Values;
        }

        var page = await store.ListAsync(project, new RunQuery { Limit = Looked, Detail = RunDetail.None }, cancellationToken);
        if (_known.Count >= MaxProjects)
        {
            _known.Clear();
        }

        var values = new KnownValues(page.Runs);
        _known[project] = (now, values);
        return values;
    }
}

/// <summary>Distinct values, the most frequent first.</summary>
internal sealed class KnownValues(IReadOnlyList<Run> runs)
{
    private const int Max = 500;

    public IReadOnlyList<string> Types { get; } = Distinct(runs.Select(r => r.Type));

    public IReadOnlyList<string> Names { get; } = Distinct(runs.Select(r => r.Name));

    public IReadOnlyList<string> Models { get; } = Distinct(runs.Where(r => RunTypes.IsModelCall(r.Type)).Select(r => r.Name));

    public IReadOnlyList<string> Users { get; } = Distinct(runs.Select(r => r.User.Effective));

    public IReadOnlyList<string> Tags { get; } = Distinct(runs.SelectMany(r => r.Tags));

    public IReadOnlyList<string> Runtimes { get; } = Distinct(runs.Select(r => r.Runtime));

    public IReadOnlyList<string> Templates { get; } = Distinct(runs.Select(r => r.TemplateVersionId));

    public IReadOnlyList<string> NamesOf(string type) => Distinct(runs.Where(r => r.Type == type).Select(r => r.Name));

    /// <summary>Top-level keys.</summary>
    public IReadOnlyList<string> MetadataKeys(string? type) => Distinct(runs.Where(r => type is null || r.Type == type).SelectMany(r => Members(r.Metadata).Select(m => m.Key)));

    public IReadOnlyList<string> MetadataValues(string key) => Distinct(runs.SelectMany(r => Members(r.Metadata)).Where(m => m.Key == key).Select(m => m.Value));

    private static List<string> Distinct(IEnumerable<string?> values) =>
        [.. values.Where(v => !string.IsNullOrEmpty(v)).GroupBy(v => v!, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(Max).Select(g => g.Key)];

    private static List<(string Key, string? Value)> Members(RawJson json)
    {
        if (!json.IsObject)
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(json.Utf8, JsonReading.Options);
            return [.. document.RootElement.EnumerateObject().Select(p => (JsonReading.NameOf(p), p.Value.ValueKind switch
            {
                JsonValueKind.String => p.Value.Text(200).Text,
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => p.Value.GetRawText(),
                _ => null,
            }))];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
