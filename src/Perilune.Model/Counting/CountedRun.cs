using System.Text.Json;
using Perilune.Model.Traces;

namespace Perilune.Model.Counting;

/// <summary>
/// What one run adds to the counts. A run that changes takes back what it added before and adds what it is now, so counts
/// always equal a recount of the runs that are there.
/// </summary>
public sealed record CountedRun
{
    /// <summary>Of the start that lists order by.</summary>
    public required Quarter Quarter { get; init; }

    /// <summary>Empty while not known.</summary>
    public required string Type { get; init; }

    public string? Name { get; init; }

    public RunStatus Status { get; init; }

    /// <summary>In microseconds; null while the run has no end.</summary>
    public long? Duration { get; init; }

    /// <summary>In microseconds.</summary>
    public long? FirstToken { get; init; }

    /// <summary>The run's tokens and cost count. Those of others repeat what runs below them report.</summary>
    public bool IsCall { get; init; }

    /// <summary>All input tokens, cached ones included. Like the other counts it is 0 when it was not given or negative.</summary>
    public long Input { get; init; }

    public long Output { get; init; }

    public long CacheRead { get; init; }

    public long CacheWrite { get; init; }

    public long Reasoning { get; init; }

    /// <summary>Nano-USD; null when unknown.</summary>
    public long? Cost { get; init; }

    /// <summary>The effective user.</summary>
    public string? User { get; init; }

    /// <summary>The effective ones.</summary>
    public TagList Tags { get; init; } = TagList.None;

    public string? Template { get; init; }

    /// <summary>The SDK that sent the run.</summary>
    public string? Runtime { get; init; }

    public string? Environment { get; init; }

    /// <summary>"up" or "down"; null without such feedback.</summary>
    public string? Thumb { get; init; }

    /// <summary>
    /// The run repeats a call that another one reports and counts for. What people gave to it counts all the same: tags,
    /// prompt version and feedback, which the other need not have.
    /// </summary>
    public bool IsRepeat { get; init; }

    /// <summary>Null for plumbing, which does not count.</summary>
    public static CountedRun? Of(Run run) => run.IsStructural ? null : Of(
        new CountedRun
        {
            Quarter = Quarter.Of(run.ListedAt),
            Type = run.Type,
            Name = run.Name,
            Status = run.Status,
            Duration = run.End is { } end ? end.Micros - run.Start.Micros : null,
            FirstToken = run.TimeToFirstToken is { } first ? (long)first.TotalMicroseconds : null,
            User = run.User.Effective,
            Tags = run.EffectiveTags,
            Template = run.TemplateVersionId,
            Runtime = run.Runtime,
            Environment = run.Environment.Effective,
            Thumb = ThumbOf(run.Feedback),
            IsRepeat = run.IsRepeat,
        },
        run.Usage,
        run.Cost);

    /// <summary>The run with what it used, when that counts.</summary>
    public static CountedRun Of(CountedRun run, Usage? usage, long? cost) => run.IsRepeat || !CountingRule.CountsUsage(run.Type) ? run : run with
    {
        IsCall = true,
        Input = Given(usage?.Input),
        Output = Given(usage?.Output),
        CacheRead = Given(usage?.CacheRead),
        CacheWrite = Given(usage?.CacheWrite5m) + Given(usage?.CacheWrite1h),
        Reasoning = Given(usage?.Reasoning),
        Cost = cost,
    };

    /// <summary>The run as it counts where it goes by these.</summary>
    public CountedRun With(RunLabels labels) => this with { User = labels.User, Environment = labels.Environment, Tags = labels.Tags };

    /// <summary>The thumb of a feedback object.</summary>
    public static string? ThumbOf(RawJson feedback)
    {
        if (!feedback.IsObject)
        {
            return null;
        }

        var reader = new Utf8JsonReader(feedback.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        string? thumb = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isThumb = reader.ValueTextEquals("thumb"u8);
            reader.Read();
            if (isThumb)
            {
                thumb = reader.TokenType != JsonTokenType.String ? null
                    : reader.ValueTextEquals("up"u8) ? "up"
                    : reader.ValueTextEquals("down"u8) ? "down"
                    : null;
            }

            reader.Skip();
        }

        return thumb;
    }

    // A count that nobody can have used would drown all others.
    private static long Given(long? count) => Math.Clamp(count ?? 0, 0, Pricing.ModelPrice.MaxCount);
}
