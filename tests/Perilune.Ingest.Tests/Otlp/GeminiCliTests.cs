using System.Text;
using System.Text.Json;
using Perilune.Ingest.Otlp;
using Perilune.Ingest.Tests.Lunary;
using Perilune.Model;

namespace Perilune.Ingest.Tests.Otlp;

/// <summary>Records of Gemini CLI, with the attributes that its documentation names: nobody recorded its traffic.</summary>
public sealed class GeminiCliTests
{
    [Fact]
    public async Task A_prompt_is_an_agent_with_its_responses_and_tools_below()
    {
        var runs = await RunsAsync(
            Record(0, "user_prompt", """{"prompt":"Weather in Paris?","prompt_length":17,"auth_type":"oauth-personal"}"""),
            Record(1, "api_request", """{"model":"gemini-3-pro","request_text":"[]"}"""),
            Record(3, "api_response", """{"model":"gemini-3-pro","status_code":200,"duration_ms":1500,"input_token_count":120,"output_token_count":18,"cached_content_token_count":64,"thoughts_token_count":16,"tool_token_count":5,"total_token_count":159,"response_text":"[{\"functionCall\":{\"name\":\"get_weather\",\"args\":{\"city\":\"Paris\"}}}]","finish_reasons":["STOP"]}"""),
            Record(4, "tool_call", """{"function_name":"get_weather","function_args":"{\"city\":\"Paris\"}","duration_ms":200,"success":true,"decision":"auto_accept"}"""),
            Record(5, "tool_call", """{"function_name":"shell","function_args":"{}","duration_ms":10,"success":false,"error":"no such command","error_type":"not_found"}"""),
            Record(6, "api_error", """{"model":"gemini-3-pro","error":"quota","error_type":"RESOURCE_EXHAUSTED","status_code":429,"duration_ms":80}"""));

        var agent = Assert.Single(runs, run => run.Type == RunTypes.Agent);
        Assert.Equal(("gemini-cli", RunStatus.Success, TimeSpan.FromSeconds(6), "ann@example.com"), (agent.Name, agent.Status, agent.Duration, agent.User.Own));
        Assert.Equal(RunId.FromClient("session-1"), agent.ThreadId);
        Assert.Contains("Weather in Paris?", agent.Input.ToString(), StringComparison.Ordinal);
        Assert.Equal(4, runs.Count(run => run.ParentId == agent.Id));

        var call = Assert.Single(runs, run => run is { Type: RunTypes.Llm, Status: RunStatus.Success });
        Assert.Equal(("gemini-3-pro", "gcp.gen_ai", TimeSpan.FromMilliseconds(1500)), (call.Name, call.Provider, call.Duration));
        Assert.Equal(new Usage(125, 34, 64) { Reasoning = 16 }, call.Usage);
        Assert.Contains("get_weather", call.Output.ToString(), StringComparison.Ordinal);

        var failed = Assert.Single(runs, run => run is { Type: RunTypes.Llm, Status: RunStatus.Error });
        Assert.Contains("quota", failed.Error.ToString(), StringComparison.Ordinal);
        var tool = Assert.Single(runs, run => run.Name == "get_weather");
        Assert.Equal((RunTypes.Tool, """{"city":"Paris"}""", RunStatus.Success), (tool.Type, tool.Input.ToString(), tool.Status));
        Assert.Equal(RunStatus.Error, Assert.Single(runs, run => run.Name == "shell").Status);
    }

    /// <summary>Spans say what the records within them say, so that these are no runs beside them.</summary>
    [Fact]
    public async Task A_record_in_a_span_adds_to_its_run()
    {
        var runs = await RunsAsync(Record(0, "api_response", """{"model":"gemini-3-pro","input_token_count":120,"output_token_count":18}""", isInSpan: true));
        Assert.Equal(0, runs.Count(run => run.Type is RunTypes.Llm or RunTypes.Agent));
    }

    private static string Record(int second, string name, string attributes, bool isInSpan = false)
    {
        using var json = JsonDocument.Parse(attributes);
        var all = json.RootElement.EnumerateObject().Select(a => Attribute(a.Name, a.Value)).Concat(
        [
            Attribute("event.name", JsonSerializer.SerializeToElement("gemini_cli." + name)), Attribute("session.id", JsonSerializer.SerializeToElement("session-1")),
            Attribute("prompt_id", JsonSerializer.SerializeToElement("session-1########0")), Attribute("user.email", JsonSerializer.SerializeToElement("ann@example.com")),
        ]);
        var span = isInSpan ? """ "traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174",""" : "";
        return $$"""{ {{span}} "timeUnixNano":"{{1764000000 + second}}000000000","body":{"stringValue":"{{name}}"},"attributes":[{{string.Join(',', all)}}]}""";
    }

    private static string Attribute(string name, JsonElement value) => "{\"key\":\"" + name + "\",\"value\":" + Value(value) + "}";

    private static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => "{\"intValue\":\"" + value + "\"}",
        JsonValueKind.True or JsonValueKind.False => "{\"boolValue\":" + value.GetRawText() + "}",
        JsonValueKind.Array => "{\"arrayValue\":{\"values\":[" + string.Join(',', value.EnumerateArray().Select(Value)) + "]}}",
        _ => "{\"stringValue\":" + value.GetRawText() + "}",
    };

    private static Task<IReadOnlyList<Run>> RunsAsync(params string[] records)
    {
        const string Head = """{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"gemini-cli"}}]},"scopeLogs":[{"scope":{"name":"gemini-cli"},"logRecords":[""";
        var body = Head + string.Join(',', records) + "]}]}]}";
        return OtlpFixture.RunsAsync(OtlpFixture.Accepted(OtlpSignal.Logs, Encoding.UTF8.GetBytes(body), isJson: true));
    }
}
