using Perilune.Model;

namespace Perilune.Storage.Sqlite.Settling;

/// <summary>
/// One time of working out what is unsettled and rewriting the rows concerned, a step per transaction. Its plan is of
/// one moment: what changes meanwhile is left alone by it, and found by the next pass.
/// </summary>
internal sealed class SettlePass
{
    /// <summary>Up to which row of <c>unsettled</c>.</summary>
    public long Last { get; set; }

    /// <summary>Traces whose calls were settled since it began: they are right, and the plan may be older.</summary>
    public HashSet<RunId> SettledCalls { get; } = [];
}
