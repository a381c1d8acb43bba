using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Reflection;
using System.Text;

namespace Perilune.Crash.Tests;

/// <summary>The real server as a process of its own, on a data folder that outlives it.</summary>
internal sealed class ServerProcess : IDisposable
{
    public const string PublicKey = "0197b7a0-0000-7000-8000-00000000000a";
    private const string PrivateKey = "0197b7a0-0000-7000-8000-00000000000b";

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);
    private static readonly string s_program = typeof(ServerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static a => a.Key == "Server").Value!;

    private readonly Process _process;
    private readonly Uri _url;
    private readonly StringBuilder _output = new();

    private ServerProcess(string dataFolder, IReadOnlyDictionary<string, string> environment)
    {
        _url = new Uri($"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}");
        var start = new ProcessStartInfo(s_program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment.Concat(Settings(_url, dataFolder)))
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public static async Task<ServerProcess> StartAsync(
        string dataFolder, IReadOnlyDictionary<string, string>? environment, CancellationToken cancellationToken)
    {
        var server = new ServerProcess(dataFolder, environment ?? new Dictionary<string, string>(StringComparer.Ordinal));
        try
        {
            await server.WaitUntilHealthyAsync(cancellationToken);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>One client: one connection, sending with the public key.</summary>
    public HttpClient Sender() => Client(PublicKey);

    /// <summary>Reads with the private key.</summary>
    public HttpClient Reader() => Client(PrivateKey);

    /// <summary>SIGKILL, and waits until the process is gone.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private static Dictionary<string, string> Settings(Uri url, string dataFolder) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["PERILUNE_URLS"] = url.ToString().TrimEnd('/'),
        ["PERILUNE_OTLP_GRPC_URLS"] = "off",
        ["PERILUNE_DATA"] = dataFolder,
        ["PERILUNE_INIT_ORG"] = "Crash",
        ["PERILUNE_INIT_PROJECT"] = "Crash",
        ["PERILUNE_INIT_EMAIL"] = "crash@example.com",
        ["PERILUNE_INIT_PASSWORD"] = "a long enough passphrase",
        ["PERILUNE_INIT_PUBLIC_KEY"] = PublicKey,
        ["PERILUNE_INIT_PRIVATE_KEY"] = PrivateKey,
    };

    private HttpClient Client(string key)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = _url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    private async Task WaitUntilHealthyAsync(CancellationToken cancellationToken)
    {
        using var http = Client(PublicKey);
        for (var waiting = Stopwatch.StartNew(); ; await Task.Delay(10, cancellationToken))
        {
            try
            {
                using var response = await http.GetAsync("/v1/health", cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (!_process.HasExited && waiting.Elapsed < s_startLimit)
            {
                continue;
            }

            if (_process.HasExited || waiting.Elapsed > s_startLimit)
            {
                lock (_output)
                {
                    throw new InvalidOperationException($"{s_program} did not get ready:\n{_output}");
                }
            }
        }
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            if (line is not null && _output.Length < 64 * 1024)
            {
                _output.AppendLine(line);
            }
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
