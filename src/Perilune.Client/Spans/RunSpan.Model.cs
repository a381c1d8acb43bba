using Microsoft.Extensions.AI;
using PeriluneSdk.Spans;

namespace PeriluneSdk;

/// <content>What only calls of models have.</content>
public readonly partial struct RunSpan
{
    /// <summary>
    /// Says that the first token of the answer is here. The time since the run began is kept; only the first call counts.
    /// </summary>
    /// <returns>The same run.</returns>
    public RunSpan FirstToken()
    {
        if (Activity is { IsAllDataRequested: true } activity && activity.GetTagItem(GenAi.FirstChunk) is null)
        {
            activity.SetTag(GenAi.FirstChunk, (TimeProvider.System.GetUtcNow().UtcDateTime - activity.StartTimeUtc).TotalSeconds);
        }

        return this;
    }

    /// <summary>Tokens that the call used. Totals include their parts: cached and reasoning tokens are not added to them.</summary>
    /// <param name="input">Tokens of the input, cached ones included.</param>
    /// <param name="output">Tokens of the output, reasoning included.</param>
    /// <param name="cacheRead">Those of the input that were read from a cache.</param>
    /// <param name="cacheWrite">Those of the input that were written to a cache.</param>
    /// <param name="reasoning">Those of the output that were reasoning.</param>
    /// <returns>The same run.</returns>
    public RunSpan Usage(long? input = null, long? output = null, long? cacheRead = null, long? cacheWrite = null, long? reasoning = null)
    {
        Set(GenAi.InputTokens, input);
        Set(GenAi.OutputTokens, output);
        Set(GenAi.CacheReadTokens, cacheRead);
        Set(GenAi.CacheWriteTokens, cacheWrite);
        Set(GenAi.ReasoningTokens, reasoning);
        return this;
    }

    /// <summary>Tokens that the call used.</summary>
    /// <param name="usage">As Microsoft.Extensions.AI counts them; null says nothing.</param>
    /// <returns>The same run.</returns>
    public RunSpan Usage(UsageDetails? usage) => usage is null ? this
        : Usage(usage.InputTokenCount, usage.OutputTokenCount, usage.CachedInputTokenCount, reasoning: usage.ReasoningTokenCount);

    /// <summary>What the provider said about its answer.</summary>
    /// <param name="model">The model that answered, where it is another than was asked for.</param>
    /// <param name="id">The provider's id of the answer; the same id twice in a trace is one call.</param>
    /// <returns>The same run.</returns>
    public RunSpan Response(string? model = null, string? id = null)
    {
        Set(GenAi.ResponseModel, model);
        Set(GenAi.ResponseId, id);
        return this;
    }

    /// <summary>A setting of the call, such as <c>temperature</c> or <c>max_tokens</c>.</summary>
    /// <param name="name">Its name in OpenTelemetry's conventions, without <c>gen_ai.request.</c>.</param>
    /// <param name="value">A text, number, truth value, or an array of these.</param>
    /// <returns>The same run.</returns>
    public RunSpan Parameter(string name, object? value)
    {
        Set($"gen_ai.request.{name}", value);
        return this;
    }

    /// <summary>The model's own id of the tool call that this tool answers.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The same run.</returns>
    public RunSpan CallId(string? id)
    {
        Set(GenAi.ToolCallId, id);
        return this;
    }

    private void Set(string key, object? value)
    {
        if (value is not null)
        {
            Activity?.SetTag(key, value);
        }
    }
}
