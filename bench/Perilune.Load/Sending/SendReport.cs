namespace Perilune.Load.Sending;

/// <param name="BehindSeconds">With a rate: how late the last request left, compared with when it was due.</param>
internal sealed record SendReport(
    double Seconds, int Requests, int StoredEvents, int FailedEvents, int Runs, long Bytes, Percentiles Ack,
    IReadOnlyDictionary<string, int> Failures, ProcessUse? Server, double BehindSeconds)
{
    public double RunsPerSecond => Runs / Seconds;

    public double CpuSecondsPer1000Runs => Server is null || Runs == 0 ? 0 : Server.CpuSeconds * 1000 / Runs;

    /// <summary>What a byte of the requests cost.</summary>
    public double CpuNanosPerByte => Server is null || Bytes == 0 ? 0 : Server.CpuSeconds * 1e9 / Bytes;

    public static SendReport Of(IReadOnlyList<Tally> tallies, double seconds, ProcessUse? server, double behind) => new(
        seconds,
        tallies.Sum(static t => t.Requests),
        tallies.Sum(static t => t.StoredEvents),
        tallies.Sum(static t => t.FailedEvents),
        tallies.Sum(static t => t.Runs),
        tallies.Sum(static t => t.Bytes),
        Percentiles.Of(tallies.SelectMany(static t => t.AckMillis)),
        tallies.SelectMany(static t => t.Failures).GroupBy(static f => f.Key, StringComparer.Ordinal)
            .ToDictionary(static g => g.Key, static g => g.Sum(static f => f.Value), StringComparer.Ordinal),
        server,
        behind);

    public IEnumerable<string> Lines()
    {
        yield return $"{Runs} runs in {Seconds:0.0} s: {RunsPerSecond:0} runs/s, {StoredEvents / Seconds:0} events/s, {Requests / Seconds:0} requests/s, {Bytes / Seconds / 1e6:0.0} MB/s";
        yield return $"ack {Ack.Describe("ms")}";
        if (BehindSeconds > 0.05)
        {
            yield return $"the rate was not reached: {BehindSeconds:0.0} s behind at the end";
        }

        if (Server is { } server)
        {
            yield return $"server {CpuSecondsPer1000Runs:0.000} CPU s per 1,000 runs, {server.CpuSeconds / Seconds:0.00} cores, PSS {server.PssMegabytes:0} MB at most";
        }

        yield return $"failed events {FailedEvents}";
        foreach (var (reason, count) in Failures.OrderByDescending(static f => f.Value).Take(20))
        {
            yield return $"  {count} x {reason}";
        }
    }
}
