using System.Diagnostics;
using OpenTelemetry;

namespace PeriluneSdk.Recording;

/// <summary>Records spans in an OpenTelemetry pipeline, in its place among the application's own processors.</summary>
internal sealed class PipelineProcessor(PeriluneClient client) : BaseProcessor<Activity>
{
    public override void OnStart(Activity data) => client.Recorder.Start(data);

    public override void OnEnd(Activity data)
    {
        client.UseResource(ParentProvider);
        client.Recorder.Stop(data);
    }

    protected override bool OnForceFlush(int timeoutMilliseconds)
    {
        using var limit = new CancellationTokenSource(timeoutMilliseconds);

        // The pipeline's own flush waits on the thread that asked for it.
        return client.FlushAsync(limit.Token).GetAwaiter().GetResult();
    }
}
