using System.Collections.Frozen;

namespace Perilune.Model.Pricing;

/// <summary>What clients call the providers of the price data, where its own rules do not know it or would mistake it.</summary>
internal static class ProviderNames
{
    /// <summary>Names that stand for whoever serves the model, so that its name must tell.</summary>
    private static readonly FrozenSet<string> Anybody = FrozenSet.Create(
        "", "unknown", "other", "custom", "litellm", "langchain", "gateway", "ai-gateway", "vercel", "portkey", "helicone", "cloudflare");

    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>
    {
        ["az"] = "azure",
        ["deep-seek"] = "deepseek",
        ["deepseek-ai"] = "deepseek",
        ["fireworks-ai"] = "fireworks",
        ["gcp"] = "google",
        ["grok"] = "x-ai",
        ["groqcloud"] = "groq",
        ["kimi"] = "moonshotai",
        ["mistralai"] = "mistral",
        ["novita-ai"] = "novita",
        ["open-router"] = "openrouter",
        ["perplexity-ai"] = "perplexity",
        ["pplx"] = "perplexity",
        ["together-ai"] = "together",
        ["togetherai"] = "together",
        ["xai"] = "x-ai",
        ["z-ai"] = "zai",
        ["zhipu"] = "zhipuai",
        ["zhipu-ai"] = "zhipuai",
    }.ToFrozenDictionary();

    public static bool IsAnybody(string? provider) => provider is null || Anybody.Contains(provider);

    /// <summary>Looks at the marketplaces first: their names contain the names of those whose models they sell.</summary>
    public static string Canonical(string provider)
    {
        var name = provider.Replace('_', '-').Replace(' ', '-');
        return name switch
        {
            _ when name.Contains("azure", StringComparison.Ordinal) => "azure",
            _ when name.Contains("bedrock", StringComparison.Ordinal) => "aws",
            _ when name.Contains("openrouter", StringComparison.Ordinal) => "openrouter",
            _ => Aliases.GetValueOrDefault(name, name),
        };
    }
}
