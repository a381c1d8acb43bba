using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>What type of run a span is.</summary>
internal static class SpanType
{
    // Libraries whose spans are about model calls even when a span says nothing of its own.
    private static readonly string[] s_genAiScopes =
        ["Experimental.Microsoft.Extensions.AI", "Experimental.Microsoft.Agents.AI", "Microsoft.SemanticKernel", "com.anthropic.", "OpenAI.", "langfuse", "@arizeai/", "@traceloop/", "openinference.", "gen_ai"];

    private static readonly string[] s_plumbingScopes =
        ["Experimental.System.Net.", "System.Net.Http", "codex", "@opentelemetry/instrumentation-net", "@opentelemetry/instrumentation-dns", "@opentelemetry/instrumentation-undici", "OpenTelemetry.Instrumentation.Http"];

    private static readonly string[] s_clientSigns = ["http.request.method", "http.method", "network.transport", "db.system", "db.system.name", "rpc.system", "messaging.system"];

    /// <summary>The type; <see cref="RunTypes.Span"/> or <see cref="RunTypes.Plumbing"/> for what is neither a model call nor made of some.</summary>
    public static string Of(OtlpScope scope, OtlpSpan span, AttributeSet set)
    {
        if (Begins(s_plumbingScopes, scope.Name))
        {
            return RunTypes.Plumbing;
        }

        if (OfWord(set) is { } type)
        {
            return type == RunTypes.Tool && IsPromptOfKernel(scope, set) ? RunTypes.Chain : type;
        }

        if (set.Has(Field.ToolCallId) || set.NameOf(Field.ToolName) is "gen_ai.tool.name" or "tool.name")
        {
            return RunTypes.Tool;
        }

        // What MCP's clients and servers say to each other besides calls: lists, discovery, notifications.
        if (set.NameOf(Field.Kind) is "mcp.method.name")
        {
            return RunTypes.Plumbing;
        }

        var isGenAi = Begins(s_genAiScopes, scope.Name) || set.IsGenAi;
        if (isGenAi)
        {
            return (set.Has(Field.RequestedModel) || set.Has(Field.ServedModel)) && (set.Has(Field.InputTokens) || set.Has(Field.OutputTokens)) ? RunTypes.Llm : RunTypes.Chain;
        }

        return span.Kind is 3 or 4 && set.All.Any(a => s_clientSigns.Contains(a.Key.Name)) ? RunTypes.Plumbing : RunTypes.Span;
    }

    public static bool IsStructural(string type) => type is RunTypes.Span or RunTypes.Plumbing;

    // Semantic Kernel reports a prompt that it renders and sends as the execution of a function that it makes for it.
    private static bool IsPromptOfKernel(OtlpScope scope, AttributeSet set) =>
        scope.Name.StartsWith("Microsoft.SemanticKernel", StringComparison.Ordinal) && Coerce.Text(set.Peek(Field.ToolName)) is { } name && name.StartsWith("InvokePrompt", StringComparison.Ordinal);

    // A word that nobody knows leaves the question to the next source.
    private static string? OfWord(AttributeSet set)
    {
        var (type, best) = (default(string), int.MaxValue);
        foreach (var attribute in set.All)
        {
            foreach (var source in attribute.Key.Sources)
            {
                if (source.Field == Field.Kind && source.Rank < best && Coerce.Text(attribute.Value) is { } word && TypeWords.Of(word) is { } found)
                {
                    (type, best) = (found, source.Rank);
                }
            }
        }

        return type;
    }

    private static bool Begins(string[] beginnings, string name) => Array.Exists(beginnings, b => name.StartsWith(b, StringComparison.Ordinal));
}
