using System.Diagnostics;

namespace PeriluneSdk.Recording;

/// <summary>
/// Makes libraries create their spans, whatever a web server's sampler decided about the request, and without marking
/// them for other exporters. Records them too, unless an OpenTelemetry pipeline does.
/// </summary>
internal sealed class SourceListener : IDisposable
{
    private const string Requests = "Microsoft.AspNetCore";

    private readonly ActivityListener _listener;

    /// <param name="takesContext">Whether requests must have an activity, which is where baggage of theirs arrives.</param>
    public SourceListener(SpanRecorder recorder, bool records, bool takesContext)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => recorder.Sources.Matches(source.Name) || (takesContext && source.Name == Requests),
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => recorder.Sources.Matches(options.Source.Name) && recorder.IsSampled(options.TraceId)
                ? ActivitySamplingResult.AllData
                : ActivitySamplingResult.PropagationData,
            SampleUsingParentId = static (ref ActivityCreationOptions<string> _) => ActivitySamplingResult.AllData,
        };
        if (records)
        {
            _listener.ActivityStarted = recorder.Start;
            _listener.ActivityStopped = recorder.Stop;
        }

        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();
}
