using System.Text.RegularExpressions;

namespace Perilune.Control;

/// <summary>Names that point at one version of a template each, and can be moved to another.</summary>
public static partial class TemplateLabels
{
    /// <summary>What applications get that ask for no label. Publishing moves it to the published version.</summary>
    public const string Production = "production";

    /// <summary>Always the newest published version; it cannot be set.</summary>
    public const string Latest = "latest";

    public const string Rule = "A label has 1 to 40 lower-case letters, digits, dots, dashes and underscores.";

    internal const int MaxPerTemplate = 20;

    public static bool IsValid(string label) => Pattern().IsMatch(label);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{0,39}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
