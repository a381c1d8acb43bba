namespace Perilune.Storage.Sqlite.Maintenance;

/// <summary>What a check of one run file found.</summary>
/// <param name="UnusedBodies">Payload parts that nothing refers to any more: space to win, no damage.</param>
/// <param name="OtherPrices">Runs whose stored cost is not what this program's price book gives; it may have been another one then.</param>
/// <param name="Problems">The first ones, each with what it is and where.</param>
/// <param name="ProblemCount">All of them.</param>
public sealed record FileReport(
    long Runs, long Messages, long Users, long Bodies, long UnusedBodies, long OtherPrices, IReadOnlyList<string> Problems, long ProblemCount);
