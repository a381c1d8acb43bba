using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Perilune.Browser.Tests;

/// <summary>The real server on a free port with a data folder of its own, and sample traffic sent to it as SDKs do.</summary>
public class ServerProcess(params IReadOnlyList<string> arguments) : IAsyncLifetime
{
    public const string Project = "aaaaaaaa-0000-4000-8000-00000000aaaa";
    public const string Email = "ada@example.com";
    public const string Password = "orbits-are-ellipses";
    private const string PrivateKey = "bbbbbbbb-0000-4000-8000-00000000bbbb";
    private const string Ready = "Perilune is ready at ";
    private const int MaxBatch = 500;

    private readonly string _data = Directory.CreateTempSubdirectory("perilune-browser-").FullName;
    private readonly HttpClient _http = new();
    private readonly ConcurrentQueue<string> _log = new();
    private Process? _process;

    public Uri Url { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // The server takes a free port by itself: one that was free a moment ago may be somebody else's by now.
        var port = Environment.GetEnvironmentVariable("PERILUNE_TEST_PORT") is { Length: > 0 } given ? given : "0";
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Perilune.Server.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PERILUNE_URLS"] = $"http://127.0.0.1:{port}";
        start.Environment["PERILUNE_OTLP_GRPC_URLS"] = "off";
        start.Environment["PERILUNE_DATA"] = _data;
        start.Environment["PERILUNE_INIT_ORG"] = "Selene Labs";
        start.Environment["PERILUNE_INIT_PROJECT"] = "Support assistant";
        start.Environment["PERILUNE_INIT_EMAIL"] = Email;
        start.Environment["PERILUNE_INIT_PASSWORD"] = Password;
        start.Environment["PERILUNE_INIT_PUBLIC_KEY"] = Project;
        start.Environment["PERILUNE_INIT_PRIVATE_KEY"] = PrivateKey;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, e) => Take(e.Data);
        _process.BeginErrorReadLine();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal))
            {
                Url = new Uri(line[Ready.Length..]);
                break;
            }
        }

        Assert.True(Url is not null, $"The server did not start.\n{string.Join('\n', _log)}");
        _ = TakeRestAsync(_process.StandardOutput);
        _http.BaseAddress = Url;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Project);
    }

    /// <summary>What went wrong inside the server so far, as its log says it.</summary>
    public IReadOnlyList<string> Failures => [.. _log.Where(line => line.Contains("fail:", StringComparison.Ordinal) || line.Contains("crit:", StringComparison.Ordinal))];

    public async Task SendAsync(IReadOnlyList<JsonObject> events, CancellationToken cancellationToken)
    {
        foreach (var batch in events.Chunk(MaxBatch))
        {
            using var response = await _http.PostAsJsonAsync("/v1/runs/ingest", new { events = batch }, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"{response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}\n{string.Join('\n', _log)}");
            }
        }
    }

    /// <summary>Posts to the API with the private key.</summary>
    public async Task<JsonObject> PostAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", PrivateKey);
        using var response = await _http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_process is { HasExited: false } running)
        {
            running.Kill();
            await running.WaitForExitAsync();
        }

        _process?.Dispose();
        _http.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private async Task TakeRestAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            Take(line);
        }
    }

    private void Take(string? line)
    {
        if (line is not null)
        {
            _log.Enqueue(line);
        }
    }
}
