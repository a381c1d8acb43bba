using System.Diagnostics.CodeAnalysis;

namespace Perilune.Control;

public static class EmailAddress
{
    private const int MaxLength = 254;

    /// <summary>Loose on purpose: it catches slips; whether mail arrives is not for a pattern to say.</summary>
    public static bool IsValid([NotNullWhen(true)] string? email) =>
        email is { Length: > 2 and <= MaxLength } &&
        email.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < email.Length - 1 &&
        email.LastIndexOf('@') == at &&
        !email.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));

    /// <summary>Equal for addresses that differ in case only.</summary>
    public static string Key(string email) => email.Trim().ToUpperInvariant();
}
