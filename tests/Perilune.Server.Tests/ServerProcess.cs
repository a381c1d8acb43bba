using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace Perilune.Server.Tests;

/// <summary>
/// The built server as a process of its own, on a free port, with a data folder of its own and a project whose keys are
/// known. Disposing kills it.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    public const string Email = "owner@example.com";
    public const string Password = "correct horse";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _ownsFolder;

    private ServerProcess(IReadOnlyDictionary<string, string?> settings, string? dataFolder, bool setUp, IReadOnlyList<string>? arguments = null)
    {
        _ownsFolder = dataFolder is null;
        DataFolder = dataFolder ?? Directory.CreateTempSubdirectory("perilune-server-").FullName;
        var start = new ProcessStartInfo("dotnet", [ServerPath, .. arguments ?? []])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        Set("PERILUNE_DATA", DataFolder);
        Set("PERILUNE_URLS", "http://127.0.0.1:0");
        Set("PERILUNE_OTLP_GRPC_URLS", "off");
        if (setUp)
        {
            Set("PERILUNE_INIT_PUBLIC_KEY", PublicKey.ToString());
            Set("PERILUNE_INIT_PRIVATE_KEY", PrivateKey.ToString());
            Set("PERILUNE_INIT_EMAIL", Email);
            Set("PERILUNE_INIT_PASSWORD", Password);
        }

        foreach (var (name, value) in settings)
        {
            Set(name, value);
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => Take(e.Data);
        _process.ErrorDataReceived += (_, e) => Take(e.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException("The server ended before it was ready."));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        void Set(string name, string? value) => start.Environment[name] = value;
    }

    public static Guid PublicKey { get; } = Guid.Parse("0196f000-0000-4000-8000-00000000aaaa");

    public static Guid PrivateKey { get; } = Guid.Parse("0196f000-0000-4000-8000-00000000bbbb");

    public string DataFolder { get; }

    public int ProcessId => _process.Id;

    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>Sends no key of itself and follows no redirects.</summary>
    public HttpClient Http { get; private set; } = null!;

    public bool HasExited => _process.HasExited;

    /// <summary>What the server printed so far, both streams.</summary>
    public string Output => string.Join('\n', _output);

    private static string ServerPath
    {
        get
        {
            // artifacts/bin/<project>/<configuration>/
            var here = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(here.Parent!.Parent!.FullName, "Perilune.Server", here.Name, "Perilune.Server.dll");
        }
    }

    /// <param name="settings">Environment variables to set, over the ones this sets itself.</param>
    /// <param name="dataFolder">A folder to use and leave; null for one that goes when the server does.</param>
    /// <param name="setUp">Whether to configure <see cref="PublicKey"/>, <see cref="PrivateKey"/> and an owner.</param>
    /// <param name="healthy">Whether it must be able to store events.</param>
    /// <param name="arguments">Such as --demo.</param>
    public static async Task<ServerProcess> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null, string? dataFolder = null, bool setUp = true, bool healthy = true,
        IReadOnlyList<string>? arguments = null, CancellationToken cancellationToken = default)
    {
        var server = new ServerProcess(settings ?? new Dictionary<string, string?>(StringComparer.Ordinal), dataFolder, setUp, arguments);
        try
        {
            server.BaseUrl = await server._ready.Task.WaitAsync(s_patience * (arguments is null ? 1 : 4), cancellationToken);
            server.Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.BaseUrl };
            using var health = await server.Http.GetAsync(new Uri("v1/health", UriKind.Relative), cancellationToken);
            Assert.Equal(healthy ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, health.StatusCode);
            return server;
        }
        catch (Exception e)
        {
            var output = server.Output;
            await server.DisposeAsync();
            throw new InvalidOperationException($"The server did not start: {e.Message}\n{output}", e);
        }
    }

    /// <summary>Runs a server that is expected to end by itself; with arguments, a verb of it.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        IReadOnlyDictionary<string, string?> settings, string? dataFolder = null, IReadOnlyList<string>? arguments = null, CancellationToken cancellationToken = default)
    {
        await using var server = new ServerProcess(settings, dataFolder, setUp: false, arguments);
        _ = server._ready.Task.Exception;
        await server._process.WaitForExitAsync(cancellationToken).WaitAsync(s_patience, cancellationToken);
        return (server._process.ExitCode, server.Output);
    }

    /// <summary>Asks the server to end, as an init system does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
        {
            await kill.WaitForExitAsync(cancellationToken);
        }

        await _process.WaitForExitAsync(cancellationToken).WaitAsync(s_patience, cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        Http?.Dispose();
        if (_ownsFolder)
        {
            Directory.Delete(DataFolder, recursive: true);
        }
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        const string Ready = "Perilune is ready at ";
        if (line.StartsWith(Ready, StringComparison.Ordinal))
        {
            _ready.TrySetResult(new Uri(line[Ready.Length..] + "/"));
        }
    }
}
