namespace Perilune.Control;

public static class PasswordRules
{
    public const int MinLength = 8;
    public const int MaxLength = 256;

    /// <summary>Length is all that is asked; null when <paramref name="password"/> will do.</summary>
    public static string? Refuse(string? password) =>
        password is { Length: >= MinLength and <= MaxLength } ? null : $"A password needs {MinLength} to {MaxLength} characters.";
}
