using System.Text.Json;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>
/// Langfuse's usage details: an object of free names whose beginning says input or output. Its own wrappers send parts
/// that add up to the total; people who write it by hand often repeat parts in input and output. The total tells which.
/// </summary>
internal static class LangfuseUsage
{
    public static Usage? Read(RawJson details)
    {
        if (!details.IsObject)
        {
            return null;
        }

        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(details.Span, JsonScan.Options);
        reader.Read();
        while (JsonScan.NextMember(ref reader))
        {
            var name = JsonScan.Name(ref reader);
            reader.Read();
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var count) && count is >= 0 and <= 1e12)
            {
                counts[name] = (long)count;
            }

            reader.Skip();
        }

        if (counts.Count == 0)
        {
            return null;
        }

        long Sum(Func<string, bool> belongs) => counts.Where(c => belongs(c.Key)).Sum(c => c.Value);
        bool IsRead(string name) => name is "cache_read_input_tokens" or "input_cached_tokens" or "input_cache_read" or "cached_tokens" or "input_cached";
        bool IsWrite(string name) => name is "cache_creation_input_tokens" or "input_cache_creation" or "input_cache_write";
        bool IsReasoning(string name) => name is "output_reasoning_tokens" or "output_reasoning" or "reasoning_tokens";

        var (read, written, reasoning) = (Sum(IsRead), Sum(IsWrite), Sum(IsReasoning));
        var input = counts.GetValueOrDefault("input", counts.GetValueOrDefault("prompt_tokens", counts.GetValueOrDefault("input_tokens")));
        var output = counts.GetValueOrDefault("output", counts.GetValueOrDefault("completion_tokens", counts.GetValueOrDefault("output_tokens")));
        var isInclusive = counts.TryGetValue("total", out var total) && total == input + output;
        var otherInput = Sum(name => name.StartsWith("input_", StringComparison.Ordinal) && name != "input_tokens" && !IsRead(name) && !IsWrite(name));
        var otherOutput = Sum(name => name.StartsWith("output_", StringComparison.Ordinal) && name != "output_tokens" && !IsReasoning(name));
        return new Usage(
            isInclusive && read + written <= input ? input : input + read + written + otherInput,
            isInclusive && reasoning <= output ? output : output + reasoning + otherOutput,
            counts.Keys.Any(IsRead) ? read : null)
        {
            CacheWrite5m = counts.Keys.Any(IsWrite) ? written : null,
            Reasoning = counts.Keys.Any(IsReasoning) ? reasoning : null,
            InputAudio = counts.TryGetValue("input_audio_tokens", out var inputAudio) ? inputAudio : null,
            OutputAudio = counts.TryGetValue("output_audio_tokens", out var outputAudio) ? outputAudio : null,
        };
    }
}
