using System.Globalization;

namespace Perilune.Model.Tests.Pricing;

internal static class Shorthand
{
    public static Instant At(string time) => Instant.From(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));

    /// <summary><c>in 1000, out 20, read 5</c>: counts by short names, joined by commas.</summary>
    public static Usage Counts(string counts)
    {
        var usage = new Usage(null, null);
        foreach (var count in counts.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, number) = (count[..count.IndexOf(' ')], long.Parse(count[count.IndexOf(' ')..], CultureInfo.InvariantCulture));
            usage = name switch
            {
                "in" => usage with { Input = number },
                "out" => usage with { Output = number },
                "read" => usage with { CacheRead = number },
                "write" => usage with { CacheWrite5m = number },
                "write1h" => usage with { CacheWrite1h = number },
                "think" => usage with { Reasoning = number },
                "inAudio" => usage with { InputAudio = number },
                "readAudio" => usage with { CacheReadAudio = number },
                "outAudio" => usage with { OutputAudio = number },
                "inImage" => usage with { InputImage = number },
                "readImage" => usage with { CacheReadImage = number },
                "outImage" => usage with { OutputImage = number },
                "inVideo" => usage with { InputVideo = number },
                "outVideo" => usage with { OutputVideo = number },
                "requests" => usage with { Requests = number },
                "searches" => usage with { WebSearches = number },
                _ => throw new FormatException(name),
            };
        }

        return usage;
    }
}
