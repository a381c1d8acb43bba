namespace Perilune.Control;

internal static class Names
{
    public const int MaxLength = 100;

    /// <summary>Trims a name that a person typed; null when it is empty, too long or has control characters.</summary>
    public static string? Clean(string? name)
    {
        var trimmed = name?.Trim();
        return trimmed is { Length: > 0 and <= MaxLength } && !trimmed.Any(char.IsControl) ? trimmed : null;
    }

    public static Refusal Refuse(string what) => new($"{what} needs a name of 1 to {MaxLength} characters.");
}
