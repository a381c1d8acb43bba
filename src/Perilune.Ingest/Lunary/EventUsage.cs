using Perilune.Model;

namespace Perilune.Ingest.Lunary;

internal static class EventUsage
{
    /// <summary>
    /// <c>tokensUsage</c> means two things on the wire. OpenAI's numbers include cached tokens in <c>prompt</c>. Lunary's
    /// wrapper of Anthropic's client sends that provider's disjoint numbers: <c>prompt</c> is what was not cached, and
    /// <c>promptCached</c> is what was read from the cache plus what was written to it; the parts are in the metadata.
    /// The numbers are disjoint for certain when more is cached than prompted, and when the parts add up to it.
    /// </summary>
    public static Usage? Read(ref SlotReader slots)
    {
        slots.Object(Member.TokensUsage);
        var prompt = slots.Count(Member.Prompt);
        var completion = slots.Count(Member.Completion);
        var cached = slots.Count(Member.PromptCached);
        if (prompt is null && completion is null && cached is null)
        {
            return null;
        }

        var read = slots.TryCount(Member.CacheReadInputTokens);
        var written = slots.TryCount(Member.CacheCreationInputTokens);
        var isDisjoint = prompt is not null && cached is not null &&
            (cached > prompt || ((read is not null || written is not null) && (read ?? 0) + (written ?? 0) == cached));
        if (!isDisjoint)
        {
            return new Usage(prompt, completion, cached);
        }

        var part = Math.Min(read ?? Math.Max(cached!.Value - (written ?? 0), 0), cached!.Value);
        return new Usage(prompt + cached, completion, part)
        {
            CacheWrite5m = written is null ? null : Math.Min(written.Value, cached.Value - part),
        };
    }
}
