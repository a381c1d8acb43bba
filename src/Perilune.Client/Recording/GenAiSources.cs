using System.Collections.Concurrent;
using PeriluneSdk.Spans;

namespace PeriluneSdk.Recording;

/// <summary>Whose spans are recorded.</summary>
internal sealed class GenAiSources(IEnumerable<string> more)
{
    private const int MaxCached = 1024;

    private static readonly string[] s_known =
    [
        GenAi.SourceName,
        "Experimental.Microsoft.Extensions.AI*",
        "Microsoft.Extensions.AI*",
        "Experimental.Microsoft.Agents.AI*",
        "Microsoft.Agents.AI*",
        "Microsoft.SemanticKernel*",
        "OpenAI.*",
        "Experimental.OpenAI.*",
        "Azure.AI.*",
        "com.anthropic.*",
        "Anthropic*",
        "Experimental.ModelContextProtocol",
        "ModelContextProtocol*",
    ];

    public static readonly GenAiSources Default = new([]);

    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>Names, and beginnings of names that end in <c>*</c>.</summary>
    public IReadOnlyList<string> Patterns { get; } = [.. s_known, .. more];

    public bool Matches(string source)
    {
        if (_known.TryGetValue(source, out var known))
        {
            return known;
        }

        var matches = Patterns.Any(pattern => pattern.EndsWith('*')
            ? source.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.OrdinalIgnoreCase)
            : string.Equals(source, pattern, StringComparison.OrdinalIgnoreCase));
        if (_known.Count < MaxCached)
        {
            _known[source] = matches;
        }

        return matches;
    }
}
