using System.Runtime.CompilerServices;
using Perilune.Model;

namespace Perilune.Storage.Sqlite.State;

/// <summary>The counts of a <see cref="Usage"/> by number. The numbers are part of the stored format: only ever append.</summary>
[InlineArray(Number)]
internal struct UsageCounts
{
    public const int Number = 16;
    private long? _first;

    public static UsageCounts Of(Usage usage)
    {
        var counts = default(UsageCounts);
        counts[0] = usage.Input;
        counts[1] = usage.Output;
        counts[2] = usage.CacheRead;
        counts[3] = usage.CacheWrite5m;
        counts[4] = usage.CacheWrite1h;
        counts[5] = usage.Reasoning;
        counts[6] = usage.Requests;
        counts[7] = usage.WebSearches;
        counts[8] = usage.InputAudio;
        counts[9] = usage.CacheReadAudio;
        counts[10] = usage.OutputAudio;
        counts[11] = usage.InputImage;
        counts[12] = usage.CacheReadImage;
        counts[13] = usage.OutputImage;
        counts[14] = usage.InputVideo;
        counts[15] = usage.OutputVideo;
        return counts;
    }

    public readonly Usage ToUsage() => new(this[0], this[1], this[2])
    {
        CacheWrite5m = this[3],
        CacheWrite1h = this[4],
        Reasoning = this[5],
        Requests = this[6],
        WebSearches = this[7],
        InputAudio = this[8],
        CacheReadAudio = this[9],
        OutputAudio = this[10],
        InputImage = this[11],
        CacheReadImage = this[12],
        OutputImage = this[13],
        InputVideo = this[14],
        OutputVideo = this[15],
    };
}
