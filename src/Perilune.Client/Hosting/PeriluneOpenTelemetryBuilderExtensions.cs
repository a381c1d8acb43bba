using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry.Trace;
using PeriluneSdk;
using PeriluneSdk.Hosting;
using PeriluneSdk.Recording;

namespace OpenTelemetry;

/// <summary>Adds Perilune to an OpenTelemetry pipeline.</summary>
public static class PeriluneOpenTelemetryBuilderExtensions
{
    /// <summary>
    /// Records the spans of language models, agents and tools in this pipeline, after the processors added before, with
    /// the pipeline's resource. The pipeline's other exporters get them too where its sampler says so; Perilune gets them
    /// whatever it says, since a web server's sampler knows nothing of what a call cost.
    /// </summary>
    /// <param name="builder">The builder that <c>AddOpenTelemetry()</c> gives.</param>
    /// <param name="configure">Changes settings, which otherwise come from the configuration and the environment.</param>
    /// <returns>The same builder.</returns>
    /// <example><code>builder.Services.AddOpenTelemetry().WithTracing().AddPerilune();</code></example>
    public static IOpenTelemetryBuilder AddPerilune(this IOpenTelemetryBuilder builder, Action<PeriluneOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddPerilune(configure);
        if (builder.Services.Any(static service => service.ServiceType == typeof(PipelineMark)))
        {
            return builder;
        }

        builder.Services.TryAddSingleton<PipelineMark>();
        builder.Services.ConfigureOpenTelemetryTracerProvider(static (provider, tracing) =>
        {
            var client = provider.GetRequiredService<PeriluneClient>();
            tracing.AddSource([.. client.Recorder.Sources.Patterns]).AddProcessor(new PipelineProcessor(client));
        });
        return builder;
    }
}
