namespace PeriluneSdk.Scopes;

/// <summary>What holds for everything that runs inside a scope. Immutable; an inner scope is made from the outer one.</summary>
internal sealed record ScopeState
{
    public static readonly ScopeState Empty = new();

    public string? UserId { get; init; }

    public string? ThreadId { get; init; }

    /// <summary>What runs without a recorded parent hang below: a message of the thread.</summary>
    public string? ParentRunId { get; init; }

    public string[] Tags { get; init; } = [];

    public KeyValuePair<string, object?>[] Metadata { get; init; } = [];

    public TemplateLink? Template { get; init; }

    public ScopeState With(string? userId, string? threadId, IEnumerable<string>? tags, IEnumerable<KeyValuePair<string, object?>>? metadata) => this with
    {
        UserId = userId ?? UserId,
        ThreadId = threadId ?? ThreadId,
        ParentRunId = threadId is null || string.Equals(threadId, ThreadId, StringComparison.Ordinal) ? ParentRunId : null,
        Tags = tags is null ? Tags : [.. Tags.Union(tags, StringComparer.Ordinal)],
        Metadata = metadata is null ? Metadata : Merge(metadata),
    };

    private KeyValuePair<string, object?>[] Merge(IEnumerable<KeyValuePair<string, object?>> metadata)
    {
        var merged = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in Metadata.Concat(metadata))
        {
            merged[key] = value;
        }

        return [.. merged];
    }
}

/// <summary>The version of a prompt template that calls are made with.</summary>
internal sealed record TemplateLink(string Slug, string VersionId, int? Version);
