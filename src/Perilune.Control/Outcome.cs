using System.Diagnostics.CodeAnalysis;

namespace Perilune.Control;

/// <summary>What became of a person's request: a value, or a message to show that says why not and what to do.</summary>
public sealed record Outcome<T>
{
    private Outcome(T? value, string? error) => (Value, Error) = (value, error);

    public T? Value { get; }

    public string? Error { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal.Message);
}

/// <summary>Converts to a failed <see cref="Outcome{T}"/> of any kind.</summary>
public readonly record struct Refusal(string Message);
