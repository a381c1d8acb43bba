namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>Counts and costs. Which of them include which is for <see cref="SpanUsage"/> to know.</summary>
internal static class UsageSources
{
    /// <summary>Claude Code's name for input that was neither read from nor written to the cache.</summary>
    public const string ExclusiveInput = "input_tokens";

    public static readonly FieldSources[] All =
    [
        new(Field.InputTokens,
        [
            "gen_ai.usage.input_tokens",
            "gen_ai.usage.prompt_tokens",       // semantic conventions up to 1.26, OpenLLMetry
            "llm.token_count.prompt",           // OpenInference
            "ai.usage.inputTokens",             // Vercel AI SDK 5 and 6
            "ai.usage.promptTokens",            // Vercel AI SDK 4
            "ai.usage.tokens",                  // its embeddings
            "llm.usage.prompt_tokens",
            "codex.usage.input_tokens",
            "input_token_count",
            ExclusiveInput,
        ]),
        new(Field.OutputTokens,
        [
            "gen_ai.usage.output_tokens",
            "gen_ai.usage.completion_tokens",
            "llm.token_count.completion",
            "ai.usage.outputTokens",
            "ai.usage.completionTokens",
            "llm.usage.completion_tokens",
            "codex.usage.output_tokens",
            "output_token_count",
            "output_tokens",
        ]),
        new(Field.CacheRead,
        [
            "gen_ai.usage.cache_read.input_tokens",
            "gen_ai.usage.cache_read_input_tokens",
            "gen_ai.usage.cached_input_tokens",
            "llm.token_count.prompt_details.cache_read",
            "ai.usage.inputTokenDetails.cacheReadTokens",
            "ai.usage.cachedInputTokens",
            "llm.usage.cache_read_input_tokens",
            "codex.usage.cached_input_tokens",
            "cached_token_count",
            "cached_content_token_count",       // Gemini CLI
            "cache_read_tokens",                // Claude Code
        ]),
        new(Field.CacheWrite,
        [
            "gen_ai.usage.cache_write.input_tokens",
            "gen_ai.usage.cache_creation.input_tokens",     // semantic conventions 1.41
            "gen_ai.usage.cache_creation_input_tokens",
            "llm.token_count.prompt_details.cache_write",
            "ai.usage.inputTokenDetails.cacheWriteTokens",
            "llm.usage.cache_creation_input_tokens",
            "cache_write_token_count",
            "cache_creation_tokens",
        ]),
        new(Field.CacheWrite5m, ["anthropic.usage.cache_creation.ephemeral_5m_input_tokens", "cache_creation_5m_tokens"]),
        new(Field.CacheWrite1h, ["anthropic.usage.cache_creation.ephemeral_1h_input_tokens", "cache_creation_1h_tokens"]),
        new(Field.Reasoning,
        [
            "gen_ai.usage.reasoning.output_tokens",
            "gen_ai.usage.reasoning_tokens",
            "gen_ai.usage.output_tokens.reasoning",
            "llm.token_count.completion_details.reasoning",
            "ai.usage.outputTokenDetails.reasoningTokens",
            "ai.usage.reasoningTokens",
            "codex.usage.reasoning_output_tokens",
            "reasoning_token_count",
            "thoughts_token_count",             // Gemini CLI
        ]),
        new(Field.InputAudio, ["gen_ai.usage.audio.input_tokens", "gen_ai.usage.input_audio_tokens", "llm.token_count.prompt_details.audio"]),
        new(Field.OutputAudio, ["gen_ai.usage.audio.output_tokens", "gen_ai.usage.output_audio_tokens", "llm.token_count.completion_details.audio"]),
        new(Field.InputImage, ["gen_ai.usage.image.input_tokens", "llm.token_count.prompt_details.image"]),
        new(Field.OutputImage, ["gen_ai.usage.image.output_tokens"]),
        new(Field.InputVideo, ["gen_ai.usage.video.input_tokens"]),
        new(Field.OutputVideo, ["gen_ai.usage.video.output_tokens"]),
        new(Field.WebSearches, ["gen_ai.usage.web_search_requests", "anthropic.usage.server_tool_use.web_search_requests"]),
        new(Field.InputDetails, ["gen_ai.usage.input_token_details"]),
        new(Field.OutputDetails, ["gen_ai.usage.output_token_details"]),
        new(Field.UsageDetails, ["langfuse.observation.usage_details"]),
        new(Field.CostDetails, ["langfuse.observation.cost_details"]),
        new(Field.CostUsd, ["gen_ai.usage.cost", "llm.cost.total", "cost_usd"]),
        new(Field.CostMicroUsd, ["cost_usd_micros"]),
    ];
}
