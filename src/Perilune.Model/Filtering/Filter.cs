using Perilune.Model.Words;

namespace Perilune.Model.Filtering;

/// <summary>
/// A predicate over runs: the one grammar behind pages, API, exports and saved views. Build it with
/// <see cref="FilterParser"/> (what people type) or <see cref="LunaryQuery"/> (what Lunary's dashboards and clients
/// send); <see cref="FilterMatcher"/> defines what it means, <see cref="FilterText"/> writes it down.
/// </summary>
public abstract record Filter
{
    /// <summary>Matches every run.</summary>
    public static readonly Filter All = new AndFilter([]);

    /// <summary>Matches no run.</summary>
    public static readonly Filter None = new OrFilter([]);
}

public sealed record AndFilter(IReadOnlyList<Filter> Items) : Filter
{
    public bool Equals(AndFilter? other) => other is not null && Items.SequenceEqual(other.Items);

    public override int GetHashCode() => Items.Aggregate(1, HashCode.Combine);
}

public sealed record OrFilter(IReadOnlyList<Filter> Items) : Filter
{
    public bool Equals(OrFilter? other) => other is not null && Items.SequenceEqual(other.Items);

    public override int GetHashCode() => Items.Aggregate(2, HashCode.Combine);
}

public sealed record NotFilter(Filter Item) : Filter;

/// <summary>
/// The run counts for one of these users. What a comparison of <see cref="FilterField.UserProp"/> means once the users
/// are known (<see cref="FilterUsers"/>); nobody writes it, and it is not printed.
/// </summary>
public sealed record UsersFilter(IReadOnlySet<string> Users) : Filter
{
    public bool Equals(UsersFilter? other) => other is not null && Users.SetEquals(other.Users);

    public override int GetHashCode() => Users.Count;
}

/// <summary>
/// The run's input, output or error says these words, in this order, within one text. Letter case and accents do not
/// matter, nor what stands between the words: see <see cref="Words.WordReader"/> for what a word is,
/// <see cref="Words.PayloadTexts"/> for what a text is.
/// </summary>
public sealed record TextFilter(string Text) : Filter
{
    /// <summary>The last word may go on: <c>timeou*</c>.</summary>
    public bool IsPrefix { get; init; }

    /// <summary>What to look for. A filter without words matches every run.</summary>
    public Phrase Phrase => field ??= Phrase.Of(Text, IsPrefix);

    public bool Equals(TextFilter? other) => other is not null && other.Text == Text && other.IsPrefix == IsPrefix;

    public override int GetHashCode() => HashCode.Combine(Text, IsPrefix);
}

/// <summary>
/// One comparison. A run without the field does not match, so the <see cref="NotFilter"/> of the comparison does.
/// </summary>
/// <param name="Path">The key path below metadata or feedback (<c>meta.a.b</c> → <c>a.b</c>), the label of a score, else null.</param>
public sealed record FieldFilter(FilterField Field, string? Path, FilterOperator Operator, FilterValue Value) : Filter;

public enum FilterField
{
    Type, Name, Status, User, Tag, Metadata, Feedback, Runtime, Template, Start, Duration, Cost,
    Tokens, InputTokens, OutputTokens, Thread, Trace, Parent, Id, Error, Score,
    Environment, Release, Service, Provider, ServedModel, CallId, Finish, Attribute,
    Input, Output, InputLength, OutputLength, InputPattern, OutputPattern, UserProp, Messages, Repeat,
}

public enum FilterOperator
{
    /// <summary>Equal. A <see cref="FilterValue.Text"/> is a <see cref="Wildcard"/> pattern that has to match the whole value.</summary>
    Is, Greater, GreaterOrEqual, Less, LessOrEqual,

    /// <summary>The value contains the text, which is taken literally; letter case never matters.</summary>
    Contains,

    /// <summary>The field has any value; the <see cref="FilterValue"/> is ignored.</summary>
    Exists,
}

/// <summary>Exactly one member is set. Durations are numbers in seconds, cost in USD (see <see cref="FilterUnits"/>).</summary>
public readonly record struct FilterValue
{
    public string? Text { get; init; }

    public double? Number { get; init; }

    public Instant? Time { get; init; }

    public bool? Flag { get; init; }
}
