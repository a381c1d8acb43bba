using System.Diagnostics.CodeAnalysis;

namespace Perilune.Model.Filtering;

/// <summary>Either a filter, normalised, or at least one error.</summary>
public sealed record FilterParseResult(Filter? Filter, IReadOnlyList<FilterError> Errors)
{
    [MemberNotNullWhen(true, nameof(Filter))]
    public bool IsValid => Filter is not null;
}

/// <summary>What is wrong with the characters from <paramref name="Position"/> on, and what would be right.</summary>
/// <param name="Message">A sentence for the person who typed it.</param>
/// <param name="Suggestion">A sentence such as <c>Did you mean "model"?</c>, or null.</param>
public sealed record FilterError(int Position, int Length, string Message, string? Suggestion = null)
{
    public override string ToString() => Suggestion is null ? Message : $"{Message} {Suggestion}";
}
