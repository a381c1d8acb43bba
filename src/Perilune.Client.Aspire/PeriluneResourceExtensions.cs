using System.Security.Cryptography;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace PeriluneSdk.Aspire;

/// <summary>Adds a Perilune server to an Aspire application.</summary>
public static class PeriluneResourceExtensions
{
    /// <summary>Runs the server beside the application, with a project whose private key is known to it.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="serverFolder">Where <c>Perilune.Server.dll</c> is, absolute or relative to the app host; <c>dotnet publish src/Perilune.Server -o</c> makes it.</param>
    /// <param name="port">The port of its API and dashboard.</param>
    /// <param name="privateKey">A UUID; null for one that is made once and kept in the app host's user secrets.</param>
    /// <returns>The server, to be waited for and referred to.</returns>
    /// <example>
    /// <code>
    /// var perilune = builder.AddPerilune("perilune", "../perilune");
    /// builder.AddProject&lt;Projects.Shop&gt;("shop").WithReference(perilune).WaitFor(perilune);
    /// </code>
    /// </example>
    public static IResourceBuilder<PeriluneResource> AddPerilune(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string serverFolder, int port = 3333, IResourceBuilder<ParameterResource>? privateKey = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(serverFolder);
        var folder = Path.GetFullPath(serverFolder, builder.AppHostDirectory);
        var key = privateKey ?? builder.AddParameter($"{name}-private-key", new NewKey(), secret: true, persist: true);
        return builder.AddResource(new PeriluneResource(name, folder, key.Resource))
            .WithArgs("Perilune.Server.dll")
            .WithHttpEndpoint(port: port, name: PeriluneResource.EndpointName, isProxied: false)
            .WithEnvironment(context =>
            {
                var resource = (PeriluneResource)context.Resource;
                context.EnvironmentVariables["PERILUNE_URLS"] = resource.Endpoint;
                context.EnvironmentVariables["PERILUNE_INIT_PRIVATE_KEY"] = resource.PrivateKey;

                // Other servers of the same machine may have OpenTelemetry's own port.
                context.EnvironmentVariables["PERILUNE_OTLP_GRPC_URLS"] = "off";
            })
            .WithHttpHealthCheck("/v1/health", endpointName: PeriluneResource.EndpointName);
    }

    /// <summary>Keeps the server's data in a folder, absolute or relative to the app host; without it, below the server's own.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="folder">The folder; made when it is not there.</param>
    /// <returns>The server.</returns>
    public static IResourceBuilder<PeriluneResource> WithDataFolder(this IResourceBuilder<PeriluneResource> builder, string folder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return builder.WithEnvironment("PERILUNE_DATA", Path.GetFullPath(folder, builder.ApplicationBuilder.AppHostDirectory));
    }

    /// <summary>Lets what is built record to the server: sets <c>PERILUNE_URL</c> and <c>PERILUNE_API_KEY</c>.</summary>
    /// <typeparam name="T">A project, container or executable.</typeparam>
    /// <param name="builder">What records.</param>
    /// <param name="perilune">The server.</param>
    /// <returns>What records.</returns>
    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, IResourceBuilder<PeriluneResource> perilune)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(perilune);
        return builder
            .WithEnvironment("PERILUNE_URL", perilune.Resource.Endpoint)
            .WithEnvironment(context => context.EnvironmentVariables["PERILUNE_API_KEY"] = perilune.Resource.PrivateKey);
    }

    private sealed class NewKey : ParameterDefault
    {
        /// <summary>A UUID of version 4, of bytes that nobody can guess.</summary>
        public override string GetDefaultValue()
        {
            var bytes = RandomNumberGenerator.GetBytes(16);
            bytes[7] = (byte)((bytes[7] & 0x0F) | 0x40);
            bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
            return new Guid(bytes).ToString();
        }

        public override void WriteToManifest(global::Aspire.Hosting.Publishing.ManifestPublishingContext context)
        {
            // A manifest cannot say how a UUID is made: who deploys gives the key.
        }
    }
}
