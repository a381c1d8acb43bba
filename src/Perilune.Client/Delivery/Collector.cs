using System.Diagnostics;
using System.Text.Json.Nodes;
using PeriluneSdk.Wire;

namespace PeriluneSdk.Delivery;

/// <summary>Takes what waits and encodes it: up to one batch of spans and one of events.</summary>
internal sealed class Collector(WaitingQueue queue, SpanEncoder spans, EventEncoder events, int maxItems, Action<Waiting, Exception> giveUp)
{
    private const int MaxBytes = 4 << 20;

    public List<Batch> Collect()
    {
        var (ofSpans, ofEvents) = (new List<EncodedItem>(), new List<EncodedItem>());
        var (spanCost, eventCost, bytes) = (0L, 0L, 0);
        while (ofSpans.Count < maxItems && ofEvents.Count < maxItems && bytes < MaxBytes && queue.TryTake(out var waiting))
        {
            if (TryEncode(waiting) is not { } item)
            {
                continue;
            }

            bytes += item.Bytes.Length;
            if (waiting.Recorded is Activity)
            {
                ofSpans.Add(item);
                spanCost += waiting.Cost;
            }
            else
            {
                ofEvents.Add(item);
                eventCost += waiting.Cost;
            }
        }

        var batches = new List<Batch>(2);
        if (ofSpans.Count > 0)
        {
            batches.Add(new Batch(BatchKind.Spans, ofSpans, spanCost));
        }

        if (ofEvents.Count > 0)
        {
            batches.Add(new Batch(BatchKind.Events, ofEvents, eventCost));
        }

        return batches;
    }

    private EncodedItem? TryEncode(Waiting waiting)
    {
        try
        {
            return waiting.Recorded is Activity activity
                ? new EncodedItem(spans.Encode(activity), new SourceName(activity.Source.Name, activity.Source.Version))
                : new EncodedItem(events.Encode((JsonObject)waiting.Recorded), default);
        }
#pragma warning disable CA1031 // Values in spans are the application's objects, and their ToString may throw; the others must not suffer for it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            giveUp(waiting, error);
            return null;
        }
    }
}
