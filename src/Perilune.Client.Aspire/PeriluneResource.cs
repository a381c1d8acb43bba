using Aspire.Hosting.ApplicationModel;

namespace PeriluneSdk.Aspire;

/// <summary>A Perilune server that an Aspire application runs.</summary>
public sealed class PeriluneResource : ExecutableResource
{
    internal const string EndpointName = "http";

    internal PeriluneResource(string name, string folder, ParameterResource privateKey)
        : base(name, "dotnet", folder)
    {
        PrivateKey = privateKey;
        Endpoint = new EndpointReference(this, EndpointName);
    }

    /// <summary>Where the server takes runs and shows its dashboard.</summary>
    public EndpointReference Endpoint { get; }

    /// <summary>The key that applications send and read with: a UUID.</summary>
    public ParameterResource PrivateKey { get; }
}
