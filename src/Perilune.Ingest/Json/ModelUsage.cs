using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Perilune.Model;

namespace Perilune.Ingest.Json;

/// <summary>
/// The counts of a model call as providers and frameworks write them: OpenAI's (of completions and of responses),
/// Anthropic's, Gemini's, LangChain's <c>usage_metadata</c>, in snake or camel case. <see cref="Usage"/> has totals that
/// include cached and reasoning tokens; Anthropic counts cached input beside the rest of it, Gemini thoughts beside the answer.
/// </summary>
internal static class ModelUsage
{
    private const long MaxCount = 1_000_000_000_000;
    private const int MaxDepth = 3;

    /// <summary>Opik repeats the provider's own counts below this name; those it puts beside them are sometimes exchanged.</summary>
    private const string Original = "originalusage.";

    private static readonly string[] s_input = ["prompttokens", "inputtokens", "prompttokencount", "inputtokencount", "prompt", "input"];
    private static readonly string[] s_output = ["completiontokens", "outputtokens", "candidatestokencount", "outputtokencount", "completion", "output"];

    private static readonly string[] s_cacheRead =
    [
        "prompttokensdetails.cachedtokens", "inputtokensdetails.cachedtokens", "inputtokendetails.cacheread", "inputtokensdetails.cacheread",
        AnthropicRead, "cachedinputtokens", "cachedcontenttokencount", "promptcachehittokens", "cachereadtokens",
    ];

    private static readonly string[] s_cacheWrite =
    [
        "inputtokendetails.cachecreation", "inputtokensdetails.cachewrite", "prompttokensdetails.cachewritetokens", AnthropicWrite, "cachewriteinputtokens", "cachewritetokens",
    ];

    private static readonly string[] s_cacheWrite5m = ["cachecreation.ephemeral5minputtokens", "inputtokendetails.ephemeral5minputtokens"];
    private static readonly string[] s_cacheWrite1h = ["cachecreation.ephemeral1hinputtokens", "inputtokendetails.ephemeral1hinputtokens"];

    private static readonly string[] s_reasoning =
    [
        "completiontokensdetails.reasoningtokens", "outputtokensdetails.reasoningtokens", "outputtokendetails.reasoning", "outputtokensdetails.reasoning", "reasoningtokens", GeminiThoughts,
    ];

    private static readonly string[] s_inputAudio = ["prompttokensdetails.audiotokens", "inputtokensdetails.audiotokens", "inputtokendetails.audio"];
    private static readonly string[] s_outputAudio = ["completiontokensdetails.audiotokens", "outputtokensdetails.audiotokens", "outputtokendetails.audio"];
    private static readonly string[] s_webSearches = ["servertooluse.websearchrequests"];

    private const string AnthropicRead = "cachereadinputtokens";
    private const string AnthropicWrite = "cachecreationinputtokens";
    private const string GeminiThoughts = "thoughtstokencount";

    /// <summary>Null when it holds no counts of tokens.</summary>
    public static Usage? Read(JsonElement? usage)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        Collect(usage, "", counts, depth: 0);
        if (counts.Keys.Where(name => name.StartsWith(Original, StringComparison.Ordinal)).ToList() is { Count: > 0 } original)
        {
            counts = original.ToDictionary(name => name[Original.Length..], name => counts[name], StringComparer.Ordinal);
        }

        long? First(string[] names) => Array.Find(names, counts.ContainsKey) is { } name ? counts[name] : null;

        var (input, output, read, reasoning) = (First(s_input), First(s_output), First(s_cacheRead), First(s_reasoning));
        var write1h = First(s_cacheWrite1h);
        var write = First(s_cacheWrite);
        if (input is null && output is null)
        {
            return null;
        }

        // What was written without a word on for how long was written for the shorter time.
        var write5m = First(s_cacheWrite5m) ?? (write is null ? null : Math.Max(0, write.Value - (write1h ?? 0)));
        var cached = (read ?? 0) + (write5m ?? 0) + (write1h ?? 0);
        var isAnthropic = counts.ContainsKey(AnthropicRead) || counts.ContainsKey(AnthropicWrite);
        var isTotal = counts.TryGetValue("totaltokens", out var total) && total == (input ?? 0) + (output ?? 0);
        var isBeside = cached > (input ?? 0) || (isAnthropic && !isTotal);
        var isThoughtBeside = reasoning > (output ?? 0) || counts.ContainsKey(GeminiThoughts);
        return new Usage(isBeside ? (input ?? 0) + cached : input, isThoughtBeside ? (output ?? 0) + reasoning : output, read)
        {
            CacheWrite5m = write5m,
            CacheWrite1h = write1h,
            Reasoning = reasoning,
            InputAudio = First(s_inputAudio),
            OutputAudio = First(s_outputAudio),
            WebSearches = First(s_webSearches),
        };
    }

    private static void Collect(JsonElement? usage, string prefix, Dictionary<string, long> counts, int depth)
    {
        if (usage is not { ValueKind: JsonValueKind.Object } members || depth > MaxDepth)
        {
            return;
        }

        foreach (var member in members.EnumerateObject())
        {
            var name = prefix + Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(member)).Replace("_", "", StringComparison.Ordinal).ToLower(CultureInfo.InvariantCulture);
            if (member.Value.ValueKind == JsonValueKind.Object)
            {
                Collect(member.Value, name + ".", counts, depth + 1);
            }
            else if (((JsonElement?)member.Value).Number() is >= 0 and <= MaxCount and var count)
            {
                counts[name] = (long)count;
            }
        }
    }
}
