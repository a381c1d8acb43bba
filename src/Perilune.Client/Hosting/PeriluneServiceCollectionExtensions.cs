using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PeriluneSdk;
using PeriluneSdk.Hosting;
using PeriluneSdk.Prompts;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Perilune to an application.</summary>
public static class PeriluneServiceCollectionExtensions
{
    /// <summary>
    /// Records what language models, agents and tools do in this application, and sends it to a Perilune server. Beside
    /// whatever the application does with OpenTelemetry, and without it; see
    /// <see cref="OpenTelemetry.PeriluneOpenTelemetryBuilderExtensions.AddPerilune"/> for inside of it.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Changes settings, which otherwise come from the configuration and the environment.</param>
    /// <returns>The same services.</returns>
    /// <example>
    /// <code>
    /// builder.Services.AddPerilune();
    /// builder.Services.AddChatClient(model).UseFunctionInvocation().UsePerilune();
    /// </code>
    /// </example>
    public static IServiceCollection AddPerilune(this IServiceCollection services, Action<PeriluneOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<PeriluneOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<PeriluneOptions>, OptionsSetup>(
            static provider => new OptionsSetup(provider.GetService<IConfiguration>())));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PeriluneOptions>, OptionsValidation>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(static provider => new PeriluneClient(
            provider.GetRequiredService<IOptions<PeriluneOptions>>().Value,
            provider.GetService<ILoggerFactory>(),
            provider.GetService<IHostEnvironment>(),
            isInPipeline: provider.GetService<PipelineMark>() is not null));
        services.TryAddSingleton(static provider => provider.GetRequiredService<PeriluneClient>().Prompts);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PeriluneHostedService>());
        return services;
    }
}
