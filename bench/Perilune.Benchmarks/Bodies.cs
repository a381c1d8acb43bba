using Perilune.Load.Sending;
using Perilune.Load.Traffic;

namespace Perilune.Benchmarks;

/// <summary>Request bodies of the load generator: 20 events each.</summary>
internal static class Bodies
{
    public static ReadOnlyMemory<byte>[] Take(int count)
    {
        var model = new TrafficModel(new TrafficOptions { Now = DateTimeOffset.UnixEpoch.AddYears(56), Traces = count * 20 });
        return [.. Batches.Of(model, Wire.Lunary, client: 0, clients: 1, batchSize: 20).Take(count).Select(static batch => batch.Body)];
    }
}
