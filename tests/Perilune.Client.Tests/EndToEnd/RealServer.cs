using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json.Nodes;

namespace PeriluneSdk.Tests.EndToEnd;

/// <summary>The real server as a process, on a port and a data folder that outlive it.</summary>
internal sealed class RealServer : IAsyncDisposable
{
    public const string PublicKey = "0197b7a0-0000-4000-8000-00000000000a";
    public const string PrivateKey = "0197b7a0-0000-4000-8000-00000000000b";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly string s_program = typeof(RealServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "Server").Value!;

    private readonly string _data = Directory.CreateTempSubdirectory("perilune-client-").FullName;
    private readonly HttpClient _http;
    private Process? _process;

    public RealServer()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}");
        _http = new HttpClient { BaseAddress = Url };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", PrivateKey);
    }

    public Uri Url { get; }

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo(s_program) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["PERILUNE_URLS"] = Url.GetLeftPart(UriPartial.Authority);
        start.Environment["PERILUNE_DATA"] = _data;
        start.Environment["PERILUNE_INIT_EMAIL"] = "owner@example.com";
        start.Environment["PERILUNE_INIT_PASSWORD"] = "correct horse";
        start.Environment["PERILUNE_INIT_PUBLIC_KEY"] = PublicKey;
        start.Environment["PERILUNE_INIT_PRIVATE_KEY"] = PrivateKey;
        _process = Process.Start(start)!;
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(s_patience) is { } line && !line.Contains("is ready", StringComparison.Ordinal))
        {
        }

        Assert.False(_process.HasExited, "The server did not start.");
        _ = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _http.GetStringAsync(new Uri(path, UriKind.Relative)))!;

    /// <summary>All runs of a type.</summary>
    public async Task<List<JsonNode>> RunsAsync(string type)
    {
        var runs = new List<JsonNode>();
        for (var page = 0; ; page++)
        {
            var found = (await GetAsync($"v1/runs?type={type}&limit=100&page={page}"))["data"]!.AsArray();
            runs.AddRange(found.Select(static run => run!));
            if (found.Count < 100)
            {
                return runs;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        _http.Dispose();
        Directory.Delete(_data, recursive: true);
        return ValueTask.CompletedTask;
    }
}
