using System.Globalization;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping.Agents;

/// <summary>
/// Gemini CLI sends spans only where developers of it ask for them: its records are what it does. A prompt is an agent's
/// run, and the responses and tools it took are below it. With spans, these are the runs, and the records notes on them.
/// </summary>
internal static class GeminiCliLogs
{
    private const string Prefix = "gemini_cli.";
    private const string Agent = "gemini-cli";

    public static bool Map(LogEntry log, AttributeSet set, List<RunEvent> events)
    {
        if (!log.Name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        if (log.SpanRun is { } span)
        {
            events.Add(log.Note(span, null, default));
            return true;
        }

        var attributes = new AttributeReader(log.Record.Attributes);
        if (attributes.Text("session.id") is not { } session || attributes.Text("prompt_id") is not { } prompt)
        {
            return false;
        }

        var user = set.TakeText(Field.User, RunText.Id) ?? attributes.Text("user.email");
        var agent = OtlpIds.Of(Agent, session, prompt);
        var name = log.Name[Prefix.Length..];
        events.Add(AgentRuns.Agent(log, agent, Agent, session, name == "user_prompt" ? RunEventKind.Start : RunEventKind.End) with { UserId = user });
        events.Add(name switch
        {
            "user_prompt" when attributes.Text("prompt") is { } text => log.Note(agent, LogNotes.Input, AttributeReader.Message("user", text)),
            "api_response" => Call(log, attributes, agent, isError: false) with
            {
                UserId = user,
                Usage = Usage(set, attributes),
                Output = Coerce.Json(attributes["response_text"]),
                FinishReasons = set.Has(Field.FinishReasons) ? Coerce.Texts(set.Peek(Field.FinishReasons), RunText.Tags, RunText.Label) : null,
            },
            "api_error" => Call(log, attributes, agent, isError: true) with
            {
                UserId = user,
                Error = SpanErrors.Compose(attributes.Text("error") ?? "The request failed.", attributes.Text("error_type"), null),
            },
            "tool_call" => Tool(log, attributes, agent) with { UserId = user },
            _ => log.Note(agent, null, default),
        });
        return true;
    }

    private static RunEvent Call(LogEntry log, AttributeReader attributes, RunId agent, bool isError) =>
        AgentRuns.Step(log, StepOf(log, agent), agent, RunTypes.Llm, attributes.Text("model"), AgentRuns.Duration(attributes), isError) with
        {
            Provider = attributes.Text("auth_type") is "vertex-ai" ? "gcp.vertex_ai" : "gcp.gen_ai",
        };

    private static RunEvent Tool(LogEntry log, AttributeReader attributes, RunId agent)
    {
        var isError = attributes.Text("success") == "false";
        return AgentRuns.Step(log, StepOf(log, agent), agent, RunTypes.Tool, attributes.Text("function_name"), AgentRuns.Duration(attributes), isError) with
        {
            Input = Coerce.Json(attributes["function_args"]),
            Error = isError ? SpanErrors.Compose(attributes.Text("error") ?? "The tool failed.", attributes.Text("error_type"), null) : default,
        };
    }

    /// <summary>Gemini counts what its own tools read beside the prompt, as it does thoughts beside the answer.</summary>
    private static Usage? Usage(AttributeSet set, AttributeReader attributes)
    {
        var usage = SpanUsage.Read(set);
        return usage is not null && Coerce.Count(attributes["tool_token_count"]) is > 0 and var tools ? usage with { Input = (usage.Input ?? 0) + tools } : usage;
    }

    private static RunId StepOf(LogEntry log, RunId agent) => OtlpIds.Of(Agent, agent.ToString(), log.Record.ContentHash.ToString("x16", CultureInfo.InvariantCulture));
}
