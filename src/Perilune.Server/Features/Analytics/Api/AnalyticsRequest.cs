using System.Globalization;
using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Model.Filtering;
using Perilune.Server.Features.Runs.Api;

namespace Perilune.Server.Features.Analytics.Api;

/// <summary>What the query string of an analytics route asks for: exactly one of <see cref="Periods"/> and <see cref="Failure"/> is set.</summary>
internal sealed class AnalyticsRequest
{
    private const int DefaultDays = 7;

    private AnalyticsRequest(IResult failure) => Failure = failure;

    private AnalyticsRequest(Periods periods, Filter filter) => (Periods, Filter) = (periods, filter);

    public Periods? Periods { get; }

    public Filter Filter { get; } = Filter.All;

    public IResult? Failure { get; }

    public static AnalyticsRequest Of(HttpRequest request, Instant now)
    {
        var zoneId = Text(request, "timeZone") ?? "UTC";
        if (zoneId.Length > 64 || !TimeZoneInfo.TryFindSystemTimeZoneById(zoneId, out var zone))
        {
            return Fail("timeZone", $"\"{Cut(zoneId)}\" is not a time zone. Send one such as Europe/Berlin.");
        }

        Granularity? granularity = Text(request, "granularity")?.ToLowerInvariant() switch
        {
            null or "daily" => Granularity.Day,
            "hourly" => Granularity.Hour,
            "weekly" => Granularity.Week,
            "monthly" => Granularity.Month,
            _ => null,
        };
        if (granularity is not { } step)
        {
            return Fail("granularity", $"\"{Cut(Text(request, "granularity")!)}\" is not known. Use hourly, daily, weekly or monthly.");
        }

        var to = Time(request, "endDate", Periods.NextStart(now, Granularity.Day, zone));
        var from = Time(request, "startDate", (to ?? now) + TimeSpan.FromDays(-DefaultDays));
        if (from is not { } first || to is not { } last)
        {
            return Fail(from is null ? "startDate" : "endDate", "is not a time between the years 2000 and 2100. Send ISO 8601, as in 2026-11-24T00:00:00Z");
        }

        if (last <= first)
        {
            return Fail("endDate", "is not after startDate.");
        }

        return Periods.Split(first, last, step, zone) is not { } periods
            ? Fail("granularity", string.Create(CultureInfo.InvariantCulture, $"would make more than {Periods.Most} periods. Ask for longer ones, or for a shorter time."))
            : WithFilter(request, periods);
    }

    private static AnalyticsRequest WithFilter(HttpRequest request, Periods periods)
    {
        var lunary = LunaryQuery.Parse(request.QueryString.Value ?? "");
        if (lunary.Filter is not { } filter)
        {
            return Fail(lunary.Errors[0].Parameter, lunary.Errors[0].Message);
        }

        return lunary.Type switch
        {
            null or "" => new AnalyticsRequest(periods, filter),
            "trace" => Fail("type", "\"trace\" cannot be counted here. Use a type of runs, such as llm, agent or tool."),
            var type => new AnalyticsRequest(periods, new AndFilter([filter, AnalyticsLinks.Is(FilterField.Type, type)]).Normalize()),
        };
    }

    private static Instant? Time(HttpRequest request, string name, Instant fallback) => Text(request, name) is not { } text
        ? fallback
        : DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year is >= 2000 and <= 2100 ? Instant.From(time) : null;

    private static string? Text(HttpRequest request, string name) => request.Query[name] is { Count: > 0 } values && values[^1] is { Length: > 0 } text ? text : null;

    private static string Cut(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static AnalyticsRequest Fail(string parameter, string message) => new(ApiError.BadRequest(parameter, message));
}
