using System.Text.Json.Nodes;

namespace Perilune.Browser.Tests;

/// <summary>What a small product would send in an hour: an agent with a sub-agent, a retrieval chain, streamed calls, errors, support threads.</summary>
internal sealed class SampleTraffic(DateTimeOffset now, int family = 4)
{
    public const string ResearchTrace = "11111111-0000-4000-8000-000000000001";
    public const string RetrievalTrace = "11111111-0000-4000-8000-000000000002";
    public const string Thread = "22222222-0000-4000-8000-000000000001";
    public const string BigTrace = "33333333-0000-4000-8000-000000000001";

    private readonly List<JsonObject> _events = [];
    private int _next;

    public static IReadOnlyList<JsonObject> Create(DateTimeOffset now)
    {
        var traffic = new SampleTraffic(now);
        traffic.Research();
        traffic.Retrieval();
        traffic.SupportThread();
        traffic.Calls();
        traffic.Odd();
        return traffic._events;
    }

    /// <summary>An agent with <paramref name="count"/> tool runs below nested steps.</summary>
    public static IReadOnlyList<JsonObject> Big(DateTimeOffset now, int count)
    {
        var traffic = new SampleTraffic(now, family: 6);
        traffic.Run("agent", "bulk-import", null, -600, 590, id: BigTrace);
        var parent = BigTrace;
        for (var i = 0; i < count; i++)
        {
            var fails = i % 997 == 500;
            var isStep = i % 50 == 0;
            var id = traffic.Run(isStep ? "chain" : "tool", isStep ? $"batch {i / 50}" : $"import_row_{i}", isStep ? BigTrace : parent, -600 + (i * 0.05), 0.04, error: fails ? "duplicate key" : null);
            parent = isStep ? id : parent;
        }

        return traffic._events;
    }

    private void Research()
    {
        const string root = ResearchTrace;
        Run("agent", "refund-agent", null, -130, 41.2, id: root, user: "u_193", tags: ["prod", "refunds"], input: "I was charged twice for order 991, can you refund one of them?", output: "Your duplicate charge of $59.00 for order 991 is refunded. It reaches your card in 3 to 5 days.");
        Call(root, "gpt-5-mini", -129.6, 1.9, 812, 64, Chat(("system", "You are a support agent. Use tools; never promise a refund before the ledger confirms it."), ("user", "I was charged twice for order 991, can you refund one of them?")), ToolCall("lookup_order", """{"order_id":991,"include":["payments","shipping"]}"""));
        Run("tool", "lookup_order", root, -127.6, 0.31, input: new JsonObject { ["order_id"] = 991 }, output: JsonNode.Parse("""{"status":"paid","payments":[{"id":"py_1","amount":59.0,"at":"2026-11-20T10:01:00Z"},{"id":"py_2","amount":59.0,"at":"2026-11-20T10:01:03Z"}],"customer":{"tier":"gold","since":2021}}"""));
        var policy = Run("agent", "policy-checker", root, -127.2, 9.8, input: "Refund rules for duplicate charges", output: "Eligible: duplicates within 30 days are refunded in full.");
        var retrieval = Run("retriever", "policy-search", policy, -127.1, 0.42, input: "duplicate charge refund", output: JsonNode.Parse("""[{"id":"kb-12","title":"Refund policy, section 4","summary":"Duplicate charges are refunded in full when reported within 30 days.","source":"https://kb.example.com/refunds#4","score":0.91},{"id":"kb-77","title":"Chargebacks","summary":"A chargeback stops every refund in flight.","source":"https://kb.example.com/chargebacks","score":0.62}]"""));
        _ = retrieval;
        Call(policy, "claude-sonnet-4-5", -126.5, 4.2, 4_210, 311, JsonNode.Parse("""[{"role":"user","content":[{"type":"text","text":"Is order 991 eligible? Cite the rule."}]}]""")!, JsonNode.Parse("""{"role":"assistant","content":[{"type":"thinking","thinking":"The two payments are three seconds apart, so this is a duplicate. Section 4 applies."},{"type":"text","text":"Yes. Section 4 of the refund policy: duplicate charges reported within 30 days are refunded in full."},{"type":"tool_use","id":"toolu_01","name":"record_decision","input":{"order":991,"eligible":true,"rule":"refunds#4"}}]}""")!);
        Run("tool", "record_decision", policy, -122.1, 0.08, input: JsonNode.Parse("""{"order":991,"eligible":true}"""), output: "ok");
        Run("tool", "issue_refund", root, -117, 10.0, input: JsonNode.Parse("""{"payment":"py_2","amount":59.0}"""), error: "Payment gateway timed out after 10 s", stack: "GatewayTimeout: Payment gateway timed out after 10 s\n    at issueRefund (/app/tools/refund.ts:42:11)\n    at async runTool (/app/agent/loop.ts:118:20)\n    at async RefundAgent.step (/app/agent/loop.ts:64:7)");
        Call(root, "gpt-5-mini", -106.5, 2.2, 1_544, 71, Chat(("user", "I was charged twice for order 991, can you refund one of them?"), ("assistant", "Let me look at the order."), ("user", "The refund tool timed out once: try again.")), ToolCall("issue_refund", """{"payment":"py_2","amount":59.0,"retry":true}"""));
        Run("tool", "issue_refund", root, -104, 6.4, input: JsonNode.Parse("""{"payment":"py_2","amount":59.0,"retry":true}"""), output: JsonNode.Parse("""{"refund":"re_7","state":"pending"}"""));
        Call(root, "gpt-5-mini", -97, 1.7, 1_702, 48, Chat(("user", "I was charged twice for order 991, can you refund one of them?"), ("tool", """{"refund":"re_7","state":"pending"}""")), Say("Your duplicate charge of $59.00 for order 991 is refunded. It reaches your card in 3 to 5 days."));
        Feedback(root, "up", "Solved on the first message");
    }

