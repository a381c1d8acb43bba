using Microsoft.Extensions.DependencyInjection.Extensions;
using Perilune.Control;
using Perilune.Server.Hosting;

namespace Perilune.Server.Demo;

/// <summary>
/// <c>--demo</c>: serves a month that a travel company's assistants might have had, sent to the real ingest route at
/// start. In a folder of its own that goes with the process, unless PERILUNE_DATA names one to keep.
/// </summary>
internal sealed class DemoMode : IDisposable
{
    public const string Argument = "--demo";
    public const string Email = "demo@example.com";
    public const string Password = "moonlight";

    private readonly string? _temporary;
    private readonly DemoClock _clock = new();

    private DemoMode(string? temporary) => _temporary = temporary;

    /// <returns>Null when the arguments do not ask for it.</returns>
    public static DemoMode? Of(string[] args, IConfiguration configuration)
    {
        if (!args.Contains(Argument, StringComparer.Ordinal))
        {
            return null;
        }

        var hasFolder = !string.IsNullOrEmpty(configuration["PERILUNE_DATA"]);
        return new DemoMode(hasFolder ? null : Directory.CreateTempSubdirectory("perilune-demo-").FullName);
    }

    public HostSettings Apply(HostSettings settings) => settings with
    {
        DataFolder = _temporary ?? settings.DataFolder,
        Setup = settings.Setup with
        {
            Organization = settings.Setup.Organization ?? "Tidewater Travel",
            Project = settings.Setup.Project ?? "Concierge",
            Email = settings.Setup.Email ?? Email,
            Password = settings.Setup.Password ?? Password,
        },
    };

    public void Add(IServiceCollection services)
    {
        services.RemoveAll<TimeProvider>();
        services.AddSingleton<TimeProvider>(_clock);
    }

    /// <summary>Tells the past, unless the project has one. Returns what to say to the operator.</summary>
    public async Task<string> RunAsync(WebApplication app, string url, HostSettings settings, CancellationToken cancellationToken)
    {
        var project = await ProjectAsync(app.Services, settings, cancellationToken);
        try
        {
            await new DemoSeeder(app.Services, url, project, _clock).SeedAsync(cancellationToken);
        }
        finally
        {
            _clock.Tell(null);
        }

        return $"{Environment.NewLine}  This is a demo: the month in it is made up{(_temporary is null ? "" : ", and gone when this ends")}.{Environment.NewLine}  Sign in as {settings.Setup.Email} with the password {settings.Setup.Password}{Environment.NewLine}";
    }

    public void Dispose()
    {
        if (_temporary is not null)
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }

    private static async Task<Guid> ProjectAsync(IServiceProvider services, HostSettings settings, CancellationToken cancellationToken)
    {
        var (email, password) = (settings.Setup.Email!, settings.Setup.Password!);
        var account = (await services.GetRequiredService<Accounts>().SignInAsync(email, password, "demo", cancellationToken)).Value;
        var organizations = account is null ? [] : services.GetRequiredService<Control.Projects>().OfAccount(account.Id);
        return organizations.SelectMany(o => o.Projects).FirstOrDefault()?.Id
            ?? throw new StartException($"The demo needs a project of {email} in its data folder. Let PERILUNE_DATA name an empty folder.");
    }
}
