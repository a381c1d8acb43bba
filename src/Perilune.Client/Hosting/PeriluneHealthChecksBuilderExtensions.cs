using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using PeriluneSdk;
using PeriluneSdk.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Tells an application's health checks how delivery to Perilune goes.</summary>
public static class PeriluneHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check that is degraded while nothing can be delivered, with the reason, and after something was dropped. The
    /// application works all the same, so it is never unhealthy.
    /// </summary>
    /// <param name="builder">The builder that <c>AddHealthChecks()</c> gives.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="tags">The check's tags.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddPerilune(this IHealthChecksBuilder builder, string name = "perilune", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<DeliveryHealthCheck>();
        return builder.Add(new HealthCheckRegistration(
            name,
            static provider => provider.GetRequiredService<DeliveryHealthCheck>(),
            HealthStatus.Degraded,
            tags));
    }
}
