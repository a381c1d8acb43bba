using Perilune.Control;
using Perilune.Ingest;
using Perilune.Server.Features.Accounts;
using Perilune.Server.Features.Docs;
using Perilune.Server.Features.Projects;
using Perilune.Server.Features.Prompts.Api;
using Perilune.Server.Features.Runs.Api;
using Perilune.Server.Features.Site;
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
        Args = args,
        ApplicationName = typeof(Startup).Assembly.GetName().Name,
        ContentRootPath = AppContext.BaseDirectory,
    });
    var settings = HostSettingsReader.Read(builder.Configuration);
    using var folder = DataFolder.Open(settings.DataFolder);

    builder.AddHosting(settings, folder);
    builder.Services.AddControl(new ControlSettings(folder.ControlDatabase)).AddAccess();
    builder.Services.AddSqliteRuns(folder.Path).AddIngest().AddRunsApi().AddApiDocs();
    builder.AddDashboard();

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
    app.MapPromptsApi();
    app.MapApiDocs();
    app.MapDashboard();

    await app.StartAsync();
    Console.WriteLine(Banner.Compose(Banner.Openable(app.Urls.First(), settings.PathBase), setup));
    await app.WaitForShutdownAsync();
    return 0;
});
