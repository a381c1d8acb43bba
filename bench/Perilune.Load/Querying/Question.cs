namespace Perilune.Load.Querying;

/// <param name="Paths">Asked in turn, so that one hot answer does not stand for all.</param>
/// <param name="BudgetMillis">The median and the 99th percentile that the design allows; null where it names none.</param>
internal sealed record Question(string Name, IReadOnlyList<string> Paths, (double P50, double P99)? BudgetMillis = null);

/// <param name="Statuses">HTTP status codes seen and how often.</param>
/// <param name="Rows">Of the last answer; null when it is not a list.</param>
internal sealed record Answer(Question Question, Percentiles Millis, IReadOnlyDictionary<int, int> Statuses, int? Rows, int Bytes)
{
    public bool Succeeded => Statuses.Keys.All(static status => status is >= 200 and < 300);
}
