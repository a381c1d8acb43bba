using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PeriluneSdk.Hosting;

internal sealed class DeliveryHealthCheck(PeriluneClient client) : IHealthCheck
{
    private long _lostBefore;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = client.Status;
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["waiting"] = status.Waiting,
            ["stored"] = status.Stored,
            ["dropped"] = status.Dropped,
            ["refused"] = status.Refused,
        };
        var lost = status.Dropped + status.Refused;
        var isNew = lost > Interlocked.Exchange(ref _lostBefore, lost);
        return Task.FromResult(
            !status.IsOn ? HealthCheckResult.Healthy("Perilune is off.", data)
            : status.Failure is { } failure ? HealthCheckResult.Degraded($"Nothing can be delivered to {client.Options.Url}: {failure}", data: data)
            : isNew ? HealthCheckResult.Degraded($"{status.Dropped} spans and events were dropped and {status.Refused} refused so far; the log says why.", data: data)
            : HealthCheckResult.Healthy(data: data));
    }
}
