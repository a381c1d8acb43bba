using System.Globalization;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping.Agents;

/// <summary>
/// Claude Code: with traces on, its spans are the runs, and records written in a span add prompt and answer to them. With
/// traces off, a prompt is an agent's run, and the requests and tools it took are below it.
/// </summary>
internal static class ClaudeCodeLogs
{
    public static bool Map(LogEntry log, AttributeSet set, List<RunEvent> events)
    {
        if (!ClaudeCodeSession.IsScope(log.Facts.Runtime))
        {
            return false;
        }

        var attributes = new AttributeReader(log.Record.Attributes);
        var name = log.Name.StartsWith("claude_code.", StringComparison.Ordinal) ? log.Name["claude_code.".Length..] : log.Name;
        if (log.SpanRun is { } span)
        {
            events.Add(name switch
            {
                "user_prompt" when attributes.Text("prompt") is { } prompt => log.Note(span, LogNotes.Input, AttributeReader.Message("user", prompt)),
                "assistant_response" when attributes.Text("response") is { } answer => log.Note(span, LogNotes.Output, AttributeReader.Message("assistant", answer)),
                _ => log.Note(span, null, default),
            });
            return true;
        }

        if (attributes.Text("session.id") is not { } session || attributes.Text("prompt.id") is not { } promptId)
        {
            return false;
        }

        MapPrompt(log, set, attributes, name, session, OtlpIds.Of("claude-code", session, promptId), events);
        return true;
    }

    private static void MapPrompt(LogEntry log, AttributeSet set, AttributeReader attributes, string name, string session, RunId agent, List<RunEvent> events)
    {
        var user = set.TakeText(Field.User, RunText.Id);
        var kind = name == "user_prompt" ? RunEventKind.Start : RunEventKind.End;
        events.Add(AgentRuns.Agent(log, agent, "claude_code", session, kind) with { UserId = user });
        var step = OtlpIds.Of("claude-code", session, name, attributes.Text("event.sequence") ?? log.Record.ContentHash.ToString("x16", CultureInfo.InvariantCulture));
        switch (name)
        {
            case "user_prompt" when attributes.Text("prompt") is { } prompt:
                events.Add(log.Note(agent, LogNotes.Input, AttributeReader.Message("user", prompt)));
                break;
            case "assistant_response" when attributes.Text("response") is { } answer:
                events.Add(log.Note(agent, LogNotes.Output, AttributeReader.Message("assistant", answer)));
                break;
            case "api_request":
                events.Add(AgentRuns.Step(log, step, agent, RunTypes.Llm, attributes.Text("model"), AgentRuns.Duration(attributes), isError: false) with
                {
                    Provider = "anthropic",
                    UserId = user,
                    Usage = SpanUsage.Read(set),
                    GivenCost = SpanUsage.Cost(set),
                    CallId = set.TakeText(Field.ResponseId, RunText.Id),
                    TimeToFirstToken = attributes.Number("ttft_ms") is > 0 and < 1e9 and var millis ? TimeSpan.FromMilliseconds(millis) : null,
                });
                break;
            case "api_error":
                events.Add(AgentRuns.Step(log, step, agent, RunTypes.Llm, attributes.Text("model"), AgentRuns.Duration(attributes), isError: true) with
                {
                    Provider = "anthropic",
                    UserId = user,
                    Error = SpanErrors.Compose(attributes.Text("error") ?? "The request failed.", attributes.Text("status_code"), null),
                });
                break;
            case "tool_result":
                var isError = attributes.Text("success") == "false";
                events.Add(AgentRuns.Step(log, step, agent, RunTypes.Tool, attributes.Text("tool_name"), AgentRuns.Duration(attributes), isError) with
                {
                    UserId = user,
                    CallId = attributes.Text("tool_use_id"),
                    Input = Coerce.Json(attributes["tool_input"]) is { IsAbsent: false } input ? input : Coerce.Json(attributes["tool_parameters"]),
                    Error = isError ? SpanErrors.Compose(attributes.Text("error") ?? "The tool failed.", null, null) : default,
                });
                break;
            default:
                events.Add(log.Note(agent, null, default));
                break;
        }
    }
}
