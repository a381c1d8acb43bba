using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Perilune.Control.Tests;

/// <summary>A server with one endpoint per policy, which answers with the project it was opened for.</summary>
public sealed class AccessApp : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("perilune-access-").FullName;
    private WebApplication _app = null!;

    internal HttpClient Http { get; private set; } = null!;

    internal NewProject Project { get; private set; } = null!;

    internal ApiKeys Keys => _app.Services.GetRequiredService<ApiKeys>();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddRouting().AddControl(new ControlSettings(Path.Combine(_folder, "control.db"))).AddAccess();
        _app = builder.Build();
        _app.UseRouting();
        _app.UseAuthentication();
        _app.UseAuthorization();
        string[] policies = [Access.Ingest, Access.PublicRead, Access.Read, Access.Write, Access.Manage];
        foreach (var policy in policies)
        {
            _app.Map($"/v1/{policy.Replace(' ', '-')}", (HttpContext context) => $"{context.ProjectId()} {context.ProjectGrant().Key}").RequireAuthorization(policy);
            _app.Map($"/projects/{{projectId:guid}}/{policy.Replace(' ', '-')}", (HttpContext context) => context.ProjectId()).RequireAuthorization(policy);
        }

        _app.Map("/v1/forgotten", () => "open");
        Project = (await _app.Services.GetRequiredService<Setup>().RunAsync(new SetupRequest(), CancellationToken.None)).Created!;
        await _app.StartAsync();
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()),
        };
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
