namespace Perilune.Model.Filtering;

/// <summary>
/// A predicate over runs: the one grammar behind pages, API, exports and saved views. Build it with
/// <c>FilterParser</c> (what people type) or <c>LunaryQuery</c> (what Lunary's dashboards and clients send).
/// </summary>
public abstract record Filter
{
    /// <summary>Matches every run.</summary>
    public static readonly Filter All = new AndFilter([]);
}

public sealed record AndFilter(IReadOnlyList<Filter> Items) : Filter;

public sealed record OrFilter(IReadOnlyList<Filter> Items) : Filter;

public sealed record NotFilter(Filter Item) : Filter;

/// <summary>The words or phrase occur in the run's input, output or error (case-insensitive substring of the payload text).</summary>
public sealed record TextFilter(string Text) : Filter;

/// <summary>One comparison. <paramref name="Path"/> is the key path below metadata or feedback (<c>meta.a.b</c> → <c>a.b</c>), else null.</summary>
public sealed record FieldFilter(FilterField Field, string? Path, FilterOperator Operator, FilterValue Value) : Filter;

public enum FilterField
{
    Type, Name, Status, User, Tag, Metadata, Feedback, Runtime, Template, Start, Duration, Cost,
    Tokens, InputTokens, OutputTokens, Thread, Trace, Parent, Id, Error, Score,
}

public enum FilterOperator
{
    /// <summary>Equal; with <c>*</c> in a string value, a wildcard match.</summary>
    Is, Greater, GreaterOrEqual, Less, LessOrEqual, Contains,

    /// <summary>The field has any value; the <see cref="FilterValue"/> is ignored.</summary>
    Exists,
}

/// <summary>Exactly one member is set. Durations are numbers in seconds, cost in USD.</summary>
public readonly record struct FilterValue
{
    public string? Text { get; init; }

    public double? Number { get; init; }

    public Instant? Time { get; init; }

    public bool? Flag { get; init; }
}
