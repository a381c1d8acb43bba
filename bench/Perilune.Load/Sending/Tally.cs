using System.Diagnostics;

namespace Perilune.Load.Sending;

/// <summary>What one connection saw; added up when all are done.</summary>
internal sealed class Tally
{
    public List<double> AckMillis { get; } = [];

    public Dictionary<string, int> Failures { get; } = new(StringComparer.Ordinal);

    public int Requests { get; private set; }

    public int StoredEvents { get; private set; }

    public int FailedEvents { get; private set; }

    public int Runs { get; private set; }

    public long Bytes { get; private set; }

    public void Add(Batch batch, int stored, long startedAt)
    {
        AckMillis.Add(Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds);
        Requests++;
        StoredEvents += stored;
        FailedEvents += batch.Events - stored;
        Runs += stored == batch.Events ? batch.Runs : 0;
        Bytes += batch.Body.Length;
    }

    public void Fail(string reason) => Failures[reason] = Failures.GetValueOrDefault(reason) + 1;
}
