using Perilune.Control;
using Perilune.Server.Features.Accounts;
using Perilune.Server.Features.Projects;
using Perilune.Server.Hosting;

return await Startup.GuardAsync(async () =>
{
    // Settings and pages lie beside the program, wherever it is started from.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    var settings = HostSettingsReader.Read(builder.Configuration);
    using var folder = DataFolder.Open(settings.DataFolder);

    builder.AddHosting(settings, folder);
    builder.Services.AddControl(new ControlSettings(folder.ControlDatabase)).AddAccess();

    await using var app = builder.Build();
    var setup = await app.Services.GetRequiredService<Setup>().RunAsync(settings.Setup, CancellationToken.None);

    app.UseHosting(settings);
    app.MapHealth();
    app.MapAccounts();
    app.MapProjects();

    await app.StartAsync();
    Console.WriteLine(Banner.Compose(Banner.Openable(app.Urls.First(), settings.PathBase), setup));
    await app.WaitForShutdownAsync();
});
