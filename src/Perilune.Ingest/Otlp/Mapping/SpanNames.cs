using System.Text.RegularExpressions;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping;

internal static partial class SpanNames
{
    private static readonly string[] s_apiEndings = [".chat", ".responses", ".messages", ".completion", ".embedding", ".image", ".generative-ai"];

    private static readonly string[] s_toolBeginnings = ["tools/call ", "execute_tool "];

    /// <summary>The model of a model call; the name of an agent, a tool or a chain; else the span's, without random ends.</summary>
    public static string Of(string type, OtlpSpan span, AttributeSet set)
    {
        var named = type switch
        {
            RunTypes.Llm or RunTypes.Embedding => Model(set.TakeText(Field.RequestedModel, RunText.Name) ?? set.TakeText(Field.ServedModel, RunText.Name)),
            RunTypes.Agent => set.TakeText(Field.AgentName, RunText.Name),
            RunTypes.Tool => set.TakeText(Field.ToolName, RunText.Name) ?? Called(span.Name),
            RunTypes.Chain => set.TakeText(Field.WorkflowName, RunText.Name) ?? Called(span.Name),
            _ => null,
        };
        var name = named ?? span.Name;
        var plain = name.Length >= 32 ? RandomEnd().Replace(name, "") : name;
        return RunText.Cut(plain.Length > 0 ? plain : name, RunText.Name);
    }

    // The conventions put the operation before the name of the tool.
    private static string? Called(string span) => Array.Find(s_toolBeginnings, beginning => span.StartsWith(beginning, StringComparison.Ordinal)) is { } beginning && span.Length > beginning.Length ? span[beginning.Length..] : null;

    private static string? Model(string? model) =>
        model is not null && model.StartsWith("models/", StringComparison.Ordinal) ? model["models/".Length..] : model;

    /// <summary>The Vercel AI SDK names the provider's API along with it: <c>openai.responses</c>.</summary>
    public static string? Provider(string? provider)
    {
        if (provider is null)
        {
            return null;
        }

        foreach (var ending in s_apiEndings)
        {
            if (provider.Length > ending.Length && provider.EndsWith(ending, StringComparison.Ordinal))
            {
                return provider[..^ending.Length];
            }
        }

        return provider;
    }

    /// <summary>Names such as <c>InvokePromptAsync_0ad77569dcb24c659cfaa9d8ac921818</c> would each be a name of its own.</summary>
    [GeneratedRegex(@"[_\- (]*([0-9a-fA-F]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\)?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex RandomEnd();
}
