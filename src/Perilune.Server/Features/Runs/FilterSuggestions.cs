using System.Text.Json.Serialization;
using Perilune.Model.Filtering;

namespace Perilune.Server.Features.Runs;

/// <summary>Completions for the filter box: names of fields, and the values that the runs have (<see cref="RunFacets"/>).</summary>
internal sealed class FilterSuggestions(RunFacets facets)
{
    private const int MaxItems = 12;

    /// <param name="at">Where the caret stands.</param>
    public async Task<SuggestionList> ForAsync(Guid project, string query, int at, CancellationToken cancellationToken)
    {
        at = Math.Clamp(at, 0, query.Length);
        if (query.Length > FilterParser.MaxLength || query[..at].Count(c => c == '"') % 2 != 0)
        {
            return new SuggestionList(at, []);
        }

        var start = at;
        while (start > 0 && !char.IsWhiteSpace(query[start - 1]) && query[start - 1] is not '(')
        {
            start--;
        }

        start += query[start..at].StartsWith('-') ? 1 : 0;
        var term = query[start..at];
        var colon = term.IndexOfAny([':', '=']);
        if (colon < 0)
        {
            return new SuggestionList(start, [.. Fields(term).Take(MaxItems)]);
        }

        var (key, value) = (term[..colon], term[(colon + 1)..]);
        var comma = value.LastIndexOf(',');
        var begun = value[(comma + 1)..];
        var values = await ValuesAsync(project, key, cancellationToken);
        return new SuggestionList(start + colon + 1 + comma + 1,
        [
            .. values.Where(v => v.Contains(begun, StringComparison.OrdinalIgnoreCase) && !v.Equals(begun, StringComparison.Ordinal))
                .OrderByDescending(v => v.StartsWith(begun, StringComparison.OrdinalIgnoreCase))
                .Take(MaxItems)
                .Select(v => new Suggestion(v, Written(v), null)),
        ]);
    }

    private static IEnumerable<Suggestion> Fields(string begun) =>
        FilterFields.Words.Where(f => f.Name.StartsWith(begun, StringComparison.OrdinalIgnoreCase)).Select(f => new Suggestion(f.Name, f.Insert, f.Example));

    private async Task<IEnumerable<string>> ValuesAsync(Guid project, string key, CancellationToken cancellationToken)
    {
        var lower = key.ToLowerInvariant();
        if (lower is "status")
        {
            return FilterFields.StatusWords;
        }

        if (lower is "has")
        {
            return FilterFields.All.Select(f => f.Name);
        }

        if (lower is "start" or "time" or "date")
        {
            return ["today", "yesterday"];
        }

        var known = await facets.OfAsync(project, cancellationToken);
        return lower switch
        {
            "type" => known.Types,
            "model" or "models" => known.Models,
            "name" => known.Names,
            "agent" or "tool" or "chain" or "retriever" => known.NamesOf(lower),
            "user" or "users" => known.Users,
            "tag" or "tags" => known.Tags,
            "runtime" or "sdk" => known.Runtimes,
            "template" or "prompt" => known.Templates,
            "env" or "environment" => known.Environments,
            "feedback" or "feedback.thumb" => ["up", "down"],
            _ when lower.StartsWith("meta.", StringComparison.Ordinal) => known.MetadataValues(key["meta.".Length..]),
            _ when lower.StartsWith("metadata.", StringComparison.Ordinal) => known.MetadataValues(key["metadata.".Length..]),
            _ when lower.StartsWith("prop.", StringComparison.Ordinal) => known.PropValues(key["prop.".Length..]),
            _ => [],
        };
    }

    private static string Written(string value) =>
        value.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or '@') ? value : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

/// <param name="Start">Where what is inserted begins; it ends at the caret.</param>
internal sealed record SuggestionList(int Start, IReadOnlyList<Suggestion> Items);

internal sealed record Suggestion(string Label, string Insert, string? Hint);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SuggestionList))]
internal sealed partial class SuggestionJson : JsonSerializerContext;
