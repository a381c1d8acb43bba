using System.Text.Json;

namespace Perilune.Load.Keeping;

/// <summary>
/// What payloads of model calls look like, with public text where people and models would speak. Each sample is one of the
/// pieces that payloads are cut into.
/// </summary>
internal sealed class DictionarySamples(IReadOnlyList<string> passages)
{
    // {t} is a passage as JSON text with its quotes, {u} another one without them, {n} a name and {h} a hexadecimal id.
    private static readonly string[] s_shapes =
    [
        "{t}",
        """{"role":"user","content":{t}}""",
        """{"role":"system","content":{t}}""",
        """{"role":"assistant","content":{t}}""",
        """{"content":{t},"role":"assistant"}""",
        """{"role":"assistant","content":{t},"refusal":null,"annotations":[]}""",
        """{"role":"system","content":"You are a helpful assistant. You answer questions about {u}"}""",
        """{"role":"user","content":"Summarize the following text in a few sentences.\n\n{u}"}""",
        """{"role":"assistant","content":"Here is a summary:\n\n1. **{u}**\n2. {u}\n\nLet me know if you have any other questions."}""",
        """{"role":"assistant","content":"```python\nimport json\n\ndef {n}(value):\n    return json.loads(value)\n```\n\nThis function {u}"}""",
        """{"role":"user","content":[{"type":"text","text":{t}}]}""",
        """{"role":"user","content":[{"type":"text","text":{t}},{"type":"image_url","image_url":{"url":"https://example.com/{h}.png"}}]}""",
        """{"role":"user","parts":[{"type":"text","content":{t}}]}""",
        """{"role":"assistant","parts":[{"type":"text","content":{t}}],"finish_reason":"stop"}""",
        """{"role":"assistant","parts":[{"type":"tool_call","id":"call_{h}","name":"{n}","arguments":{"query":"{u}"}}],"finish_reason":"tool_calls"}""",
        """{"role":"tool","parts":[{"type":"tool_call_response","id":"call_{h}","response":{t}}]}""",
        """{"role":"assistant","content":null,"tool_calls":[{"id":"call_{h}","type":"function","function":{"name":"{n}","arguments":"{\"query\":\"{n}\",\"limit\":10}"}}]}""",
        """{"role":"assistant","content":"","toolCalls":[{"id":"call_{h}","type":"function","function":{"name":"{n}","arguments":"{\"id\":\"{h}\"}"}}]}""",
        """{"role":"tool","tool_call_id":"call_{h}","content":{t}}""",
        """{"role":"tool","toolCallId":"call_{h}","content":"{\"status\":\"success\",\"results\":[{\"id\":\"{h}\",\"title\":\"{n}\",\"score\":0.83}]}"}""",
        """{"role":"assistant","content":[{"type":"text","text":{t}},{"type":"tool_use","id":"toolu_{h}","name":"{n}","input":{"query":"{u}"}}]}""",
        """{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_{h}","content":{t},"is_error":false}]}""",
        """{"type":"function","function":{"name":"{n}","description":{t},"parameters":{"type":"object","properties":{"query":{"type":"string","description":"The search query"},"limit":{"type":"integer","description":"How many results to return","default":10}},"required":["query"],"additionalProperties":false}}}""",
        """{"type":"function","name":"{n}","description":{t},"parameters":{"type":"object","properties":{"id":{"type":"string","description":"The id of the {u}"},"date":{"type":"string","format":"date-time"}},"required":["id"]},"strict":true}""",
        """{"name":"{n}","description":{t},"input_schema":{"type":"object","properties":{"path":{"type":"string","description":"{u}"},"options":{"type":"array","items":{"type":"string"},"enum":["a","b"]}},"required":["path"]}}""",
        """{"pageContent":{t},"metadata":{"source":"https://example.com/docs/{n}","title":"{u}","page":3,"score":0.8271}}""",
        """{"id":"{h}","content":{t},"metadata":{"source":"{n}.md","category":"support","created_at":"2026-05-04T10:12:30Z"},"score":0.91}""",
        """{"message":{t},"stack":"Error: Request failed with status code 429\n    at async {n} (file:///app/src/index.js:120:15)\n    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)"}""",
        """{"model":"gpt-4o-mini","temperature":0.7,"max_tokens":1024,"top_p":1,"frequency_penalty":0,"presence_penalty":0,"stream":true,"tools":[],"tool_choice":"auto","response_format":{"type":"json_object"}}""",
        """{"gen_ai.operation.name":"chat","gen_ai.provider.name":"openai","gen_ai.request.model":"gpt-4o","gen_ai.response.model":"gpt-4o-2024-08-06","gen_ai.response.id":"chatcmpl-{h}","gen_ai.usage.input_tokens":1200,"gen_ai.usage.output_tokens":180,"server.address":"api.openai.com"}""",
        """{"service.name":"{n}","telemetry.sdk.language":"nodejs","telemetry.sdk.name":"opentelemetry","deployment.environment.name":"production","host.name":"{h}"}""",
        """{"question":{t},"chat_history":[],"context":"{u}"}""",
        """{"input":{t},"output":"{u}"}""",
        """{"answer":{t},"confidence":"high","sources":["https://example.com/{n}"],"reasoning":"{u}"}""",
    ];

    private static readonly string[] s_names =
        ["search_documents", "get_weather", "get_order_status", "create_ticket", "lookup_customer", "send_email", "run_query", "read_file", "list_files", "get_current_time", "web_search", "calculate", "update_record", "fetch_url"];

    /// <summary>The same for the same passages.</summary>
    public IEnumerable<byte[]> All()
    {
        var (random, next) = (new Random(1), 0);
        for (var i = 0; i < passages.Count; i++)
        {
            var text = s_shapes[i % s_shapes.Length];
            text = Replace(text, "{t}", () => JsonSerializer.Serialize(Passage()));
            text = Replace(text, "{u}", () => Inner(Passage()));
            text = Replace(text, "{n}", () => s_names[random.Next(s_names.Length)]);
            text = Replace(text, "{h}", () => Convert.ToHexStringLower(Bytes(random)));
            yield return System.Text.Encoding.UTF8.GetBytes(text);
        }

        string Passage() => passages[next++ % passages.Count];
    }

    private static string Inner(string passage) => JsonSerializer.Serialize(passage.Length > 160 ? passage[..160] : passage)[1..^1];

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[12];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Replace(string text, string mark, Func<string> by)
    {
        for (var at = text.IndexOf(mark, StringComparison.Ordinal); at >= 0; at = text.IndexOf(mark, StringComparison.Ordinal))
        {
            text = string.Concat(text.AsSpan(0, at), by(), text.AsSpan(at + mark.Length));
        }

        return text;
    }
}
