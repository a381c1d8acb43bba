namespace Perilune.Storage.Sqlite.Settling;

/// <summary>How much is settled at once when something comes late that concerns many runs.</summary>
/// <param name="AtOnce">Runs that one late event may concern and have them settled before it is acknowledged.</param>
/// <param name="Step">Rows rewritten in one transaction when there are more.</param>
/// <param name="Most">Runs that are settled at all because of one late event: all of them are in memory for that.</param>
internal sealed record SettleLimits(int AtOnce = 10_000, int Step = 1_000, int Most = 1_000_000)
{
    public static readonly SettleLimits Default = new();
}
