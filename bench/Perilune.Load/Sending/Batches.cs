using Perilune.Load.Traffic;

namespace Perilune.Load.Sending;

internal sealed record Batch(ReadOnlyMemory<byte> Body, int Events, int Runs);

/// <summary>What one SDK client sends: its own traces, in order, cut into requests of at most so many events.</summary>
internal static class Batches
{
    public static IEnumerable<Batch> Of(TrafficModel model, Wire wire, int client, int clients, int batchSize) =>
        wire is Wire.Otlp ? OfSpans(model, client, clients, batchSize) : OfEvents(model, client, clients, batchSize);

    private static IEnumerable<Batch> OfSpans(TrafficModel model, int client, int clients, int batchSize)
    {
        var traces = Enumerable.Range(0, (model.Options.Traces - client + clients - 1) / clients).Select(i => model.Make(client + (i * clients)));
        return traces.SelectMany(OtlpSpans.Of).Chunk(batchSize).Select(spans => new Batch(OtlpSpans.Request(spans), spans.Length, spans.Length));
    }

    private static IEnumerable<Batch> OfEvents(TrafficModel model, int client, int clients, int batchSize)
    {
        var body = new MemoryStream();
        var (events, runs) = (0, 0);
        for (var i = client; i < model.Options.Traces; i += clients)
        {
            var trace = model.Make(i);
            foreach (var slice in trace.Events)
            {
                body.Write(events == 0 ? "{\"events\":["u8 : ","u8);
                body.Write(trace.Utf8.Span.Slice(slice.Start, slice.Length));
                events++;
                runs += slice.Runs;
                if (events == batchSize)
                {
                    yield return Finish();
                }
            }
        }

        if (events > 0)
        {
            yield return Finish();
        }

        Batch Finish()
        {
            body.Write("]}"u8);
            var batch = new Batch(body.ToArray(), events, runs);
            body.SetLength(0);
            (events, runs) = (0, 0);
            return batch;
        }
    }
}
