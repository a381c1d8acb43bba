using System.Globalization;
using System.Text;
using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Model.Filtering;

namespace Perilune.Storage.Tests;

/// <summary>Asks a store everything that is counted, and writes the answers down.</summary>
internal static class CountScenario
{
    private static readonly Instant From = Instant.From(new DateTimeOffset(2026, 10, 20, 0, 0, 0, TimeSpan.Zero));
    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"];
    private static readonly string[] Filters = ["", "type:llm", "name:gpt* -type:agent", "type:llm OR name:search", "user:ann", "tag:a status:error", "feedback.thumb:up", "prop.tier:pro", "-prop.tier:pro name:gpt*"];

    public static async Task<string> DescribeAsync(IRunStore store, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var spans = Spans().ToList();
        for (var i = 0; i < spans.Count; i++)
        {
            // Each span with some of the filters and facets: all with all would take minutes.
            foreach (var facet in Enum.GetValues<Facet>())
            {
                var question = Filters[(i + (int)facet) % Filters.Length];
                await SeriesAsync(text, store, spans[i], facet, i % 2 == 0 ? "" : question, cancellationToken);
            }

            // As tables ask: all of the time at once, by name.
            await SeriesAsync(text, store, [spans[i][0], spans[i][^1]], Facet.Name, Filters[i % Filters.Length], cancellationToken);
            var filter = Parse(Filters[i % Filters.Length]);
            var activity = await store.UserActivityAsync(StoreScenario.Project, spans[i], filter, cancellationToken);
            text.AppendLine($"users {Filters[i % Filters.Length]}: {activity.Total}, {string.Join(' ', activity.Active)}, {string.Join(' ', activity.New)}");
        }

        await UsersAsync(text, store, spans, cancellationToken);
        foreach (var entry in await store.LedgerAsync(StoreScenario.Project, DateOnly.MinValue, DateOnly.MaxValue, cancellationToken))
        {
            text.AppendLine(entry.ToString());
        }

        return text.ToString();
    }

    // Two months in every granularity and zone, all time, and bounds that are no quarters.
    private static IEnumerable<IReadOnlyList<Instant>> Spans()
    {
        var zones = Array.ConvertAll(Zones, TimeZoneInfo.FindSystemTimeZoneById);
        foreach (var (i, zone) in zones.Index())
        {
            yield return Periods.Split(From, From + TimeSpan.FromDays(70), (Granularity)(1 + (i % 4)), zone)!.Bounds;
            yield return Periods.Split(From + TimeSpan.FromDays(11), From + TimeSpan.FromDays(13), (Granularity)(i % 2), zone)!.Bounds;
        }

        yield return [Instant.MinValue, Instant.MaxValue];
        yield return [From + TimeSpan.FromSeconds(3), From + TimeSpan.FromDays(12.0003), From + TimeSpan.FromDays(12.0004), From + TimeSpan.FromDays(40)];
    }

    private static async Task SeriesAsync(StringBuilder text, IRunStore store, IReadOnlyList<Instant> bounds, Facet facet, string question, CancellationToken cancellationToken)
    {
        var series = await store.AnalyticsAsync(StoreScenario.Project, new AnalyticsQuery { Bounds = bounds, By = facet, Filter = Parse(question) }, cancellationToken);
        text.AppendLine(CultureInfo.InvariantCulture, $"-- {facet} [{question}] {bounds[0]} to {bounds[^1]} in {bounds.Count - 1}");
        foreach (var (key, periods) in series.OrderBy(s => s.Key.Type, StringComparer.Ordinal).ThenBy(s => s.Key.Value, StringComparer.Ordinal))
        {
            text.AppendLine($"{key}: {string.Join(" | ", periods.Index().Where(p => p.Item is not null).Select(p => $"{p.Index} {Describe(p.Item!)}"))}");
        }
    }

    private static async Task UsersAsync(StringBuilder text, IRunStore store, List<IReadOnlyList<Instant>> spans, CancellationToken cancellationToken)
    {
        var queries = Enum.GetValues<UserSort>().Select(sort => new UserQuery { Sort = sort, Limit = 2 })
            .Append(new UserQuery { Search = "NN", Ascending = true })
            .Append(new UserQuery { Search = "pro", Offset = 1 })
            .Append(new UserQuery { WantsSums = false, Sort = UserSort.Cost })
            .Append(new UserQuery { Filter = Parse("type:llm"), Sort = UserSort.Cost })
            .Concat(spans.Select(span => new UserQuery { From = span[0], To = span[^1], Sort = UserSort.Tokens }));
        foreach (var query in queries)
        {
            var page = await store.ListUsersAsync(StoreScenario.Project, query, cancellationToken);
            text.AppendLine($"{query}: {page.Total}");
            foreach (var use in page.Users)
            {
                text.AppendLine(use.ToString());
            }
        }

        foreach (var user in (string[])["ann", "zoë", "nobody"])
        {
            text.AppendLine($"{user}: {await store.UserSumsAsync(StoreScenario.Project, user, null, null, cancellationToken)}");
            foreach (var span in spans)
            {
                text.AppendLine($"{user} {span[0]} to {span[^1]}: {await store.UserSumsAsync(StoreScenario.Project, user, span[0], span[^1], cancellationToken)}");
            }
        }
    }

    private static string Describe(RunSums sums) => string.Join(' ',
        sums.Runs, sums.Errors, sums.Successes, sums.Calls, sums.Priced, sums.Input, sums.Output, sums.CacheRead, sums.CacheWrite, sums.Reasoning, sums.Cost,
        sums.Latency.Percentile(0.5), sums.Latency.Percentile(0.95), sums.Latency.Percentile(0.99), sums.FirstToken.Percentile(0.5), sums.Latency.Total);

    private static Filter Parse(string question) => FilterParser.Parse(question, From).Filter!;
}
