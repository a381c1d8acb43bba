namespace Perilune.Storage.Sqlite.Maintenance;

/// <summary>What a check of one run file found.</summary>
/// <param name="UnusedBodies">Payload parts that nothing refers to any more: space to win, no damage.</param>
/// <param name="OtherPrices">Runs whose cost is not what today's prices give: prices were others when they were written. No damage.</param>
/// <param name="Unsettled">Runs whose place was not compared, because they were still being moved to where late events put them. No damage.</param>
/// <param name="Problems">The first ones, each with what it is and where.</param>
/// <param name="ProblemCount">All of them.</param>
public sealed record FileReport(
    long Runs, long Messages, long Users, long Bodies, long UnusedBodies, long OtherPrices, long Unsettled, IReadOnlyList<string> Problems, long ProblemCount);
