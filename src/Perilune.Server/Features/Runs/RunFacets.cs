using System.Collections.Concurrent;
using System.Text.Json;
using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Server.Ui.Json;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs;

/// <summary>Values that a project's runs have, to choose from: of the 90 days before the newest where they are counted, of the users seen last, metadata of the newest runs.</summary>
internal sealed class RunFacets(IRunStore store, TimeProvider clock)
{
    private const int Looked = 1_000;
    private static readonly Facet[] s_facets = [Facet.Name, Facet.Tag, Facet.Runtime, Facet.Template, Facet.Environment];
    private static readonly TimeSpan s_counted = TimeSpan.FromDays(90);
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
        if (page.Runs.Count == 0)
        {
            return KnownValues.None;
        }

        var newest = page.Runs[0].ListedAt.ToDateTimeOffset();
        IReadOnlyList<Instant> bounds = [Instant.From(newest - s_counted), Instant.From(newest.AddDays(1))];
        var counts = store.AnalyticsAsync(project, [.. s_facets.Select(by => new AnalyticsQuery { Bounds = bounds, By = by })], cancellationToken);
        var users = store.ListUsersAsync(project, new UserQuery { Limit = KnownValues.Max, WantsSums = false }, cancellationToken);
        if (_known.Count >= MaxProjects)
        {
            _known.Clear();
        }

        var answers = await counts;
        var values = new KnownValues(page.Runs, (await users).Users, Values(0), Values(1), Values(2), Values(3), Values(4));
        _known[project] = (now, values);
        return values;

        IReadOnlyList<KnownValue> Values(int facet) => [.. answers[facet].Select(s => new KnownValue(s.Key.Type, s.Key.Value, s.Total().Runs))];
    }
}

/// <param name="Type">Of names only.</param>
internal readonly record struct KnownValue(string? Type, string? Value, long Runs);

/// <summary>Distinct values, the most frequent first.</summary>
internal sealed class KnownValues(
    IReadOnlyList<Run> newest, IReadOnlyList<UserUse> users, IReadOnlyList<KnownValue> names, IReadOnlyList<KnownValue> tags, IReadOnlyList<KnownValue> runtimes,
    IReadOnlyList<KnownValue> templates, IReadOnlyList<KnownValue> environments)
{
    public const int Max = 500;

    public static KnownValues None { get; } = new([], [], [], [], [], [], []);

    public IReadOnlyList<string> Types { get; } = Distinct(names.Select(n => n with { Value = n.Type }));

    public IReadOnlyList<string> Names { get; } = Distinct(names);

    public IReadOnlyList<string> Models { get; } = Distinct(names.Where(n => RunTypes.IsModelCall(n.Type)));

    /// <summary>Those seen last come first.</summary>
    public IReadOnlyList<string> Users { get; } = [.. users.Select(u => u.User.Id)];

    public IReadOnlyList<string> Tags { get; } = Distinct(tags);

    public IReadOnlyList<string> Runtimes { get; } = Distinct(runtimes);

    public IReadOnlyList<string> Templates { get; } = Distinct(templates);

    public IReadOnlyList<string> Environments { get; } = Distinct(environments);

    public IReadOnlyList<string> NamesOf(string type) => Distinct(names.Where(n => n.Type == type));

    /// <summary>Top-level keys.</summary>
    public IReadOnlyList<string> MetadataKeys(string? type) => Distinct(newest.Where(r => type is null || r.Type == type).SelectMany(r => Members(r.Metadata).Select(m => m.Key)));

    public IReadOnlyList<string> MetadataValues(string key) => Distinct(newest.SelectMany(r => Members(r.Metadata)).Where(m => m.Key == key).Select(m => m.Value));

    /// <summary>Of a property of users.</summary>
    public IReadOnlyList<string> PropValues(string key) => Distinct(users.SelectMany(u => Members(u.User.Props)).Where(m => m.Key == key).Select(m => m.Value));

    private static List<string> Distinct(IEnumerable<string?> values) => Distinct(values.Select(v => new KnownValue(null, v, 1)));

    private static List<string> Distinct(IEnumerable<KnownValue> values) =>
    [
        .. values.Where(v => !string.IsNullOrEmpty(v.Value)).GroupBy(v => v.Value!, StringComparer.Ordinal)
            .OrderByDescending(g => g.Sum(v => v.Runs)).ThenBy(g => g.Key, StringComparer.Ordinal).Take(Max).Select(g => g.Key),
    ];

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
