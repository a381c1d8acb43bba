using System.Globalization;
using Perilune.Control;
using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Model.Filtering;
using Perilune.Server.Features.Runs.Api;
using Perilune.Storage;

namespace Perilune.Server.Features.Analytics.Api;

/// <summary>What runs used, by type and name.</summary>
internal static class RunUsage
{
    private const int MostDays = 3650;

    public static async Task<IResult> ReadAsync(HttpContext context, IRunStore store, TimeProvider clock, string? days, string? userId, string? daily, CancellationToken cancellationToken)
    {
        if (!int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var back) || back is < 1 or > MostDays)
        {
            return ApiError.BadRequest("days", $"is missing or no whole number from 1 to {MostDays}.");
        }

        var now = Instant.From(clock.GetUtcNow());
        var byDay = daily is "true" or "1";
        if (byDay && back >= Periods.Most)
        {
            return ApiError.BadRequest("days", $"is more than {Periods.Most - 1}, which is too many to list each. Leave out daily.");
        }

        var from = now + TimeSpan.FromDays(-back);
        var filter = string.IsNullOrEmpty(userId) ? Filter.All : AnalyticsLinks.Is(FilterField.User, userId);
        IReadOnlyList<Instant> bounds = byDay ? Periods.Split(from, now, Granularity.Day, TimeZoneInfo.Utc)!.Bounds : [from, now];
        var series = await store.AnalyticsAsync(context.ProjectId(), new AnalyticsQuery { Bounds = bounds, Filter = filter, By = Facet.Name }, cancellationToken);
        return TypedResults.Ok(series
            .OrderBy(s => s.Key.Type, StringComparer.Ordinal)
            .ThenBy(s => s.Key.Value, StringComparer.Ordinal)
            .SelectMany(s => s.Periods.Select((sums, i) => sums is null ? null : Row(s.Key, sums, byDay ? bounds[i] : null)))
            .OfType<UsageShape>()
            .ToList());
    }

    private static UsageShape Row(FacetKey key, RunSums sums, Instant? day) => new()
    {
        Date = day?.ToDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Name = key.Value,
        Type = key.Type ?? "",
        CompletionTokens = (double)sums.Output,
        PromptTokens = (double)sums.Input,
        Cost = AnalyticsAnswers.Usd(sums.Cost),
        Errors = sums.Errors,
        Success = sums.Successes,
    };
}