    private void Retrieval()
    {
        Run("chain", "RunnableSequence", null, -900, 3.4, id: RetrievalTrace, user: "u_42", tags: ["docs", "beta"], input: JsonNode.Parse("""{"question":"How do I rotate an API key without downtime?","lang":"en"}"""), output: "Create a second key, deploy it, then revoke the first one.", runtime: "langchain-js");
        Run("chain", "ChatPromptTemplate", RetrievalTrace, -899.9, 0.01, input: JsonNode.Parse("""{"question":"How do I rotate an API key without downtime?"}"""), output: JsonNode.Parse("""{"lc":1,"type":"constructor","id":["langchain_core","prompt_values","ChatPromptValue"],"kwargs":{"messages":[{"lc":1,"type":"constructor","id":["langchain_core","messages","SystemMessage"],"kwargs":{"content":"Answer from the documents.","additional_kwargs":{}}},{"lc":1,"type":"constructor","id":["langchain_core","messages","HumanMessage"],"kwargs":{"content":"How do I rotate an API key without downtime?","additional_kwargs":{}}}]}}"""), runtime: "langchain-js");
        Run("embedding", "text-embedding-3-small", RetrievalTrace, -899.8, 0.12, input: "How do I rotate an API key without downtime?");
        Run("retriever", "VectorStoreRetriever", RetrievalTrace, -899.6, 0.2, input: "How do I rotate an API key without downtime?", output: JsonNode.Parse("""[{"pageContent":"A project can have several keys. Revoking one takes effect at once.","metadata":{"source":"keys.md","title":"API keys"}}]"""), runtime: "langchain-js");
        Call(RetrievalTrace, "gpt-5", -899.3, 2.6, 1_320, 92, Chat(("system", "Answer from the documents."), ("user", "How do I rotate an API key without downtime?")), Say("Create a second key, deploy it, then revoke the first one."));
    }

