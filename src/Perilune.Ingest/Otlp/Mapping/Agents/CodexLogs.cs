using System.Globalization;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping.Agents;

/// <summary>
/// Codex CLI: a conversation is an agent's run; each completed response is a model call below it, each tool result a tool.
/// Its spans are its own inside, and carry none of this.
/// </summary>
internal static class CodexLogs
{
    private const string Prefix = "codex.";

    public static bool Map(LogEntry log, AttributeSet set, List<RunEvent> events)
    {
        var attributes = new AttributeReader(log.Record.Attributes);
        if (!log.Name.StartsWith(Prefix, StringComparison.Ordinal) || attributes.Text("conversation.id") is not { } conversation)
        {
            return false;
        }

        var agent = OtlpIds.Of("codex", conversation);
        switch (log.Name)
        {
            case "codex.conversation_starts":
                events.Add(AgentRuns.Agent(log, agent, "codex", conversation, RunEventKind.Start));
                return true;
            case "codex.user_prompt":
                events.Add(AgentRuns.Agent(log, agent, "codex", conversation, RunEventKind.Start));
                if (attributes.Text("prompt") is { } prompt)
                {
                    events.Add(log.Note(agent, LogNotes.Input, AttributeReader.Message("user", prompt)));
                }

                return true;
            case "codex.sse_event" or "codex.websocket_event" when set.Has(Field.InputTokens) || set.Has(Field.OutputTokens):
                events.Add(Call(log, set, attributes, agent, conversation));
                events.Add(AgentRuns.Agent(log, agent, "codex", conversation, RunEventKind.End));
                return true;
            case "codex.tool_result":
                events.Add(Tool(log, attributes, agent, conversation));
                events.Add(AgentRuns.Agent(log, agent, "codex", conversation, RunEventKind.End));
                return true;
            default:
                // Parts of a stream, phases of the start: what they tell is in the records above.
                return log.Name is "codex.sse_event" or "codex.websocket_event" or "codex.startup_phase" && attributes.Text("error.message") is null;
        }
    }

    private static RunEvent Call(LogEntry log, AttributeSet set, AttributeReader attributes, RunId agent, string conversation)
    {
        var time = (log.Time ?? log.ReceivedAt).Micros.ToString(CultureInfo.InvariantCulture);
        var call = AgentRuns.Step(log, OtlpIds.Of("codex", conversation, "call", time), agent, RunTypes.Llm, attributes.Text("model"), AgentRuns.Duration(attributes), isError: false);
        return call with
        {
            Usage = SpanUsage.Read(set),
            TimeToFirstToken = attributes.Number("ttft_ms") is > 0 and < 1e9 and var millis ? TimeSpan.FromMilliseconds(millis) : null,
        };
    }

    private static RunEvent Tool(LogEntry log, AttributeReader attributes, RunId agent, string conversation)
    {
        var isError = attributes.Text("success") == "false";
        var id = attributes.Text("call_id");
        var output = Coerce.Json(attributes["output"]);
        var tool = AgentRuns.Step(
            log,
            OtlpIds.Of("codex", conversation, "tool", id ?? log.Record.ContentHash.ToString("x16", CultureInfo.InvariantCulture)),
            agent,
            RunTypes.Tool,
            attributes.Text("tool_name"),
            AgentRuns.Duration(attributes),
            isError);
        return tool with
        {
            CallId = id is null ? null : RunText.Cut(id, RunText.Id),
            Input = Coerce.Json(attributes["arguments"]),
            Output = output,
            Error = isError ? SpanErrors.Compose(attributes.Text("output") ?? "The tool failed.", null, null) : default,
        };
    }
}
