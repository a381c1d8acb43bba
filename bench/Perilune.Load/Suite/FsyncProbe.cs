using System.Diagnostics;

namespace Perilune.Load.Suite;

/// <summary>How long this disk takes to make 4 KiB durable: what no acknowledgement can be faster than.</summary>
internal static class FsyncProbe
{
    public static Percentiles Measure(string folder, int times = 300)
    {
        var path = Path.Combine(folder, "fsync.probe");
        var millis = new List<double>(times);
        var block = new byte[4096];
        using (var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose))
        {
            for (var i = 0; i < times; i++)
            {
                var startedAt = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, block, (long)i * block.Length);
                RandomAccess.FlushToDisk(file);
                millis.Add(Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds);
            }
        }

        return Percentiles.Of(millis);
    }
}