    private void SupportThread()
    {
        Message(Thread, "user", "Hi, my invoice is wrong: it shows the old VAT number.", -400, "m-1", user: "u_77");
        var first = Message(Thread, "assistant", "I am sorry, I cannot change invoices.", -395, "m-2", user: "u_77");
        Feedback(first, "down", "Not helpful");
        var retry = Message(Thread, "assistant", "I can reissue it with the new VAT number. Which number should it show?", -380, "m-3", retry: true, user: "u_77");
        Feedback(retry, "up", null);
        Event(Thread, "opened-invoice", -370, JsonNode.Parse("""{"invoice":"INV-2211","pages":2}""")!);
        var question = Message(Thread, "user", "It is DE811907980, thanks!", -360, "m-4", user: "u_77");
        var trace = Run("agent", "invoice-agent", question, -359.5, 3.1, user: "u_77", input: "It is DE811907980, thanks!", output: "Invoice INV-2211 is reissued with DE811907980.");
        Call(trace, "gpt-5-mini", -359.2, 1.2, 640, 22, Chat(("user", "It is DE811907980, thanks!")), ToolCall("reissue_invoice", """{"invoice":"INV-2211","vat":"DE811907980"}"""));
        Run("tool", "reissue_invoice", trace, -357.9, 0.9, input: JsonNode.Parse("""{"invoice":"INV-2211"}"""), output: JsonNode.Parse("""{"ok":true}"""));
        Message(Thread, "assistant", "Invoice INV-2211 is reissued with DE811907980. It is in your inbox.", -356, "m-5", user: "u_77");
        for (var i = 0; i < 8; i++)
        {
            var other = $"22222222-0000-4000-8000-0000000001{i:00}";
            Message(other, "user", s_questions[i % s_questions.Length], -1000 - (i * 310), $"o-{i}-a", user: $"u_{10 + i}");
            Message(other, "assistant", "Here is how that works, step by step.", -996 - (i * 310), $"o-{i}-b", user: $"u_{10 + i}");
        }
    }

    private void Calls()
    {
        string[] models = ["gpt-5-mini", "gpt-5", "claude-sonnet-4-5", "gemini-2.5-pro", "llama-3.3-70b"];
        for (var i = 0; i < 140; i++)
        {
            var question = s_questions[i % s_questions.Length];
            var fails = i % 23 == 7;
            Call(null, models[i % models.Length], -60 - (i * 47), 0.4 + (i % 9 * 0.7), 180 + (i * 37 % 4_000), 20 + (i * 13 % 600), Chat(("system", "You are concise."), ("user", question)), fails ? null : Say($"Short answer number {i}: yes, and here is why it works that way."), user: $"u_{i % 30}", tags: i % 4 == 0 ? ["prod"] : i % 4 == 1 ? ["staging", "nightly"] : [], error: fails ? "429 Too Many Requests: rate limit reached for requests per minute" : null);
        }
    }

