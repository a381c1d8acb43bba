using System.Text.Json;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>
/// The counts of a model call as <see cref="Usage"/> has them: totals that include cached and reasoning tokens. Conventions
/// of OpenTelemetry send such totals; Langfuse, Claude Code and Gemini CLI send parts beside each other.
/// </summary>
internal static class SpanUsage
{
    public static Usage? Read(AttributeSet set)
    {
        if (set.Has(Field.UsageDetails) && LangfuseUsage.Read(Coerce.Json(set.Peek(Field.UsageDetails))) is { } detailed)
        {
            set.Take(Field.UsageDetails);
            return detailed;
        }

        var isExclusive = set.NameOf(Field.InputTokens) == UsageSources.ExclusiveInput;
        var (input, output) = (set.TakeCount(Field.InputTokens), set.TakeCount(Field.OutputTokens));
        var read = set.TakeCount(Field.CacheRead) ?? Detail(set, Field.InputDetails, "cache_read"u8);
        var write5m = set.TakeCount(Field.CacheWrite5m);
        var write1h = set.TakeCount(Field.CacheWrite1h);
        var write = set.TakeCount(Field.CacheWrite) ?? Detail(set, Field.InputDetails, "cache_creation"u8);
        var isThoughtBeside = set.NameOf(Field.Reasoning) is "thoughts_token_count";
        var reasoning = set.TakeCount(Field.Reasoning) ?? Detail(set, Field.OutputDetails, "reasoning"u8);
        if (input is null && output is null && read is null && write is null)
        {
            return null;
        }

        // What was written without a word on for how long was written for the shorter time.
        write5m ??= write is null ? null : Math.Max(0, write.Value - (write1h ?? 0));
        var cached = (read ?? 0) + (write5m ?? 0) + (write1h ?? 0);
        return new Usage(
            isExclusive || cached > (input ?? 0) ? (input is null && cached == 0 ? null : (input ?? 0) + cached) : input,
            isThoughtBeside || reasoning > (output ?? 0) ? (output ?? 0) + (reasoning ?? 0) : output,
            read)
        {
            CacheWrite5m = write5m,
            CacheWrite1h = write1h,
            Reasoning = reasoning,
            InputAudio = set.TakeCount(Field.InputAudio),
            OutputAudio = set.TakeCount(Field.OutputAudio),
            InputImage = set.TakeCount(Field.InputImage),
            OutputImage = set.TakeCount(Field.OutputImage),
            InputVideo = set.TakeCount(Field.InputVideo),
            OutputVideo = set.TakeCount(Field.OutputVideo),
            WebSearches = set.TakeCount(Field.WebSearches),
        };
    }

    /// <summary>The client's own cost in nano-USD.</summary>
    public static long? Cost(AttributeSet set)
    {
        if (set.Has(Field.CostDetails) && EventMessages.Member(Coerce.Json(set.Peek(Field.CostDetails)), "total"u8) is { IsAbsent: false } total &&
            Nano(JsonNumber(total), 1e9) is { } detailed)
        {
            set.Take(Field.CostDetails);
            return detailed;
        }

        if (Nano(Coerce.Number(set.Peek(Field.CostUsd)), 1e9) is { } usd)
        {
            set.Take(Field.CostUsd);
            return usd;
        }

        return Nano(Coerce.Number(set.Peek(Field.CostMicroUsd)), 1e3) is { } micro ? Taken(micro) : null;

        long Taken(long cost)
        {
            set.Take(Field.CostMicroUsd);
            return cost;
        }
    }

    private static long? Nano(double? amount, double factor) => amount is >= 0 and < 1e9 ? (long)Math.Round(amount.Value * factor) : null;

    private static long? Detail(AttributeSet set, Field field, ReadOnlySpan<byte> member) =>
        set.Has(field) && JsonNumber(EventMessages.Member(Coerce.Json(set.Peek(field)), member)) is { } number && number >= 0 && number <= 1e12 ? (long)number : null;

    internal static double? JsonNumber(RawJson json)
    {
        if (json.IsAbsent)
        {
            return null;
        }

        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        return reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;
    }
}
