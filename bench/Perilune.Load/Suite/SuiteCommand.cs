using System.Diagnostics;
using Perilune.Load.Querying;
using Perilune.Load.Sending;
using Perilune.Load.Traffic;

namespace Perilune.Load.Suite;

/// <summary>The whole measurement: a fresh server, its load, its questions, one table.</summary>
internal static class SuiteCommand
{
    private const int SentBeforeFilling = 80_000;
    private const int SmallestSize = SentBeforeFilling + 10_000;

    /// <summary>Runs per second that come in while pages are opened.</summary>
    private const int WhileVisited = 500;

    private const int Projects = 200;
    private const int Visits = 9;
    private const int Watched = 20;
    private const string Email = "bench@example.com";
    private const string Password = "a long enough passphrase";

    private static readonly string s_publicKey = "0197b7a0-0000-7000-8000-000000000001";
    private static readonly string s_privateKey = "0197b7a0-0000-7000-8000-000000000002";

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var program = arguments.Required("server");
        var size = arguments.Int("size", 100_000);
        var results = arguments.Text("results");
        var version = arguments.Text("version") ?? "unknown";
        arguments.RefuseUnread();
        if (size < SmallestSize)
        {
            throw new UsageException($"--size is {size}; give at least {SmallestSize}: what comes before sends {SentBeforeFilling} runs before the store is filled up.");
        }

