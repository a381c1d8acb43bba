using Perilune.Control;
using Perilune.Ingest;
using Perilune.Server.Demo;
using Perilune.Server.Features.Accounts;
using Perilune.Server.Features.Analytics.Api;
using Perilune.Server.Features.Datasets;
using Perilune.Server.Features.Docs;
using Perilune.Server.Features.Prices.Api;
using Perilune.Server.Features.Projects;
using Perilune.Server.Features.Projects.Api;
using Perilune.Server.Features.Prompts.Api;
using Perilune.Server.Features.Runs.Api;
using Perilune.Server.Features.Site;
using Perilune.Server.Features.Users.Api;
using Perilune.Server.Hosting;
using Perilune.Server.Operations;
using Perilune.Storage;
using Perilune.Storage.Sqlite;

return await Startup.GuardAsync(async () =>
{
    if (Verbs.Run(args) is { } exitCode)
    {
        return exitCode;
    }

    // Settings and pages lie beside the program, wherever it is started from and whatever hosts it.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = [.. args.Where(arg => arg != DemoMode.Argument)],
        ApplicationName = typeof(Startup).Assembly.GetName().Name,
        ContentRootPath = AppContext.BaseDirectory,
    });
    using var demo = DemoMode.Of(args, builder.Configuration);
    var settings = HostSettingsReader.Read(builder.Configuration);
    settings = demo?.Apply(settings) ?? settings;
    using var folder = DataFolder.Open(settings.DataFolder);

    builder.AddHosting(settings, folder);
    builder.Services.AddControl(new ControlSettings(folder.ControlDatabase)).AddAccess();
    builder.Services.AddSqliteRuns(folder.Path).AddIngest().AddRunsApi().AddApiDocs();
    builder.AddDashboard();
    demo?.Add(builder.Services);

    await using var app = builder.Build();

    // Now rather than with the first event: it says when nothing can be stored.
    _ = app.Services.GetRequiredService<IRunStore>();
    var setup = await app.Services.GetRequiredService<Setup>().RunAsync(settings.Setup, CancellationToken.None);

    app.UseDashboardErrors();
    app.UseHosting(settings);
    app.MapHealth();
    app.MapAccounts();
    app.MapProjects();
    app.MapIngest();
    app.MapRunsApi();
    app.MapMediaApi();
    app.MapAnalyticsApi();
    app.MapPromptsApi();
    app.MapFiltersApi();
    app.MapViewsApi();
    app.MapUsersApi();
    app.MapProjectsApi();
    app.MapModelsApi();
    app.MapDatasetsApi();
    app.MapApiDocs();
    app.MapDashboard();

    await app.StartAsync();
    var url = Banner.Openable(app.Urls.First(), settings.PathBase);
    Console.WriteLine(demo is null ? Banner.Compose(url, setup) : Banner.Compose(url, setup) + await demo.RunAsync(app, url, settings, CancellationToken.None));
    if (setup.LoginToken is not null)
    {
        app.Services.GetRequiredService<Accounts>().Expect();
    }

    await app.WaitForShutdownAsync();
    return 0;
});
