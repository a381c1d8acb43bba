using System.Diagnostics;
using System.Globalization;

namespace Perilune.Load;

internal sealed record ProcessUse(double CpuSeconds, double PssMegabytes);

/// <summary>Reads what a process used from /proc.</summary>
internal sealed class ProcessMeter
{
    private const double TicksPerSecond = 100;

    private readonly int _pid;
    private readonly double _cpuAtStart;
    private double _peak;

    public ProcessMeter(int pid)
    {
        _pid = pid;
        _cpuAtStart = CpuSeconds(pid);
        Sample();
    }

    public void Sample() => _peak = Math.Max(_peak, PssMegabytes(_pid));

    public ProcessUse Read()
    {
        Sample();
        return new ProcessUse(CpuSeconds(_pid) - _cpuAtStart, _peak);
    }

    /// <summary>How long it still worked on what it had taken in: until it rests for half a second.</summary>
    public static async Task<TimeSpan> UntilItRestsAsync(int pid, CancellationToken cancellationToken)
    {
        var step = TimeSpan.FromMilliseconds(100);
        var startedAt = Stopwatch.GetTimestamp();
        var (busyUntil, before) = (startedAt, CpuSeconds(pid));
        while (Stopwatch.GetElapsedTime(busyUntil) < TimeSpan.FromMilliseconds(500))
        {
            await Task.Delay(step, cancellationToken);
            var now = CpuSeconds(pid);
            busyUntil = now - before > 0.2 * step.TotalSeconds ? Stopwatch.GetTimestamp() : busyUntil;
            before = now;
        }

        return Stopwatch.GetElapsedTime(startedAt, busyUntil);
    }

    private static double CpuSeconds(int pid)
    {
        // The second field is the program's name in brackets and may hold spaces: count from behind it.
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static double PssMegabytes(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/smaps_rollup").First(static l => l.StartsWith("Pss:", StringComparison.Ordinal));
        return double.Parse(line.AsSpan(4, line.Length - 6), CultureInfo.InvariantCulture) / 1024;
    }
}
