using System.Globalization;
using System.Runtime.InteropServices;

namespace Perilune.Load.Suite;

internal static class Machine
{
    /// <summary>Processes that wanted to run in the last minute: above 1 or so before the measurement, others were in its way.</summary>
    public static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    public static string Describe()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30);
        return $"{Processor()}, {Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)} cores, {memory.ToString("0", CultureInfo.InvariantCulture)} GiB, " +
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
    }

    private static string Processor() =>
        File.Exists("/proc/cpuinfo") && File.ReadLines("/proc/cpuinfo").FirstOrDefault(static l => l.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]
            : RuntimeInformation.ProcessArchitecture.ToString();
}
