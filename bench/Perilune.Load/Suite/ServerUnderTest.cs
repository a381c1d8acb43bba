using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Perilune.Load.Suite;

/// <summary>A child process of ours that listens on a free port; ended by its own process handle.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private bool _stopped;

    private ServerUnderTest(Process process, Uri url, TimeSpan startedIn) => (_process, Url, StartedIn) = (process, url, startedIn);

    public Uri Url { get; }

    public int Pid => _process.Id;

    /// <summary>From the start of the process to its first accepted event.</summary>
    public TimeSpan StartedIn { get; }

    public static async Task<ServerUnderTest> StartAsync(
        string program, Func<Uri, IEnumerable<string>> arguments, Func<Uri, IReadOnlyDictionary<string, string>> environment, string key, CancellationToken cancellationToken)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}");
        var start = new ProcessStartInfo(program, arguments(url)) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment(url))
        {
            start.Environment[name] = value;
        }

        var output = new StringBuilder();
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(output, line.Data);
        var startedAt = Stopwatch.GetTimestamp();
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await WaitUntilItAcceptsAsync(process, url, key, startedAt, cancellationToken);
        }
        catch (Exception e)
        {
            process.Kill();
            throw new UsageException($"{program} did not accept an event: {e.Message}\n{output}");
        }

        return new ServerUnderTest(process, url, Stopwatch.GetElapsedTime(startedAt));
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        if (!_process.HasExited)
        {
            using var terminate = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static async Task WaitUntilItAcceptsAsync(Process process, Uri url, string key, long startedAt, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        while (true)
        {
            using var content = new StringContent(
                """{"events":[{"event":"start","type":"llm","runId":"bench-first-event","timestamp":"2026-01-01T00:00:00Z","name":"gpt-4o"}]}""",
                Encoding.UTF8, "application/json");
            try
            {
                using var response = await http.PostAsync("/v1/runs/ingest", content, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (!process.HasExited && Stopwatch.GetElapsedTime(startedAt) < s_startLimit)
            {
                // Not listening yet.
            }

            if (Stopwatch.GetElapsedTime(startedAt) > s_startLimit)
            {
                throw new TimeoutException($"no event was accepted within {s_startLimit.TotalSeconds} s");
            }

            await Task.Delay(5, cancellationToken);
        }
    }

    private static void Keep(StringBuilder output, string? line)
    {
        lock (output)
        {
            if (line is not null && output.Length < 64 * 1024)
            {
                output.AppendLine(line);
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
