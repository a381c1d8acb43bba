using System.Runtime.CompilerServices;

namespace Perilune.Model.Pricing;

/// <summary>Units by <see cref="CostClass"/>; every unit is in exactly one class.</summary>
[InlineArray(Number)]
internal struct ClassCounts
{
    public const int Number = (int)CostClass.WebSearches + 1;
    private long _first;

    public long this[CostClass c]
    {
        readonly get => this[(int)c];
        set => this[(int)c] = value;
    }

    public readonly long Input => Sum(CostClass.Input, CostClass.InputVideo);

    /// <summary>
    /// Splits totals into disjoint parts. Negative counts are as if they were not given. Usage that contradicts itself is
    /// taken at the larger amount, so that a cost may be too high but never negative:
    /// what is cached of more input than there is, and reasoning of more output than there is, were counted apart, so the
    /// total grows by them; tokens of a medium raise a total that is below them. Tokens of a medium that leave no room
    /// for the cached ones are the cached ones.
    /// </summary>
    public static ClassCounts Of(Usage usage)
    {
        var counts = default(ClassCounts);
        counts.SplitInput(usage);
        counts.SplitOutput(usage);
        counts[CostClass.Requests] = usage.Requests is >= 0 ? usage.Requests.Value : 1;
        counts[CostClass.WebSearches] = Given(usage.WebSearches);
        return counts;
    }

    private void SplitInput(Usage usage)
    {
        var total = Given(usage.Input);
        var read = Given(usage.CacheRead);
        var write = Given(usage.CacheWrite5m);
        var writeHour = Given(usage.CacheWrite1h);
        var audio = Given(usage.InputAudio);
        var image = Given(usage.InputImage);
        var video = Given(usage.InputVideo);
        var cached = read + write + writeHour;
        total = Math.Max(cached > total ? total + cached : total, audio + image + video);

        var readAudio = Math.Min(Given(usage.CacheReadAudio), Math.Min(audio, read));
        var readImage = Math.Min(Given(usage.CacheReadImage), Math.Min(image, read - readAudio));
        audio -= readAudio;
        image -= readImage;
        var excess = cached + audio + image + video - total;
        Overlap(ref audio, ref readAudio, ref excess, read - readAudio - readImage);
        Overlap(ref image, ref readImage, ref excess, read - readAudio - readImage);
        video -= Math.Clamp(excess, 0, video);

        this[CostClass.Input] = total - cached - audio - image - video;
        this[CostClass.CacheRead] = read - readAudio - readImage;
        this[CostClass.CacheWrite] = write;
        this[CostClass.CacheWrite1h] = writeHour;
        this[CostClass.InputAudio] = audio;
        this[CostClass.CacheReadAudio] = readAudio;
        this[CostClass.InputImage] = image;
        this[CostClass.CacheReadImage] = readImage;
        this[CostClass.InputVideo] = video;
    }

    private void SplitOutput(Usage usage)
    {
        var total = Given(usage.Output);
        var reasoning = Given(usage.Reasoning);
        var audio = Given(usage.OutputAudio);
        var image = Given(usage.OutputImage);
        var video = Given(usage.OutputVideo);
        total = Math.Max(reasoning > total ? total + reasoning : total, reasoning + audio + image + video);
        this[CostClass.Output] = total - reasoning - audio - image - video;
        this[CostClass.Reasoning] = reasoning;
        this[CostClass.OutputAudio] = audio;
        this[CostClass.OutputImage] = image;
        this[CostClass.OutputVideo] = video;
    }

    /// <summary>Takes up to <paramref name="excess"/> tokens from a medium, into its cached ones where there is room.</summary>
    private static void Overlap(ref long medium, ref long cached, ref long excess, long room)
    {
        var both = Math.Clamp(excess, 0, medium);
        medium -= both;
        cached += Math.Min(both, room);
        excess -= both;
    }

    private static long Given(long? count) => Math.Max(count ?? 0, 0);

    private readonly long Sum(CostClass first, CostClass last)
    {
        var sum = 0L;
        for (var c = first; c <= last; c++)
        {
            sum += this[c];
        }

        return sum;
    }
}
