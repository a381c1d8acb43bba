namespace Perilune.Load.Traffic;

/// <summary>Synthetic traffic of LLM applications. Trace <c>i</c> is the same whoever asks, in whatever order.</summary>
internal sealed class TrafficModel(TrafficOptions options)
{
    public TrafficOptions Options => options;

    public Trace Make(int index)
    {
        using var sink = new EventSink();
        new TraceScript(options, index, sink).Play();
        return sink.ToTrace();
    }
}
