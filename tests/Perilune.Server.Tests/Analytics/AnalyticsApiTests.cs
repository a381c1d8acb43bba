using System.Globalization;
using System.Net;
using System.Text.Json;
using Perilune.Model;
using Perilune.Server.Tests.Runs;

namespace Perilune.Server.Tests.Analytics;

/// <summary>Sums over the calendar of a zone, on the days around a change of clocks.</summary>
public sealed class AnalyticsApiTests(AnalyticsApiTests.Filled filled) : IClassFixture<AnalyticsApiTests.Filled>
{
    private const string Berlin = "?startDate=2026-10-24T22:00:00Z&endDate=2026-10-26T23:00:00Z&timeZone=Europe/Berlin";

    public static TheoryData<string, string, string> Wrong => new()
    {
        { "runs?timeZone=Mars/Olympus", "timeZone", "Europe/Berlin" },
        { "runs?granularity=yearly", "granularity", "monthly" },
        { "runs?startDate=yesterday&endDate=2026-01-01", "startDate", "ISO 8601" },
        { "runs?startDate=2026-02-01&endDate=2026-01-01", "endDate", "after startDate" },
        { "runs?startDate=2000-01-01&endDate=2099-01-01&granularity=hourly", "granularity", "longer ones" },
        { "runs?startDate=9999-01-01", "startDate", "2100" },
        { "tokens?cost=much", "cost", "operator" },
        { "runs?type=trace", "type", "llm" },
    };

    // The clocks went back on October 25 at 01:00 UTC: that day of Berlin is [24th 22:00, 25th 23:00) UTC.
    [Theory]
    [InlineData("runs", "daily", "2 1")]
    [InlineData("runs", "weekly", "2 1")]
    [InlineData("errors", "daily", "0 1")]
    [InlineData("users/active", "daily", "1 1")]
    [InlineData("users/new", "daily", "1 0")]
    [InlineData("feedback/thumb/up", "daily", "1 0")]
    [InlineData("feedback/thumb/down", "daily", "0 0")]
    [InlineData("feedback-ratio", "daily", "1 null")]
    [InlineData("tokens", "daily", "30 0")]
    [InlineData("threads", "daily", "0 0")]
    public async Task Days_are_those_of_the_zone(string metric, string granularity, string expected)
    {
        var answer = await GetAsync($"{metric}{Berlin}&granularity={granularity}");
        Assert.Equal(expected, string.Join(' ', answer.GetProperty("data").EnumerateArray().Select(point => point.GetProperty("value").ToString() is { Length: > 0 } value ? value : "null")));
        Assert.Equal("2026-10-24T22:00:00.000Z", answer.GetProperty("data")[0].GetProperty("date").GetString());
    }

    [Fact]
    public async Task Hours_count_the_one_that_comes_twice_twice() =>
        Assert.Equal(49, (await GetAsync($"runs{Berlin}&granularity=hourly")).GetProperty("data").GetArrayLength());

    [Fact]
    public async Task Filters_are_those_of_lists()
    {
        Assert.Equal(1, (await GetAsync($"runs{Berlin}&status=error")).GetProperty("stat").GetDouble());
        Assert.Equal(2, (await GetAsync($"runs{Berlin}&type=llm")).GetProperty("stat").GetDouble());
        Assert.Equal(0, (await GetAsync($"users/active{Berlin}&users=nobody")).GetProperty("stat").GetDouble());
    }

    [Fact]
    public async Task Latency_and_cost_are_sums_of_model_calls()
    {
        var latency = await GetAsync($"latency{Berlin}&granularity=daily");
        Assert.Equal(["p50", "p75", "p90", "p95", "p99"], latency.GetProperty("data").EnumerateArray().Select(point => point.GetProperty("name").GetString()).Distinct());
        Assert.InRange(latency.GetProperty("data")[0].GetProperty("value").GetDouble(), 1.9, 2.1);
        var cost = (await GetAsync($"costs{Berlin}")).GetProperty("stat").GetDouble();
        Assert.True(cost > 0);
        Assert.Equal(cost, (await GetAsync($"users/average-cost{Berlin}")).GetProperty("stat").GetDouble());
    }

    [Fact]
    public async Task Tops_name_what_ran_most()
    {
        var models = (await GetAsync($"models/top{Berlin}")).GetProperty("data");
        Assert.Equal("gpt-5", models[0].GetProperty("name").GetString());
        Assert.Equal(20, models[0].GetProperty("promptTokens").GetDouble());
        Assert.Equal("beta", (await GetAsync($"tags/top{Berlin}")).GetProperty("data")[0].GetProperty("name").GetString());
        Assert.Equal("search", (await GetAsync($"tools/top{Berlin}")).GetProperty("data")[0].GetProperty("name").GetString());
        Assert.Equal(0, (await GetAsync($"languages/top{Berlin}")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Usage_is_by_type_and_name()
    {
        var days = (int)(TimeProvider.System.GetUtcNow() - new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero)).TotalDays;
        var usage = await JsonAsync($"/v1/runs/usage?days={days}");
        var gpt = usage.EnumerateArray().Single(row => row.GetProperty("type").GetString() == "llm" && row.GetProperty("success").GetInt32() == 1);
        Assert.Equal(("gpt-5", 20, 10), (gpt.GetProperty("name").GetString(), gpt.GetProperty("promptTokens").GetInt32(), gpt.GetProperty("completionTokens").GetInt32()));
        Assert.Equal(
            ["2026-10-24", "2026-10-25"],
            (await JsonAsync($"/v1/runs/usage?days={days}&daily=true&userId=ann")).EnumerateArray().Select(row => row.GetProperty("date").GetString()!).Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Wrong))]
    public async Task Says_what_cannot_be_meant(string query, string parameter, string hint)
    {
        var response = await filled.Host.Client.GetAsync($"/v1/analytics/{query}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        Assert.StartsWith(parameter + ":", problem.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(hint, problem.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private Task<JsonElement> GetAsync(string query) => JsonAsync($"/v1/analytics/{query}");

    private async Task<JsonElement> JsonAsync(string path) =>
        JsonDocument.Parse(await filled.Host.Client.GetStringAsync(path, TestContext.Current.CancellationToken)).RootElement;

    /// <summary>A model call and a tool of one evening, a failed call of the next day.</summary>
    public sealed class Filled : IAsyncLifetime
    {
        internal ApiHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Host = await ApiHost.StartAsync();
            var (first, second) = (At("2026-10-24T22:30:00Z"), At("2026-10-25T23:10:00Z"));
            await Host.CommitAsync(
                Event("a", first) with { Name = "gpt-5", UserId = "ann", Tags = ["beta"] },
                Event("a", first + TimeSpan.FromSeconds(2)) with { Kind = RunEventKind.End, Usage = new Usage(20, 10) },
                Event("a", first) with { Kind = RunEventKind.Feedback, Type = null, Feedback = RawJson.Parse("""{"thumb":"up"}""") },
                Event("b", At("2026-10-25T22:59:59Z")) with { Type = RunTypes.Tool, Name = "search" },
                Event("c", second) with { Name = "gpt-5", UserId = "ann" },
                Event("c", second + TimeSpan.FromSeconds(1)) with { Kind = RunEventKind.Error });
        }

        public ValueTask DisposeAsync() => Host.DisposeAsync();

        private static RunEvent Event(string id, Instant time) => Events.Start(id) with { Time = time, ReceivedAt = time, Name = null };

        private static Instant At(string time) => Instant.From(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));
    }
}
