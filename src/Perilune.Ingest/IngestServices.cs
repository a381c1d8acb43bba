using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Perilune.Ingest.Json;
using Perilune.Ingest.Langfuse;
using Perilune.Ingest.Lunary;
using Perilune.Ingest.Otlp;

namespace Perilune.Ingest;

public static class IngestServices
{
    /// <summary>Adds what <see cref="IngestEndpoints.MapIngest"/> needs besides an <c>IRunStore</c>, the control plane and data protection.</summary>
    public static IServiceCollection AddIngest(this IServiceCollection services, IngestSettings? settings = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings ?? new IngestSettings());
        services.AddSingleton<RequestBodies>();
        services.AddSingleton<LunaryIngest>();
        services.AddSingleton<MediaUploads>();
        services.AddSingleton<RunIngest>();
        services.AddSingleton<ClaudeCodeUsage>();
        services.AddSingleton<OtlpCommit>();
        services.AddSingleton<OtlpIngest>();
        services.AddSingleton<OtlpGrpc>();
        return services;
    }
}
