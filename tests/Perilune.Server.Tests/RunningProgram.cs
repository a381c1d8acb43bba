using System.Diagnostics;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Perilune.Control;
using Perilune.Control.Data;
using Perilune.Server.Tests;

[assembly: AssemblyFixture(typeof(RunningProgram))]

namespace Perilune.Server.Tests;

/// <summary>
/// Program.cs itself, run inside the test process, so that its services and endpoints can be looked at. Tests share it:
/// they may add to it, but leave the keys and accounts of others alone.
/// </summary>
public sealed class RunningProgram : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("perilune-program-").FullName;
    private readonly TaskCompletionSource<IHost> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IDisposable? _subscription;
    private Task? _main;
    private IHost _host = null!;

    internal static Guid PublicKey { get; } = Guid.Parse("0196f000-0000-4000-8000-00000000cccc");

    internal static Guid PrivateKey { get; } = Guid.Parse("0196f000-0000-4000-8000-00000000dddd");

    internal HttpClient Http { get; private set; } = null!;

    internal IServiceProvider Services => _host.Services;

    internal IEnumerable<RouteEndpoint> Endpoints => Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    public async ValueTask InitializeAsync()
    {
        _subscription = DiagnosticListener.AllListeners.Subscribe(new Observer<DiagnosticListener>(listener =>
        {
            if (string.Equals(listener.Name, "Microsoft.Extensions.Hosting", StringComparison.Ordinal))
            {
                listener.Subscribe(new Observer<KeyValuePair<string, object?>>(e => _ = e is { Key: "HostBuilt", Value: IHost host } && _built.TrySetResult(host)));
            }
        }));
        var main = typeof(Hosting.Startup).Assembly.EntryPoint!;
        string[] args =
        [
            "--PERILUNE_DATA", _folder,
            "--PERILUNE_URLS", "http://127.0.0.1:0",
            "--PERILUNE_OTLP_GRPC_URLS", "off",
            "--PERILUNE_INIT_PUBLIC_KEY", PublicKey.ToString(),
            "--PERILUNE_INIT_PRIVATE_KEY", PrivateKey.ToString(),
            "--PERILUNE_INIT_EMAIL", "owner@example.com",
            "--PERILUNE_INIT_PASSWORD", "correct horse",
        ];
        _main = Task.Run(() => main.Invoke(null, [args]));
        _host = await _built.Task.WaitAsync(TimeSpan.FromSeconds(60));
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(started.SetResult))
        {
            await started.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }

        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()),
        };
    }

    /// <summary>The session cookie of a new account; with a role in the organization of the configured project if one is given.</summary>
    internal async Task<string> SignInNewAccountAsync(Role? role, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        var email = $"{id}@example.com";
        await Services.GetRequiredService<ControlStore>().WriteAsync(
            async db =>
            {
                db.Accounts.Add(new AccountRow { Id = id, Email = email, EmailKey = EmailAddress.Key(email), SecurityStamp = "" });
                if (role is { } given)
                {
                    var organization = (await db.Projects.FindAsync([PublicKey], cancellationToken))!.OrganizationId;
                    db.Memberships.Add(new MembershipRow { AccountId = id, OrganizationId = organization, Role = given });
                }

                return 0;
            },
            cancellationToken);
        var token = await Services.GetRequiredService<Control.Accounts>().IssueLinkAsync(id, cancellationToken);
        using var response = await Http.GetAsync(new Uri($"/login/link?token={token}", UriKind.Relative), cancellationToken);
        return SessionCookie(response);
    }

    /// <summary>Whose session this is; null when it has ended.</summary>
    internal async Task<Account?> AccountOfAsync(string cookie, CancellationToken cancellationToken)
    {
        await using var scope = Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Headers.Cookie = cookie;
        var result = await context.AuthenticateAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        context.User = result.Principal ?? context.User;
        return context.AccountId() is { } id ? Services.GetRequiredService<Control.Accounts>().Find(id) : null;
    }

    /// <summary>A project of another organization.</summary>
    internal Task<NewProject> CreateOtherProjectAsync(CancellationToken cancellationToken) => Services.GetRequiredService<ControlStore>().WriteAsync(
        db =>
        {
            var organization = new OrganizationRow { Id = Guid.CreateVersion7(), Name = "Other" };
            db.Organizations.Add(organization);
            return Task.FromResult(Control.Projects.Add(db, organization.Id, "Other", Guid.CreateVersion7(), Guid.CreateVersion7(), TimeProvider.System.GetUtcNow()));
        },
        cancellationToken);

    internal static string SessionCookie(HttpResponseMessage response) =>
        response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("perilune.session=", StringComparison.Ordinal)).Split(';')[0];

    public async ValueTask DisposeAsync()
    {
        _subscription?.Dispose();
        Http?.Dispose();
        await _host.StopAsync();
        await _main!;
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Observer<T>(Action<T> next) : IObserver<T>
    {
        public void OnNext(T value) => next(value);

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
