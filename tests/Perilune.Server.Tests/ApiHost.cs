using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Perilune.Control;
using Perilune.Ingest;
using Perilune.Model;
using Perilune.Server.Features.Datasets;
using Perilune.Server.Features.Analytics.Api;
using Perilune.Server.Features.Docs;
using Perilune.Server.Features.Prices.Api;
using Perilune.Server.Features.Projects.Api;
using Perilune.Server.Features.Prompts.Api;
using Perilune.Server.Features.Runs.Api;
using Perilune.Server.Features.Users.Api;
using Perilune.Server.Hosting;
using Perilune.Storage;
using Perilune.Storage.Sqlite;

namespace Perilune.Server.Tests;

/// <summary>The real pipeline, keys and API on a port of its own, over the SQLite store.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DataFolder _folder;

    private ApiHost(WebApplication app, DataFolder folder, IRunStore store)
    {
        (_app, _folder, Store) = (app, folder, store);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Client.DefaultRequestHeaders.Authorization = new("Bearer", PrivateKey.ToString());
    }

    public Guid Project { get; } = Guid.Parse("11111111-2222-4333-8444-555555555555");

    public Guid PrivateKey { get; } = Guid.Parse("99999999-2222-4333-8444-555555555555");

    public IRunStore Store { get; }

    /// <summary>Sends the private key.</summary>
    public HttpClient Client { get; }

    public HttpClient ClientWith(string? key)
    {
        var client = new HttpClient { BaseAddress = Client.BaseAddress };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        }

        return client;
    }

    public static async Task<ApiHost> StartAsync()
    {
        var folder = DataFolder.Open(Directory.CreateTempSubdirectory("perilune-api-").FullName);
        var settings = new HostSettings
        {
            Urls = ["http://127.0.0.1:0"],
            DataFolder = folder.Path,
            PathBase = "",
            TrustedProxies = [],
            Setup = new SetupRequest
            {
                Organization = "Tests",
                Project = "Tests",
                PublicKey = Guid.Parse("11111111-2222-4333-8444-555555555555"),
                PrivateKey = Guid.Parse("99999999-2222-4333-8444-555555555555"),
            },
        };
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.AddHosting(settings, folder);
        builder.Services.AddControl(new ControlSettings(folder.ControlDatabase)).AddAccess();
        builder.Services.AddSqliteRuns(folder.Path).AddIngest().AddRunsApi();
        builder.Services.AddApiDocs();
        var app = builder.Build();
        await app.Services.GetRequiredService<Setup>().RunAsync(settings.Setup, CancellationToken.None);
        app.UseHosting(settings);
        app.MapHealth();
        app.MapIngest();
        app.MapRunsApi();
        app.MapAnalyticsApi();
        app.MapPromptsApi();
        app.MapFiltersApi();
        app.MapViewsApi();
        app.MapUsersApi();
        app.MapProjectsApi();
        app.MapModelsApi();
        app.MapDatasetsApi();
        app.MapApiDocs();
        await app.StartAsync();
        return new ApiHost(app, folder, app.Services.GetRequiredService<IRunStore>());
    }

    public Task CommitAsync(params IReadOnlyList<RunEvent> events) => Store.CommitAsync(Project, events, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
        Directory.Delete(_folder.Path, recursive: true);
    }
}

/// <summary>One host for all tests of a class: each uses runs of its own.</summary>
public sealed class SharedApiHost : IAsyncLifetime
{
    internal ApiHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await ApiHost.StartAsync();

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
