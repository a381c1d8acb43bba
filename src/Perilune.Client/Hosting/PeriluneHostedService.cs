using Microsoft.Extensions.Hosting;

namespace PeriluneSdk.Hosting;

/// <summary>Starts the client with the application, before anything is asked of it, and sends what is left as it ends.</summary>
internal sealed class PeriluneHostedService(PeriluneClient client) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The rest is sent as the client is disposed of, after everything else has ended.
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(client.Options.ShutdownTimeout);
        await client.FlushAsync(limit.Token).ConfigureAwait(false);
    }
}

/// <summary>Says that an OpenTelemetry pipeline records.</summary>
internal sealed class PipelineMark;
