using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Perilune.Model.Pricing;

/// <summary>How one model is spelled by different clients. All names are in lower case.</summary>
internal static partial class ModelNames
{
    private static readonly FrozenSet<string> BedrockVendors = FrozenSet.Create(
        "ai21", "amazon", "anthropic", "cohere", "deepseek", "google", "luma", "meta", "minimax", "mistral", "moonshot", "moonshotai",
        "nvidia", "openai", "qwen", "stability", "twelvelabs", "writer", "zai");

    private static readonly FrozenSet<string> BedrockRegions = FrozenSet.Create(
        "apac", "au", "ca", "eu", "global", "in", "jp", "sa", "us", "us-gov");

    private static readonly FrozenSet<string> RouterVariants = FrozenSet.Create(
        "beta", "exacto", "extended", "floor", "free", "nitro", "online", "thinking");

    /// <summary>Beginnings of names that only one provider uses, beyond those that the price data states.</summary>
    private static readonly (string Start, string Provider)[] Beginnings =
    [
        ("text-embedding-3", "openai"), ("text-embedding-ada", "openai"), ("ft:gpt-", "openai"), ("chatgpt-", "openai"),
        ("codex-", "openai"), ("computer-use", "openai"), ("sonar", "perplexity"),
    ];

    /// <summary>The name, then the same without the path to it, its date or its "latest", nearest first.</summary>
    public static IEnumerable<string> Spellings(string name)
    {
        foreach (var spelling in Paths(name))
        {
            yield return spelling;
            if (CompactDate().Match(spelling) is { Success: true } date && IsDate(date.ValueSpan[1..]))
            {
                yield return $"{spelling[..date.Index]}-{date.ValueSpan[1..5]}-{date.ValueSpan[5..7]}-{date.ValueSpan[7..]}";
            }

            if (Release().Match(spelling) is { Success: true, Index: > 0 } release)
            {
                yield return spelling[..release.Index];
            }
        }
    }

    /// <summary>An id or ARN of a Bedrock model: a vendor and a dot in front, after the region of an inference profile.</summary>
    public static bool IsBedrock(string name)
    {
        if (name.StartsWith("arn:aws", StringComparison.Ordinal))
        {
            return name.Contains(":bedrock:", StringComparison.Ordinal);
        }

        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0 && BedrockRegions.Contains(name[..dot]))
        {
            name = name[(dot + 1)..];
            dot = name.IndexOf('.', StringComparison.Ordinal);
        }

        return dot > 0 && BedrockVendors.Contains(name[..dot]);
    }

    /// <summary><c>vendor/model:free</c> and the like, which only OpenRouter has.</summary>
    public static bool IsRouterVariant(string name) =>
        name.LastIndexOf(':') is var colon and > 0 && name.Contains('/', StringComparison.Ordinal) && RouterVariants.Contains(name[(colon + 1)..]);

    /// <summary><c>llama3:8b</c>: a tag as local servers use it, which cost nothing and are named after what others sell.</summary>
    public static bool HasTag(string name) =>
        name.Contains(':', StringComparison.Ordinal) && !name.StartsWith("ft:", StringComparison.Ordinal);

    public static string? ProviderByBeginning(string name) =>
        Array.Find(Beginnings, b => name.StartsWith(b.Start, StringComparison.Ordinal)).Provider;

    private static IEnumerable<string> Paths(string name)
    {
        yield return name;
        if (name.StartsWith("arn:", StringComparison.Ordinal))
        {
            yield return name[(name.LastIndexOf('/') + 1)..];
            yield break;
        }

        const string Models = "models/";
        if (name.LastIndexOf(Models, StringComparison.Ordinal) is var at and >= 0)
        {
            yield return name[(at + Models.Length)..];
        }
    }

    private static bool IsDate(ReadOnlySpan<char> digits) =>
        DateOnly.TryParseExact(digits, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    [GeneratedRegex("-20[0-9]{6}$", RegexOptions.CultureInvariant, 100)]
    private static partial Regex CompactDate();

    [GeneratedRegex("(?:[-@](?:20[0-9]{6}|20[0-9]{2}-[0-9]{2}-[0-9]{2}|latest)|@default)$", RegexOptions.CultureInvariant, 100)]
    private static partial Regex Release();
}
