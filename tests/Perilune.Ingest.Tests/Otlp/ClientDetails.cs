using System.Text.Json;
using System.Text.RegularExpressions;
using Perilune.Model;

namespace Perilune.Ingest.Tests.Otlp;

/// <summary>What a client's recorded traffic must come to, besides counts and tokens.</summary>
/// <param name="Tree">Runs that are spans, those of them that stand at the top, those whose parent never came, and how many levels there are.</param>
/// <param name="Names">Of agents and tools.</param>
/// <param name="Models">Asked for, and after an arrow the one that answered where the client tells them apart; of calls that count.</param>
/// <param name="Questions">Model calls that count whose input has the scenario's question.</param>
/// <param name="Tools">Name and arguments of tool calls that count.</param>
/// <param name="Results">Tool calls that count whose output has the tool's result.</param>
/// <param name="Linked">Tool calls that count with an id by which a model asked for them.</param>
/// <param name="Errors">Types of runs that failed with the first line of what went wrong.</param>
/// <param name="OfUser">Model calls that count for a user, their own or their trace's.</param>
/// <param name="InThread">Model calls that count in a thread.</param>
/// <param name="WithTier">Runs with the metadata <c>tier: pro</c>.</param>
internal sealed partial record ClientDetails(
    string Client, string Tree, string Names, string Models, int Questions, string Tools, int Results, int Linked, string Errors, int OfUser, int InThread, int WithTier)
{
    public const string Question = "Weather in Paris?";

    /// <summary>
    /// Read off the scenario and the recorded bodies. Every client asks for the weather with <c>get_weather({"city":"Paris"})</c>,
    /// which is 18 °C; the models err-429 and err-400 fail. What a row lacks its client does not send: OpenInference no span of
    /// a failed OpenAI call, tracers of LangChain no ids of tool calls, Claude Code and Codex no input of single calls,
    /// the OpenAI Agents SDK no model, question or answer, Opik's wrapper no user below its traces.
    /// </summary>
    public static readonly IReadOnlyList<ClientDetails> All =
    [
        new("anthropic-dotnet", "18 spans, 4 at the top, 0 waiting, 5 levels", "tool get_weather", "4 × claude-sonnet-5", 4, "get_weather{\"city\":\"Paris\"}", 1, 1, "", 0, 0, 0),
        new("anthropic-dotnet-nocontent", "18 spans, 4 at the top, 0 waiting, 5 levels", "tool get_weather", "4 × claude-sonnet-5", 0, "get_weather", 0, 0, "", 0, 0, 0),
        new("claude-code", "3 spans, 1 at the top, 0 waiting, 2 levels", "agent claude_code.interaction", "2 × claude-opus-5-5", 0, "", 0, 0, "", 2, 2, 0),
        new("codex-cli", "588 spans, 19 at the top, 13 waiting, 11 levels", "agent codex; tool exec_command", "2 × gpt-5-mini", 0, "exec_command{\"city\":\"Paris\"}", 0, 0, "tool: failed to parse function arguments: missing field `cmd` at line 1 column 16", 0, 2, 0),
        new("langchain-openinference-js", "17 spans, 5 at the top, 0 waiting, 3 levels", "tool get_weather", "err-429; 4 × gpt-5-mini", 4, "get_weather\"Paris\"", 1, 0, "llm: 429 Rate limit reached for fake", 5, 5, 0),
        new("langchain-traceloop-js", "16 spans, 16 at the top, 0 waiting, 1 level", "tool get_weather", "err-429; 4 × gpt-5-mini", 4, "get_weather{\"args\":[\"{\\u0022city\\u0022:\\u0022Paris\\u0022}\"]}", 1, 0, "llm: 429 Rate limit reached for fake", 0, 0, 0),
        new("langfuse-js", "25 spans, 1 at the top, 0 waiting, 2 levels", "agent m-agent; agent weather-agent; tool m-tool", "err-400; err-429; 4 × gpt-5-mini; 9 × gpt-5-mini-2025-08-07; m-embedding; text-embedding-3-small", 10, "m-tool\"tool\"", 0, 0, "guardrail: blocked; llm: Error: 400 Invalid value (fake); llm: Error: 429 Rate limit reached for fake", 17, 17, 25),
        new("meai", "29 spans, 10 at the top, 1 waiting, 3 levels", "tool get_weather", "err-429; 8 × gpt-5-mini→gpt-5-mini-2025-08-07; text-embedding-3-small", 6, "get_weather{\"city\":\"Paris\"}", 1, 1, "llm: HTTP 429 (tokens: rate_limit_exceeded)", 1, 1, 0),
        new("meai-grpc", "29 spans, 10 at the top, 1 waiting, 3 levels", "tool get_weather", "err-429; 8 × gpt-5-mini→gpt-5-mini-2025-08-07; text-embedding-3-small", 6, "get_weather{\"city\":\"Paris\"}", 1, 1, "llm: HTTP 429 (tokens: rate_limit_exceeded)", 1, 1, 0),
        new("meai-nocontent", "29 spans, 10 at the top, 1 waiting, 3 levels", "tool get_weather", "err-429; 8 × gpt-5-mini→gpt-5-mini-2025-08-07; text-embedding-3-small", 0, "get_weather", 0, 0, "llm: HTTP 429 (tokens: rate_limit_exceeded)", 0, 1, 0),
        new("openinference-js", "27 spans, 21 at the top, 0 waiting, 2 levels", "agent planner", "5 × claude-sonnet-4-5; err-429; 3 × gpt-5-mini; 9 × gpt-5-mini-2025-08-07; text-embedding-3-small", 15, "", 0, 0, "llm: 429 {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Rate limited (fake)\"}}; llm: rate_limit_error", 19, 19, 19),
        new("sdk-proto", "2 spans, 1 at the top, 0 waiting, 2 levels", "agent WeatherAgent", "gpt-5-mini→gpt-5-mini-2025-08-07", 1, "", 0, 0, "", 1, 1, 2),
        new("sdk-proto-aspnet", "3 spans, 1 at the top, 0 waiting, 3 levels", "agent WeatherAgent", "gpt-5-mini→gpt-5-mini-2025-08-07", 1, "", 0, 0, "", 1, 1, 2),
        new("semantic-kernel", "14 spans, 4 at the top, 0 waiting, 3 levels", "tool get_weather", "err-429; 4 × gpt-5-mini", 4, "get_weather{\"city\":\"Paris\"}", 1, 0, "chain: HTTP 429 (tokens: rate_limit_exceeded); llm: HTTP 429 (tokens: rate_limit_exceeded)", 0, 0, 0),
        new("vercel-ai-sdk-v6", "28 spans, 11 at the top, 0 waiting, 3 levels", "tool bad_tool; 2 × tool get_weather", "err-400; err-429; 10 × gpt-5-mini→gpt-5-mini-2025-08-07; 2 × text-embedding-3-small", 8, "bad_tool{\"city\":\"Paris\"}; 2 × get_weather{\"city\":\"Paris\"}", 2, 3, "chain: Invalid value (fake); chain: Rate limit reached for fake; llm: Invalid value (fake); llm: Rate limit reached for fake; tool: tool exploded", 14, 14, 0),
        new("vercel-ai-sdk-v7", "45 spans, 12 at the top, 0 waiting, 3 levels", "agent anthropic; 2 × agent err; agent obj; agent tool-agent; agent tool-agent-stream; agent tool-error; agent vision; agent weather-chat; agent weather-stream; tool bad_tool; 3 × tool get_weather", "2 × claude-sonnet-4-5; err-400; err-429; 10 × gpt-5-mini→gpt-5-mini-2025-08-07; 2 × text-embedding-3-small", 10, "bad_tool{\"city\":\"Paris\"}; 3 × get_weather{\"city\":\"Paris\"}", 3, 4, "agent: Invalid value (fake); agent: Rate limit reached for fake; chain: Invalid value (fake); chain: Rate limit reached for fake; llm: Invalid value (fake); llm: Rate limit reached for fake; tool: tool exploded", 0, 0, 0),
        new("vercel-ai-sdk-v7-grpc", "3 spans, 1 at the top, 0 waiting, 3 levels", "agent invoke_agent gpt-5-mini", "gpt-5-mini→gpt-5-mini-2025-08-07", 1, "", 0, 0, "", 0, 0, 0),
        new("vercel-ai-sdk-v7-json", "45 spans, 12 at the top, 0 waiting, 3 levels", "agent anthropic; 2 × agent err; agent obj; agent tool-agent; agent tool-agent-stream; agent tool-error; agent vision; agent weather-chat; agent weather-stream; tool bad_tool; 3 × tool get_weather", "2 × claude-sonnet-4-5; err-400; err-429; 10 × gpt-5-mini→gpt-5-mini-2025-08-07; 2 × text-embedding-3-small", 10, "bad_tool{\"city\":\"Paris\"}; 3 × get_weather{\"city\":\"Paris\"}", 3, 4, "agent: Invalid value (fake); agent: Rate limit reached for fake; chain: Invalid value (fake); chain: Rate limit reached for fake; llm: Invalid value (fake); llm: Rate limit reached for fake; tool: tool exploded", 15, 15, 0),
        new("langsmith", "17 runs, 5 at the top, 0 waiting, 3 levels", "tool get_weather", "err-429; 4 × gpt-5-mini→gpt-5-mini-2025-08-07", 4, "get_weather{\"city\":\"Paris\"}", 1, 1, "llm: 429 Rate limit reached for fake", 5, 5, 0),
        new("langsmith-nomp", "17 runs, 5 at the top, 0 waiting, 3 levels", "tool get_weather", "err-429; 4 × gpt-5-mini→gpt-5-mini-2025-08-07", 4, "get_weather{\"city\":\"Paris\"}", 1, 1, "llm: 429 Rate limit reached for fake", 5, 5, 0),
        new("openai-agents-js", "13 runs, 2 at the top, 0 waiting, 5 levels", "agent Err; agent WeatherAgent; tool get_weather", "3 × unnamed", 0, "get_weather{\"city\":\"Paris\"}", 0, 0, "agent: Error in agent run; 3 × chain: Error in agent run; llm: 429 Rate limit reached for fake", 2, 2, 0),
        new("opik-js", "32 runs, 16 at the top, 0 waiting, 2 levels", "", "err-400; err-429; 4 × gpt-5-mini; 9 × gpt-5-mini-2025-08-07; text-embedding-3-small", 10, "", 0, 0, "llm: 400 Invalid value (fake); llm: 429 Rate limit reached for fake", 1, 1, 1),
        new("langchain-lunary-js", "17 runs, 5 at the top, 0 waiting, 3 levels", "tool DynamicStructuredTool", "err-429; 4 × gpt-5-mini", 4, "DynamicStructuredTool\"{\\u0022city\\u0022:\\u0022Paris\\u0022}\"", 1, 0, "llm: no message", 5, 0, 0),
        new("lunary-js", "26 runs, 24 at the top, 0 waiting, 2 levels", "agent WeatherAgent; tool get_weather", "5 × claude-sonnet-4-5; err-400; 2 × err-429; 11 × gpt-5-mini; llama-3", 13, "get_weather\"Paris\"", 1, 0, "chain: chain broke; llm: 400 Invalid value (fake); llm: 429 Rate limit reached for fake; llm: 429 {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Rate limited (fake)\"}}", 2, 0, 1),
        new("lunary-sdk", "30 runs, 23 at the top, 0 waiting, 3 levels", "agent TranslatorAgent; agent timeAgent; tool calculator", "gpt-4; 11 × gpt-4o; 2 × gpt-4o-mini; my-model-7b; text-embedding-3-small", 2, "calculator\"1\\u002B2\"", 0, 0, "", 6, 1, 0),
    ];

    public static ClientDetails Of(string client, IReadOnlyList<Run> runs)
    {
        var counted = OtlpFixture.Counted(runs);
        var calls = counted.Where(run => RunTypes.IsModelCall(run.Type)).ToList();
        var tools = counted.Where(run => run.Type == RunTypes.Tool).ToList();
        return new ClientDetails(
            client,
            TreeOf(runs),
            Distinct(runs.Where(run => run.Type is RunTypes.Agent or RunTypes.Tool).Select(run => $"{run.Type} {run.Name}")),
            Distinct(calls.Select(run => run.ServedModel is null || run.ServedModel == run.Name ? run.Name ?? "unnamed" : $"{run.Name}→{run.ServedModel}")),
            calls.Count(run => Model.Filtering.PayloadText.Contains(run.Input, Question)),
            Distinct(tools.Select(run => $"{run.Name}{Compact(run.Input)}")),
            tools.Count(run => run.Output.ToString().Replace("\\", "", StringComparison.Ordinal).Contains("\"tempC\":18", StringComparison.Ordinal)),
            tools.Count(run => run.CallId is { } id && runs.Any(call => call.Type == RunTypes.Llm && call.Output.ToString().Contains(id, StringComparison.Ordinal))),
            Distinct(runs.Where(run => run.Status == RunStatus.Error).Select(run => $"{run.Type}: {Message(run.Error)}")),
            calls.Count(run => run.User.Effective is not null),
            calls.Count(run => run.ThreadId is not null),
            runs.Count(run => run.Metadata.ToString().Contains("\"tier\":\"pro\"", StringComparison.Ordinal)));
    }

    private static string TreeOf(IReadOnlyList<Run> runs)
    {
        var byId = runs.ToDictionary(run => run.Id);
        var hasSpans = runs.Any(IsSpan);
        var spans = runs.Where(run => hasSpans ? IsSpan(run) : run.Type is not RunTypes.Thread).ToDictionary(run => run.Id);
        int Depth(Run run)
        {
            var depth = 1;
            for (; run.ParentId is { } parent && spans.TryGetValue(parent, out run!); depth++)
            {
            }

            return depth;
        }

        var top = spans.Values.Count(run => run.ParentId is not { } parent || (byId.TryGetValue(parent, out var above) && RunTypes.IsConversation(above.Type)));
        var waiting = spans.Values.Count(run => run.ParentId is { } parent && !byId.ContainsKey(parent));
        var levels = spans.Values.Max(Depth);
        return $"{spans.Count} {(hasSpans ? "spans" : "runs")}, {top} at the top, {waiting} waiting, {levels} {(levels == 1 ? "level" : "levels")}";
    }

    private static bool IsSpan(Run run) => run.ClientId is { } id && SpanId().IsMatch(id);

    private static string Message(RawJson error)
    {
        using var json = JsonDocument.Parse(error.Utf8);
        return json.RootElement.TryGetProperty("message", out var message) ? message.GetString()!.Split('\n')[0] : "no message";
    }

    private static string Compact(RawJson json)
    {
        if (json.IsAbsent)
        {
            return "";
        }

        using var document = JsonDocument.Parse(json.Utf8);
        return JsonSerializer.Serialize(document.RootElement);
    }

    private static string Distinct(IEnumerable<string> words) => string.Join("; ", words.GroupBy(word => word).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Count() == 1 ? g.Key : $"{g.Count()} × {g.Key}"));

    [GeneratedRegex("^[0-9a-f]{32}-[0-9a-f]{16}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SpanId();
}
