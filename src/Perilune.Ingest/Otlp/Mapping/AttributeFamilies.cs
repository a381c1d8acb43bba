namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>Names that share a beginning and go on freely, or by number.</summary>
internal enum AttributeFamily : byte
{
    None,

    /// <summary><c>llm.input_messages.0.message.role</c></summary>
    OpenInferenceInput,
    OpenInferenceOutput,
    OpenInferenceTools,
    OpenInferenceDocuments,

    /// <summary><c>gen_ai.prompt.0.content</c></summary>
    IndexedPrompt,
    IndexedCompletion,
    IndexedFunctions,

    /// <summary><c>gen_ai.request.max_tokens</c></summary>
    Parameter,

    /// <summary><c>ai.settings.temperature</c></summary>
    VercelSetting,

    /// <summary><c>ai.response.text</c>, of which an answer is put together.</summary>
    VercelResponse,

    /// <summary>Free names below a prefix that is cut off.</summary>
    Metadata,

    /// <summary>A convention of model calls, so that the span is no plumbing.</summary>
    GenAi,
}

internal static class AttributeFamilies
{
    // Longer prefixes before those they begin with.
    private static readonly (string Prefix, AttributeFamily Family)[] s_prefixes =
    [
        ("llm.input_messages.", AttributeFamily.OpenInferenceInput),
        ("llm.output_messages.", AttributeFamily.OpenInferenceOutput),
        ("llm.tools.", AttributeFamily.OpenInferenceTools),
        ("retrieval.documents.", AttributeFamily.OpenInferenceDocuments),
        ("gen_ai.prompt.name", AttributeFamily.GenAi),
        ("gen_ai.prompt.version", AttributeFamily.GenAi),
        ("gen_ai.prompt.", AttributeFamily.IndexedPrompt),
        ("gen_ai.completion.", AttributeFamily.IndexedCompletion),
        ("llm.request.functions.", AttributeFamily.IndexedFunctions),
        ("gen_ai.request.", AttributeFamily.Parameter),
        ("anthropic.thinking.", AttributeFamily.Parameter),
        ("ai.settings.context.", AttributeFamily.Metadata),
        ("ai.settings.", AttributeFamily.VercelSetting),
        ("ai.response.text", AttributeFamily.VercelResponse),
        ("ai.response.object", AttributeFamily.VercelResponse),
        ("ai.response.toolCalls", AttributeFamily.VercelResponse),
        ("ai.response.reasoning", AttributeFamily.VercelResponse),
        ("ai.response.files", AttributeFamily.VercelResponse),
        ("ai.telemetry.metadata.", AttributeFamily.Metadata),
        ("langfuse.trace.metadata.", AttributeFamily.Metadata),
        ("langfuse.observation.metadata.", AttributeFamily.Metadata),
        ("traceloop.association.properties.", AttributeFamily.Metadata),
        ("langsmith.metadata.", AttributeFamily.Metadata),
        ("metadata.", AttributeFamily.Metadata),
        ("gen_ai.", AttributeFamily.GenAi),
        ("llm.", AttributeFamily.GenAi),
        ("ai.", AttributeFamily.GenAi),
        ("langfuse.", AttributeFamily.GenAi),
        ("traceloop.", AttributeFamily.GenAi),
        ("openinference.", AttributeFamily.GenAi),
        ("langsmith.", AttributeFamily.GenAi),
        ("mcp.", AttributeFamily.GenAi),
    ];

    public static AttributeFamily Of(string name)
    {
        foreach (var (prefix, family) in s_prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return family;
            }
        }

        return AttributeFamily.None;
    }

    /// <summary>The part of the name after its family's prefix.</summary>
    public static string Rest(string name)
    {
        foreach (var (prefix, _) in s_prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return name[prefix.Length..];
            }
        }

        return name;
    }
}
