using System.Collections.Frozen;
using PeriluneSdk.Spans;

namespace PeriluneSdk.Recording;

/// <summary>What counts as content, which is not sent when the application does not want that.</summary>
internal static class Content
{
    private static readonly FrozenSet<string> s_keys = new[]
    {
        GenAi.InputMessages, GenAi.OutputMessages, GenAi.SystemInstructions, GenAi.ToolArguments, GenAi.ToolResult,
        GenAi.Input, GenAi.Output, "gen_ai.tool.definitions", "gen_ai.prompt", "gen_ai.completion", "gen_ai.event.content",
        "gen_ai.retrieval.query.text", "gen_ai.retrieval.documents",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether the running client sends content, so that nothing is written in vain.</summary>
    public static bool IsCaptured => PeriluneClient.Current is not { Options.CaptureContent: false };

    public static bool Is(string key) => s_keys.Contains(key);
}
