using Microsoft.Extensions.DependencyInjection;
using Perilune.Control.Data;

namespace Perilune.Control.Tests;

/// <summary>A control plane over a file of its own.</summary>
internal sealed class ControlPlane : IAsyncDisposable
{
    private readonly string _folder;
    private readonly ServiceProvider _services;

    private ControlPlane(string folder)
    {
        _folder = folder;
        _services = new ServiceCollection().AddSingleton<TimeProvider>(Time).AddControl(new ControlSettings(DatabasePath)).BuildServiceProvider();
    }

    public ManualTime Time { get; } = new();

    public string DatabasePath => Path.Combine(_folder, "control.db");

    public KeyRing Keys => _services.GetRequiredService<KeyRing>();

    public Roster Roster => _services.GetRequiredService<Roster>();

    public Accounts Accounts => _services.GetRequiredService<Accounts>();

    public Projects Projects => _services.GetRequiredService<Projects>();

    public ApiKeys ApiKeys => _services.GetRequiredService<ApiKeys>();

    public Templates Templates => _services.GetRequiredService<Templates>();

    public TemplateEditor TemplateEditor => _services.GetRequiredService<TemplateEditor>();

    public Views Views => _services.GetRequiredService<Views>();

    public ProjectPriceList Prices => _services.GetRequiredService<ProjectPriceList>();

    public PriceBooks Books => _services.GetRequiredService<PriceBooks>();

    public Repricings Repricings => _services.GetRequiredService<Repricings>();

    public ControlStore Store => _services.GetRequiredService<ControlStore>();

    public static ControlPlane Create() => new(Directory.CreateTempSubdirectory("perilune-control-").FullName);

    /// <summary>The same file in a new process, as it were.</summary>
    public async Task<ControlPlane> RestartAsync()
    {
        await _services.DisposeAsync();
        return new ControlPlane(_folder);
    }

    public Task<SetupResult> SetUpAsync(SetupRequest? request = null) =>
        _services.GetRequiredService<Setup>().RunAsync(request ?? new SetupRequest(), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
