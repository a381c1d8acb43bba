using System.Collections.Concurrent;

namespace Perilune.Crash.Tests;

/// <summary>What was sent and what the server said about it.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<PlannedEvent, Fate> _fates = new(ReferenceEqualityComparer.Instance);

    private enum Fate
    {
        /// <summary>Sent, not answered: it may be stored or not.</summary>
        Unsure,
        Acknowledged,
    }

    public int Acknowledged => _fates.Count(static f => f.Value == Fate.Acknowledged);

    public int Unsure => _fates.Count(static f => f.Value == Fate.Unsure);

    /// <summary>The events by the run or thread they are about.</summary>
    public IEnumerable<IGrouping<string, PlannedEvent>> Runs => _fates.Select(static f => f.Key).GroupBy(static e => e.RunId, StringComparer.Ordinal);

    public bool IsAcknowledged(PlannedEvent sent) => _fates[sent] == Fate.Acknowledged;

    public void Sending(IEnumerable<PlannedEvent> batch)
    {
        foreach (var sent in batch)
        {
            _fates.TryAdd(sent, Fate.Unsure);
        }
    }

    public void Acknowledge(PlannedEvent sent) => _fates[sent] = Fate.Acknowledged;
}
