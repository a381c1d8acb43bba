using System.Reflection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Resources;

namespace PeriluneSdk.Hosting;

/// <summary>Describes the application to the server, in OpenTelemetry's words.</summary>
internal static class ResourceAttributes
{
    private const string Service = "service.name";
    private const string Version = "service.version";
    private const string Deployment = "deployment.environment.name";

    public static IReadOnlyList<KeyValuePair<string, object>> Of(PeriluneOptions options, IHostEnvironment? host)
    {
        var entry = Assembly.GetEntryAssembly();
        var resource = Environment("OTEL_RESOURCE_ATTRIBUTES");
        Set(Service, options.ServiceName ?? Variable("OTEL_SERVICE_NAME") ?? resource.GetValueOrDefault(Service) ?? host?.ApplicationName ?? entry?.GetName().Name);
        Set(Version, options.Release ?? resource.GetValueOrDefault(Version) ?? entry?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
        Set(Deployment, options.Environment ?? resource.GetValueOrDefault(Deployment) ?? host?.EnvironmentName);
        Set("telemetry.sdk.name", "perilune");
        Set("telemetry.sdk.language", "dotnet");
        Set("telemetry.sdk.version", typeof(ResourceAttributes).Assembly.GetName().Version?.ToString(3));
        return [.. resource.Where(static pair => pair.Value is not null).Select(static pair => KeyValuePair.Create(pair.Key, (object)pair.Value!))];

        void Set(string key, string? value) => resource[key] = value;
    }

    /// <summary>What OpenTelemetry was told wins over what was guessed, but not its own name for "unknown".</summary>
    public static IReadOnlyList<KeyValuePair<string, object>> Merge(IReadOnlyList<KeyValuePair<string, object>> own, Resource given)
    {
        var merged = own.ToDictionary(StringComparer.Ordinal);
        foreach (var (key, value) in given.Attributes)
        {
            if (value is not string text || !text.StartsWith("unknown_service", StringComparison.Ordinal))
            {
                merged[key] = value;
            }
        }

        return [.. merged];
    }

    private static Dictionary<string, string?> Environment(string variable)
    {
        var pairs = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var pair in (Variable(variable) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                pairs[pair[..at].Trim()] = Uri.UnescapeDataString(pair[(at + 1)..].Trim());
            }
        }

        return pairs;
    }

    private static string? Variable(string name) => System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
