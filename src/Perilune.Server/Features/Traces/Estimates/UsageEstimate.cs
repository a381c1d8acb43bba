using Perilune.Model;

namespace Perilune.Server.Features.Traces.Estimates;

/// <summary>What a call used by a count of its texts, where its client gave no tokens. It stands in no sum.</summary>
/// <param name="Usage">Only what the client left out is counted; what it gave is as given.</param>
/// <param name="Encoding">What the texts were counted with.</param>
/// <param name="IsOwnEncoding">Whether the model reads with that encoding itself; its maker keeps others secret.</param>
internal sealed record UsageEstimate(Model.Usage Usage, string Encoding, bool IsOwnEncoding)
{
    /// <summary>
    /// How far off the truth may be, in percent: set, not measured. With the model's own encoding what is off is the frame around messages and
    /// tools. With another it is the encoding: Anthropic gives up to 1.35 times as many tokens for its newer one
    /// (platform.claude.com, "What's new in Claude Opus 4.7").
    /// </summary>
    public int OffByPercent => IsOwnEncoding ? 5 : 35;
}
