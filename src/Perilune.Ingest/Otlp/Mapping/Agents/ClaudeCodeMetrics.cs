using System.Globalization;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping.Agents;

/// <summary>What the metrics of one session say, which is kept or left as a whole.</summary>
/// <param name="Points">How many data points say it.</param>
internal sealed record MetricSession(string Session, IReadOnlyList<RunEvent> Events, int Points);

/// <summary>
/// Tokens and cost of Claude Code, for sessions of which nothing else tells. A session is an agent's run, and what a model
/// used within one window of time a call below it. One per request.
/// </summary>
internal sealed class ClaudeCodeMetrics(Instant receivedAt)
{
    public const string Tokens = "claude_code.token.usage";
    public const string Cost = "claude_code.cost.usage";

    private readonly Dictionary<WindowKey, MetricWindow> _windows = [];
    private (OtlpResource Resource, OtlpScope Scope, ResourceFacts Facts)? _last;

    /// <summary>Points of usage that cannot be kept because they name no session.</summary>
    public int WithoutSession { get; private set; }

    /// <summary>Takes in a point; one that tells of no usage is left.</summary>
    public void Add(OtlpResource resource, OtlpScope scope, OtlpPoint point)
    {
        if (point.Metric is not (Tokens or Cost))
        {
            return;
        }

        var attributes = new AttributeReader(point.Attributes);
        if (attributes.Text("session.id") is not { Length: <= RunText.Id } session)
        {
            WithoutSession++;
            return;
        }

        // What is since the beginning takes the place of what was told before; what was added stands beside it.
        var key = new WindowKey(session, attributes.Text("model"), attributes.Text("query_source"), point.Time, point.IsCumulative);
        if (!_windows.TryGetValue(key, out var window))
        {
            window = new MetricWindow(FactsOf(resource, scope), point);
        }

        if (window.TryAdd(point, attributes))
        {
            _windows[key] = window;
        }
    }

    public IEnumerable<MetricSession> Sessions() => _windows
        .GroupBy(window => window.Key.Session, StringComparer.Ordinal)
        .Select(session => new MetricSession(session.Key, [.. session.SelectMany(window => Events(window.Key, window.Value))], session.Sum(window => window.Value.Points)));

    private RunEvent[] Events(WindowKey key, MetricWindow window)
    {
        if (window.IsEmpty)
        {
            return [];
        }

        var agent = ClaudeCodeSession.MetricsRun(key.Session);
        var start = OtlpTime.Of(window.Start) ?? OtlpTime.Of(key.Time) ?? receivedAt;
        var end = Instant.Max(OtlpTime.Of(key.Time) ?? receivedAt, start);
        var report = new AgentReport(end, receivedAt, window.ContentHash, window.Facts);
        var call = OtlpIds.Of(
            "claude-code-metrics", key.Session, key.Model ?? "", key.Source ?? "", Word(window.Start), key.IsCumulative ? "" : Word(key.Time));
        return
        [
            AgentRuns.Agent(report, agent, "claude_code", key.Session, RunEventKind.End) with { StartTime = start, UserId = window.User },
            AgentRuns.Step(report, call, agent, RunTypes.Llm, key.Model, start, isError: false) with
            {
                Provider = "anthropic",
                UserId = window.User,
                Usage = window.Usage,
                GivenCost = window.Cost,
                Attributes = window.Attributes,
            },
        ];
    }

    private ResourceFacts FactsOf(OtlpResource resource, OtlpScope scope)
    {
        if (_last is not { } last || last.Resource != resource || last.Scope != scope)
        {
            _last = last = (resource, scope, ResourceFacts.Of(resource, scope));
        }

        return last.Facts;
    }

    private static string Word(ulong nanos) => nanos.ToString(CultureInfo.InvariantCulture);

    private readonly record struct WindowKey(string Session, string? Model, string? Source, ulong Time, bool IsCumulative);
}
