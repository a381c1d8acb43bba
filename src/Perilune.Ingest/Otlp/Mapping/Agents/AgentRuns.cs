using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping.Agents;

/// <summary>
/// Coding agents log what they do record by record. Each record becomes events of its own, about runs whose ids follow
/// from the conversation and the record, so that no record waits for another.
/// </summary>
internal static class AgentRuns
{
    /// <summary>The agent's run, of which every record tells that it was still at work.</summary>
    public static RunEvent Agent(LogEntry log, RunId run, string name, string conversation, RunEventKind kind)
    {
        var thread = RunId.FromClient(conversation);
        return Base(log, run, kind, RunTypes.Agent, name) with
        {
            StartTime = kind == RunEventKind.Start ? null : log.Time ?? log.ReceivedAt,
            ParentId = thread,
            Thread = new ThreadFacts(conversation == thread.ToString() ? null : conversation, null, default),
        };
    }

    /// <summary>Something the agent did, which took <paramref name="duration"/> until the record was written.</summary>
    public static RunEvent Step(LogEntry log, RunId run, RunId agent, string type, string? name, TimeSpan duration, bool isError)
    {
        var end = log.Time ?? log.ReceivedAt;
        return Base(log, run, isError ? RunEventKind.Error : RunEventKind.End, type, name) with
        {
            StartTime = end + -duration,
            ParentId = agent,
            Attributes = LogNotes.Attributes(log.Record, "info"),
        };
    }

    private static RunEvent Base(LogEntry log, RunId run, RunEventKind kind, string type, string? name) => new()
    {
        Kind = kind,
        Id = run,
        Time = log.Time ?? log.ReceivedAt,
        ReceivedAt = log.ReceivedAt,
        ContentHash = log.Record.ContentHash,
        Type = type,
        Name = name is null ? null : RunText.Cut(name, RunText.Name),
        Environment = log.Facts.Environment,
        Release = log.Facts.Release,
        Service = log.Facts.Service,
        Runtime = log.Facts.Service ?? log.Facts.Runtime,
        Resource = log.Facts.Json,
    };

    public static TimeSpan Duration(AttributeReader attributes) =>
        attributes.Number("duration_ms") is { } millis && millis is >= 0 and < 1e9 ? TimeSpan.FromMilliseconds(millis) : TimeSpan.Zero;
}
