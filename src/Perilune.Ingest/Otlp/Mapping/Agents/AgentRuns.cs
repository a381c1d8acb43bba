using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping.Agents;

/// <summary>
/// Coding agents log what they do record by record. Each record becomes events of its own, about runs whose ids follow
/// from the conversation and the record, so that no record waits for another.
/// </summary>
internal static class AgentRuns
{
    /// <summary>The agent's run, of which every record tells that it was still at work.</summary>
    public static RunEvent Agent(LogEntry log, RunId run, string name, string conversation, RunEventKind kind) => Agent(ReportOf(log), run, name, conversation, kind);

    public static RunEvent Agent(AgentReport report, RunId run, string name, string conversation, RunEventKind kind)
    {
        var thread = RunId.FromClient(conversation);
        return Base(report, run, kind, RunTypes.Agent, name) with
        {
            StartTime = kind == RunEventKind.Start ? null : report.Time,
            ParentId = thread,
            Thread = new ThreadFacts(conversation == thread.ToString() ? null : conversation, null, default),
        };
    }

    /// <summary>Something the agent did, which took <paramref name="duration"/> until the record was written.</summary>
    public static RunEvent Step(LogEntry log, RunId run, RunId agent, string type, string? name, TimeSpan duration, bool isError)
    {
        var report = ReportOf(log);
        return Step(report, run, agent, type, name, report.Time + -duration, isError) with
        {
            Attributes = LogNotes.Attributes(log.Record, "info"),
        };
    }

    public static RunEvent Step(AgentReport report, RunId run, RunId agent, string type, string? name, Instant start, bool isError) =>
        Base(report, run, isError ? RunEventKind.Error : RunEventKind.End, type, name) with
        {
            StartTime = start,
            ParentId = agent,
        };

    private static RunEvent Base(AgentReport report, RunId run, RunEventKind kind, string type, string? name) => new()
    {
        Kind = kind,
        Id = run,
        Time = report.Time,
        ReceivedAt = report.ReceivedAt,
        ContentHash = report.ContentHash,
        Type = type,
        Name = name is null ? null : RunText.Cut(name, RunText.Name),
        Environment = report.Facts.Environment,
        Release = report.Facts.Release,
        Service = report.Facts.Service,
        Runtime = report.Facts.Service ?? report.Facts.Runtime,
        Resource = report.Facts.Json,
    };

    private static AgentReport ReportOf(LogEntry log) => new(log.Time ?? log.ReceivedAt, log.ReceivedAt, log.Record.ContentHash, log.Facts);

    public static TimeSpan Duration(AttributeReader attributes) =>
        attributes.Number("duration_ms") is { } millis && millis is >= 0 and < 1e9 ? TimeSpan.FromMilliseconds(millis) : TimeSpan.Zero;
}
