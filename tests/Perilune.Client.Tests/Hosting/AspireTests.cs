using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using PeriluneSdk.Aspire;

namespace PeriluneSdk.Tests.Hosting;

public sealed class AspireTests
{
    [Fact]
    public async Task A_server_is_added_and_referred_to()
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });
        var key = builder.AddParameter("key", "0196f000-0000-4000-8000-00000000aaaa");

        var perilune = builder.AddPerilune("perilune", "server", port: 3456, privateKey: key).WithDataFolder("data");
        var shop = builder.AddExecutable("shop", "shop", ".").WithReference(perilune).WaitFor(perilune);

        var endpoint = Assert.Single(perilune.Resource.Annotations.OfType<EndpointAnnotation>());
        Assert.Equal((3456, "http", false), (endpoint.Port, endpoint.UriScheme, endpoint.IsProxied));
        Assert.Equal(("dotnet", Path.Combine(builder.AppHostDirectory, "server")), (perilune.Resource.Command, perilune.Resource.WorkingDirectory));
        var server = await EnvironmentOf(perilune.Resource);
        Assert.Equal("{perilune.bindings.http.url}", server["PERILUNE_URLS"]);
        Assert.Equal("{key.value}", server["PERILUNE_INIT_PRIVATE_KEY"]);
        Assert.Equal(Path.Combine(builder.AppHostDirectory, "data"), server["PERILUNE_DATA"]);
        Assert.Contains(perilune.Resource.Annotations, static a => a is HealthCheckAnnotation);
        var client = await EnvironmentOf(shop.Resource);
        Assert.Equal(("{perilune.bindings.http.url}", "{key.value}"), (client["PERILUNE_URL"], client["PERILUNE_API_KEY"]));
    }

    [Fact]
    public void A_key_is_made_when_none_is_given()
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });

        var perilune = builder.AddPerilune("perilune", "/opt/perilune");

        Assert.Equal("/opt/perilune", perilune.Resource.WorkingDirectory);
        Assert.True(perilune.Resource.PrivateKey.Secret);
        Assert.True(Guid.TryParseExact(perilune.Resource.PrivateKey.Default!.GetDefaultValue(), "D", out _));
    }

    /// <summary>What the resource's process gets, as a manifest would write it.</summary>
    private static async Task<Dictionary<string, string?>> EnvironmentOf(IResource resource)
    {
        var context = new EnvironmentCallbackContext(
            new DistributedApplicationExecutionContext(DistributedApplicationOperation.Publish), resource, cancellationToken: TestContext.Current.CancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        return context.EnvironmentVariables.ToDictionary(
            static v => v.Key, static v => v.Value is IManifestExpressionProvider expression ? expression.ValueExpression : v.Value.ToString(), StringComparer.Ordinal);
    }
}