    private void Odd()
    {
        const string pixel = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        Call(null, "gpt-4o", -20, 2.4, 1_105, 77, new JsonArray(new JsonObject { ["role"] = "user", ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = "What is in this picture?" }, new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = pixel } }) }), Say("A single purple pixel."), user: "u_5", tags: ["vision"]);
        var running = Id();
        Add(new JsonObject { ["type"] = "llm", ["event"] = "start", ["runId"] = running, ["name"] = "o4-deep-research", ["timestamp"] = Time(-12), ["input"] = "Compare the pension systems of the Nordic countries.", ["userId"] = "u_1", ["tags"] = new JsonArray("research") });
    }

    private static readonly string[] s_questions =
    [
        "How do I export my data as CSV?", "¿Puedo cambiar el idioma de la interfaz?", "Why was my card declined twice this morning?",
        "Summarise the attached contract in five bullet points.", "Was kostet der Team-Tarif im Jahr?", "Write a haiku about eventual consistency.",
        "Which of these two queries is faster, and why?\n\nSELECT * FROM a JOIN b USING (id)\nSELECT * FROM a WHERE id IN (SELECT id FROM b)",
    ];

    private void Call(string? parent, string model, double at, double seconds, int prompt, int completion, JsonNode input, JsonNode? output, string? user = null, string[]? tags = null, string? error = null) =>
        Run("llm", model, parent, at, seconds, input: input, output: output, user: user, tags: tags, error: error, prompt: prompt, completion: completion, parameters: JsonNode.Parse("""{"temperature":0.2,"max_tokens":800}"""));

    private string Run(string type, string name, string? parent, double at, double seconds, JsonNode? input = null, JsonNode? output = null, string? id = null, string? user = null, string[]? tags = null, string? error = null, string? stack = null, int? prompt = null, int completion = 0, JsonNode? parameters = null, string runtime = "lunary-js")
    {
        id ??= Id();
        var start = new JsonObject { ["type"] = type, ["event"] = "start", ["runId"] = id, ["name"] = name, ["timestamp"] = Time(at), ["runtime"] = runtime, ["metadata"] = new JsonObject { ["release"] = "2026.11.3", ["region"] = "eu-central" } };
        Set(start, "parentRunId", parent);
        Set(start, "userId", user);
        Set(start, "input", input);
        Set(start, "params", parameters);
        Set(start, "tags", tags is null ? null : new JsonArray([.. tags.Select(t => JsonValue.Create(t))]));
        Add(start);
        var end = new JsonObject { ["type"] = type, ["event"] = error is null ? "end" : "error", ["runId"] = id, ["timestamp"] = Time(at + seconds) };
        Set(end, "output", output);
        Set(end, "error", error is null ? null : new JsonObject { ["message"] = error, ["stack"] = stack });
        Set(end, "tokensUsage", prompt is null || error is not null ? null : new JsonObject { ["prompt"] = prompt, ["completion"] = completion });
        Add(end);
        return id;
    }

    private string Message(string thread, string role, string text, double at, string id, bool retry = false, string? user = null)
    {
        Add(new JsonObject { ["type"] = "thread", ["event"] = "chat", ["runId"] = id, ["parentRunId"] = thread, ["timestamp"] = Time(at), ["userId"] = user, ["threadTags"] = new JsonArray("support"), ["runtime"] = "lunary-js", ["message"] = new JsonObject { ["id"] = id, ["role"] = role, ["content"] = text, ["isRetry"] = retry } });
        return id;
    }

    private void Event(string thread, string name, double at, JsonNode metadata) =>
        Add(new JsonObject { ["type"] = "thread", ["event"] = "custom-event", ["runId"] = Id(), ["parentRunId"] = thread, ["timestamp"] = Time(at), ["name"] = name, ["metadata"] = metadata });

    private void Feedback(string run, string thumb, string? comment) =>
        Add(new JsonObject { ["event"] = "feedback", ["runId"] = run, ["timestamp"] = Time(-5), ["feedback"] = new JsonObject { ["thumb"] = thumb, ["comment"] = comment } });

    private void Add(JsonObject item) => _events.Add(item);

    private string Id() => $"{new string((char)('0' + family), 8)}-0000-4000-8000-{++_next:000000000000}";

    private string Time(double seconds) => now.AddSeconds(seconds).ToString("o");

    private static void Set(JsonObject target, string name, JsonNode? value)
    {
        if (value is not null)
        {
            target[name] = value;
        }
    }

    private static JsonArray Chat(params (string Role, string Text)[] messages) =>
        [.. messages.Select(m => new JsonObject { ["role"] = m.Role, ["content"] = m.Text })];

    private static JsonObject Say(string text) => new() { ["role"] = "assistant", ["content"] = text };

    private static JsonObject ToolCall(string name, string arguments) => new()
    {
        ["role"] = "assistant",
        ["content"] = null,
        ["tool_calls"] = new JsonArray(new JsonObject { ["id"] = "call_1", ["type"] = "function", ["function"] = new JsonObject { ["name"] = name, ["arguments"] = arguments } }),
    };
}
