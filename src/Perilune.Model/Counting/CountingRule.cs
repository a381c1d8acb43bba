namespace Perilune.Model.Counting;

/// <summary>What counts, in one place.</summary>
public static class CountingRule
{
    /// <summary>Whether the tokens and cost of a run of this type count; what others report repeats those of model calls.</summary>
    public static bool CountsUsage(string? type) => RunTypes.IsModelCall(type);

    /// <summary>
    /// Whether a run of this type is work that usage and allowances count. Threads and chats only group runs; logs and
    /// custom events are notes; spans and plumbing are what surrounds the work.
    /// </summary>
    public static bool IsBillable(string? type) => type is not (RunTypes.Thread or RunTypes.Chat or RunTypes.Log or RunTypes.CustomEvent or RunTypes.Span or RunTypes.Plumbing);
}