        var now = TimeProvider.System.GetUtcNow();
        var report = new SuiteReport(size, now, version);
        var folder = Directory.CreateTempSubdirectory("perilune-bench-").FullName;
        try
        {
            await MeasureAsync(report, program, folder, size, now, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Console.WriteLine();
        Console.WriteLine(report.Markdown());
        if (results is not null)
        {
            Directory.CreateDirectory(results);
            var file = Path.Combine(results, $"{now:yyyy-MM-dd}-{SuiteReport.Short(size)}.md");
            await File.WriteAllTextAsync(file, report.Markdown(), cancellationToken);
            Console.WriteLine($"written to {file}");
        }

        return report.Succeeded ? 0 : 1;
    }

    private static async Task MeasureAsync(SuiteReport report, string program, string folder, int size, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var saturation = new TrafficOptions { Seed = 1, Traces = TrafficOptions.TracesFor(40_000), Now = now };
        var steady = new TrafficOptions { Seed = 2, Traces = TrafficOptions.TracesFor(20_000), Now = now };
        var fill = new TrafficOptions { Seed = 3, Traces = TrafficOptions.TracesFor(size - SentBeforeFilling), Now = now };

        var fsync = FsyncProbe.Measure(folder);
        report.Row("fsync of 4 KiB on this disk p50 / p99", $"{fsync.P50:0.00} / {fsync.P99:0.00} ms");
        await using var nothing = await StartNullServerAsync(cancellationToken);
        var baseline = await SendAsync(nothing, saturation, new() { Url = nothing.Url, Key = s_publicKey, Pregenerate = true, TrustStatus = true }, cancellationToken);
        report.Row("null server (HTTP and generator alone)", $"{baseline.RunsPerSecond:#,0} runs/s, ack p50 {baseline.Ack.P50:0.0} / p99 {baseline.Ack.P99:0.0} ms");
        await nothing.DisposeAsync();

        var runs = size;
        await using (var server = await StartServerAsync(program, folder, cancellationToken))
        {
            report.Row("cold start to the first accepted event", $"{server.StartedIn.TotalSeconds:0.00} s", "1.5 s");
            await IdleAsync(report, "idle, new", server.Pid, cancellationToken);
            SendOptions options = new() { Url = server.Url, Key = s_publicKey, Pregenerate = true };
            var busy = await SendAsync(server, saturation, options, cancellationToken);
            report.Ingest("saturation", busy, "8,000 runs/s");
            await RestAsync(report, "saturation", server.Pid, cancellationToken);
            report.Row("saturation: share of the null server", $"{100 * busy.RunsPerSecond / baseline.RunsPerSecond:0.0} %");
            report.Ingest("at 1,000 runs/s", await SendAsync(server, steady, options with { Rate = 1000 }, cancellationToken), ackBudget: $"3.5 / – / 15 ms beyond the fsync p99 of {fsync.P99:0.0}");
            await CompareWiresAsync(report, server, folder, options, now, cancellationToken);
            report.Ingest($"filling up to {SuiteReport.Short(size)}, generator included", await SendAsync(server, fill, options with { Pregenerate = false }, cancellationToken));
            await RestAsync(report, $"filling up to {SuiteReport.Short(size)}", server.Pid, cancellationToken);
            await foreach (var answer in new Interrogator(server.Url, s_privateKey, new TrafficModel(fill)).RunAsync(200, 15, cancellationToken))
            {
                report.Question(answer);
            }

            runs += await VisitAsync(report, server, options, now, cancellationToken);

            await SpreadAsync(report, server, options, now, cancellationToken);

            // Long enough for the store to see that nobody needs what it holds.
            await Task.Delay(TimeSpan.FromSeconds(65), cancellationToken);
            await IdleAsync(report, $"idle, {SuiteReport.Short(size)}", server.Pid, cancellationToken);
        }

        var bytes = DataBytes(Path.Combine(folder, "data", "projects", s_publicKey)) + DataBytes(Path.Combine(folder, "data"), SearchOption.TopDirectoryOnly);
        report.Row("bytes on disk per run, after a clean stop", $"{bytes / 1024.0 / runs:0.00} KB ({bytes / 1e6:#,0} MB)", "2.0 KB");
        await using var again = await StartServerAsync(program, folder, cancellationToken);
        report.Row($"start with {SuiteReport.Short(size)} to the first accepted event", $"{again.StartedIn.TotalSeconds:0.00} s", "1.5 s");
    }

    /// <summary>The same kind of work over both wires, one after the other, when the server is warm.</summary>
    private static async Task CompareWiresAsync(SuiteReport report, ServerUnderTest server, string folder, SendOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var traffic = new TrafficOptions { Seed = 4, Traces = TrafficOptions.TracesFor(10_000), Now = now };
        var events = await SendAsync(server, traffic, options, cancellationToken);
        report.Ingest("Lunary's wire, warm", events);
        var before = DataBytes(Path.Combine(folder, "data"));
        var spans = await SendAsync(server, traffic with { Seed = 5 }, options with { Wire = Wire.Otlp }, cancellationToken);
        report.Ingest("OpenTelemetry's wire, warm, of spans", spans);
        report.Row("OpenTelemetry's wire: bytes per span, sent / on disk with its log", $"{spans.Bytes / 1024.0 / spans.Runs:0.00} / {Math.Max(0, DataBytes(Path.Combine(folder, "data")) - before) / 1024.0 / spans.Runs:0.00} KB");
        report.Row("CPU per byte sent: Lunary's / OpenTelemetry's wire", $"{events.CpuNanosPerByte:0} / {spans.CpuNanosPerByte:0} ns, {spans.CpuNanosPerByte / events.CpuNanosPerByte:0.00}x", "1.5x");
    }

    /// <summary>The pages, at rest and while runs come in.</summary>
    /// <returns>How many runs came in.</returns>
    private static async Task<int> VisitAsync(SuiteReport report, ServerUnderTest server, SendOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var visitor = new Visitor(server.Url, s_publicKey, s_privateKey);
        await foreach (var answer in visitor.RunAsync(Email, Password, await visitor.PagesAsync("at rest", cancellationToken), 100, 5, cancellationToken))
        {
            report.Question(answer);
        }

        var traffic = new TrafficOptions { Seed = 6, Traces = TrafficOptions.TracesFor(200_000), Now = now };
        using var visited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = Task.Run(() => SendAsync(server, traffic, options with { Rate = WhileVisited, Until = visited.Token, Pregenerate = false, Connections = 4 }, cancellationToken), cancellationToken);
        await foreach (var answer in visitor.RunAsync(Email, Password, await visitor.PagesAsync($"at {WhileVisited} runs/s", cancellationToken), 100, 5, cancellationToken))
        {
            report.Question(answer);
        }

        await visited.CancelAsync();
        var sent = await sending;
        report.Row("sent meanwhile", $"{sent.RunsPerSecond:#,0} runs/s, ack p50 / p99 {sent.Ack.P50:0.0} / {sent.Ack.P99:0.0} ms");
        var trace = await visitor.SendLargeTraceAsync(now, cancellationToken);
        await foreach (var answer in visitor.RunAsync(Email, Password, visitor.LargeTracePages(trace), 20, 20, cancellationToken))
        {
            report.Question(answer);
        }

        await PaintAsync(report, server.Url, trace);
        var watched = await visitor.WatchAsync(Email, Password, Watched, cancellationToken);
        report.Row("a stored run is announced on the open list p50 / max", $"{watched.P50:0} / {watched.Max:0} ms after its acknowledgement", "250 ms");
        return sent.Runs + Visitor.LargeTrace + Watched;
    }

    private static async Task PaintAsync(SuiteReport report, Uri url, string trace)
    {
        var what = $"first contentful paint of a trace of {Visitor.LargeTrace} runs, first visit / p50 / max of {Visits}";
        if (Painter.Chromium is null)
        {
            report.Row(what, "not measured: there is no Chromium here, and CHROMIUM names none", "500 ms");
            return;
        }

        var millis = await Painter.PaintAsync(url, Email, Password, $"/projects/{s_publicKey}/traces/{trace}", Visits);
        var all = Percentiles.Of(millis);
        report.Row(what, $"{millis[0]:0} / {all.P50:0} / {all.Max:0} ms", "500 ms");
    }

    /// <summary>As many projects with an application each, on the server that holds the large one besides.</summary>
    private static async Task SpreadAsync(SuiteReport report, ServerUnderTest server, SendOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var keys = await new Visitor(server.Url, s_publicKey, s_privateKey).MakeProjectsAsync(Email, Password, Projects, cancellationToken);
        var traffic = new TrafficOptions { Seed = 7, Traces = TrafficOptions.TracesFor(20_000), Now = now };
        report.Ingest($"{Projects} projects, as many connections", await SendAsync(server, traffic, options with { Keys = keys, Connections = Projects }, cancellationToken));
        report.Ingest($"{Projects} projects at 1,000 runs/s", await SendAsync(server, traffic with { Seed = 8 }, options with { Keys = keys, Connections = Projects, Rate = 1000 }, cancellationToken));
    }

    private static async Task RestAsync(SuiteReport report, string what, int pid, CancellationToken cancellationToken) =>
        report.Row($"{what}: all words indexed", $"{(await ProcessMeter.UntilItRestsAsync(pid, cancellationToken)).TotalSeconds:0.0} s after the last acknowledgement", "0.5 s");

    private static long DataBytes(string folder, SearchOption option = SearchOption.AllDirectories) =>
        Directory.EnumerateFiles(folder, "*", option).Sum(static f => new FileInfo(f).Length);

    private static Task<ServerUnderTest> StartServerAsync(string program, string folder, CancellationToken cancellationToken) =>
        ServerUnderTest.StartAsync(program, static _ => [], url => new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PERILUNE_URLS"] = url.ToString().TrimEnd('/'),
            ["PERILUNE_OTLP_GRPC_URLS"] = "off",
            ["PERILUNE_DATA"] = Path.Combine(folder, "data"),
            ["PERILUNE_INIT_ORG"] = "Bench",
            ["PERILUNE_INIT_PROJECT"] = "Bench",
            ["PERILUNE_INIT_EMAIL"] = Email,
            ["PERILUNE_INIT_PASSWORD"] = Password,
            ["PERILUNE_INIT_PUBLIC_KEY"] = s_publicKey,
            ["PERILUNE_INIT_PRIVATE_KEY"] = s_privateKey,
        }, s_publicKey, cancellationToken);

    private static Task<ServerUnderTest> StartNullServerAsync(CancellationToken cancellationToken) =>
        ServerUnderTest.StartAsync(
            Environment.ProcessPath!, static url => ["null", "--url", url.ToString().TrimEnd('/')],
            static _ => new Dictionary<string, string>(StringComparer.Ordinal), s_publicKey, cancellationToken);

    private static Task<SendReport> SendAsync(ServerUnderTest server, TrafficOptions traffic, SendOptions options, CancellationToken cancellationToken) =>
        new Sender(options with { Pid = server.Pid }, new TrafficModel(traffic)).RunAsync(cancellationToken);

    private static async Task IdleAsync(SuiteReport report, string name, int pid, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(3), cancellationToken);
        var meter = new ProcessMeter(pid);
        var startedAt = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(10), cancellationToken);
        var use = meter.Read();
        report.Row(name, $"PSS {use.PssMegabytes:0} MB, CPU {100 * use.CpuSeconds / Stopwatch.GetElapsedTime(startedAt).TotalSeconds:0.0} %", "150 MB, 0.5 %");
    }
}
