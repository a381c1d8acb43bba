using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Perilune.Ingest.LangSmith;
using Perilune.Ingest.Tests.Otlp;
using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Storage;
using ZstdSharp;

namespace Perilune.Ingest.Tests.Http;

/// <summary>The routes of LangSmith's, Opik's and OpenAI's SDKs: answers, partial trouble, and what comes in several requests.</summary>
public sealed class SdkEndpointTests
{
    private const string Turn = """
        {"object":"trace.span","id":"span_turn","trace_id":"trace_1","parent_id":"span_agent","started_at":"2026-11-23T12:00:00Z","ended_at":"2026-11-23T12:00:03Z","span_data":{"type":"custom","name":"turn","data":{"sdk_span_type":"turn","turn":1,"usage":{"input_tokens":120,"output_tokens":34,"cached_input_tokens":64}}},"error":null}
        """;

    private const string Response = """
        {"object":"trace.span","id":"span_response","trace_id":"trace_1","parent_id":"span_turn","started_at":"2026-11-23T12:00:00Z","ended_at":"2026-11-23T12:00:01Z","span_data":{"type":"response","response_id":"resp_1"},"error":null}
        """;

    [Fact]
    public async Task Takes_every_recorded_request_as_its_sdk_sends_it()
    {
        await using var host = await IngestHost.StartAsync();
        foreach (var client in SdkFixture.Own)
        {
            foreach (var (method, path, contentType, body) in SdkFixture.Requests(client))
            {
                var answer = await SendAsync(host, method, path, contentType, body, key: client.StartsWith("opik", StringComparison.Ordinal) ? "Authorization" : "x-api-key");
                Assert.True(answer.Status is 202 or 204, $"{client} {path}: {answer.Body}");
            }
        }

        // One run for each of the two recordings of LangSmith, Opik's traces and spans, and those of the Agents SDK, with a thread.
        Assert.Equal((2 * 17) + 32 + 13 + 1, await host.Store.CountAsync(IngestHost.PublicKey, RunScope.All, Filter.All, TimeSpan.MaxValue, TestContext.Current.CancellationToken));
        var scored = await host.FindAsync("01a20852-a4f1-7515-a2fe-7eca4babbead");
        Assert.Equal(("quality", "0.9", "good"), Assert.Single(scored!.Scores) is var score ? (score.Label, score.Value.ToString(), score.Comment) : default);
    }

    /// <summary>A response of an agent tells no tokens; its turn does, once it ends, which is often in another request.</summary>
    [Theory]
    [InlineData(Response + "," + Turn)]
    [InlineData(Response, Turn)]
    [InlineData(Turn, Response)]
    [InlineData(Turn, Response, Turn, Response)]
    public async Task Gives_the_tokens_of_a_turn_to_its_model_call(params string[] requests)
    {
        await using var host = await IngestHost.StartAsync();
        foreach (var data in requests)
        {
            Assert.Equal(204, (await PostAsync(host, "/v1/traces/ingest", $$"""{"data":[{{data}}]}""")).Status);
        }

        var call = await host.FindAsync("span_response");
        Assert.Equal(("llm", "resp_1", new Usage(120, 34, 64)), (call!.Type, call.CallId, call.Usage! with { CacheWrite5m = null }));
        Assert.Equal(1, await host.Store.CountAsync(IngestHost.PublicKey, RunScope.Llm, Filter.All, TimeSpan.MaxValue, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Gives_a_trace_of_an_agent_the_times_of_its_spans()
    {
        await using var host = await IngestHost.StartAsync();
        await PostAsync(host, "/v1/traces/ingest", """
            {"data":[{"object":"trace","id":"trace_2","workflow_name":"Joke","group_id":"chat-1","metadata":null},
              {"object":"trace.span","id":"span_b","trace_id":"trace_2","parent_id":null,"started_at":"2026-11-23T12:00:05Z","ended_at":"2026-11-23T12:00:09Z","span_data":{"type":"generation","model":"gpt-5","model_config":{"temperature":1},"input":[{"role":"user","content":"Hi"}],"output":[{"role":"assistant","content":"Ho"}],"usage":{"input_tokens":3,"output_tokens":2}}},
              {"object":"trace.span","id":"span_a","trace_id":"trace_2","parent_id":null,"started_at":"2026-11-23T12:00:00Z","ended_at":"2026-11-23T12:00:04Z","span_data":{"type":"handoff","from_agent":"Triage","to_agent":"Jokes"},"error":{"message":"No","data":{"why":1}}}]}
            """);

        var trace = await host.FindAsync("trace_2");
        Assert.Equal(("chain", "Joke", RunStatus.Success, TimeSpan.FromSeconds(9)), (trace!.Type, trace.Name, trace.Status, trace.Duration));
        Assert.Equal(RunId.FromClient("chat-1"), trace.ThreadId);
        var call = await host.FindAsync("span_b");
        Assert.Equal(("llm", "gpt-5", new Usage(3, 2), """{"temperature":1}"""), (call!.Type, call.Name, call.Usage, call.Params.ToString()));
        var handoff = await host.FindAsync("span_a");
        Assert.Equal(("chain", "Triage → Jokes", """{"message":"No","data":{"why":1}}"""), (handoff!.Type, handoff.Name, handoff.Error.ToString()));
    }

    /// <summary>A trace that has ended is not changed by a public key, and nothing that was sent is called refused for it.</summary>
    [Fact]
    public async Task A_public_key_may_send_an_agent_s_trace_in_several_requests()
    {
        await using var host = await IngestHost.StartAsync();
        for (var i = 1; i <= 2; i++)
        {
            var span = $$$"""{"object":"trace.span","id":"span_{{{i}}}","trace_id":"trace_3","parent_id":null,"started_at":"2026-11-23T12:00:0{{{i}}}Z","ended_at":"2026-11-23T12:00:0{{{i}}}.500Z","span_data":{"type":"agent","name":"A{{{i}}}"}}""";
            var answer = await SendAsync(host, "POST", "/v1/traces/ingest", "application/json", Encoding.UTF8.GetBytes($$"""{"data":[{"object":"trace","id":"trace_3","workflow_name":"Two"},{{span}}]}"""), key: "x-api-key", value: IngestHost.PublicKey);
            Assert.Equal(204, answer.Status);
        }

        Assert.Equal(["A1", "A2"], (await host.Store.SubtreeAsync(IngestHost.PublicKey, RunId.FromClient("trace_3"), RunDetail.None, TestContext.Current.CancellationToken)).Where(run => run.Type == RunTypes.Agent).Select(run => run.Name));
        Assert.Equal(TimeSpan.FromMilliseconds(500), (await host.FindAsync("trace_3"))!.Duration);
        Assert.Equal(0, (await host.Store.ArrivalsAsync(IngestHost.PublicKey, DateOnly.MinValue, TestContext.Current.CancellationToken)).Sum(a => a.Refused));
    }

    [Fact]
    public async Task Follows_a_run_of_LangSmith_from_its_beginning_to_its_end()
    {
        await using var host = await IngestHost.StartAsync();
        const string Id = "0f0e0d0c-1111-4111-8111-000000000001";
        Assert.Equal(202, (await PostAsync(host, "/runs", $$$$"""{"id":"{{{{Id}}}}","name":"wrapped","run_type":"llm","start_time":"2026-11-23T12:00:00.000500","inputs":{"messages":[{"role":"user","content":"Hi"}],"model":"gpt-5","temperature":0},"extra":{"metadata":{"a":1}}}""")).Status);
        Assert.Equal(RunStatus.Running, (await host.FindAsync(Id))!.Status);
        Assert.Equal(202, (await SendAsync(host, "PATCH", $"/api/v1/runs/{Id}", "application/json", Encoding.UTF8.GetBytes("""
            {"end_time":"2026-11-23T12:00:02+00:00","outputs":{"id":"resp-9","model":"gpt-5-2026","choices":[{"message":{"role":"assistant","content":"Ho"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":8}}}}
            """))).Status);
        Assert.Equal(200, (await PostAsync(host, "/feedback", $$"""{"run_id":"{{Id}}","key":"helpful","score":1,"comment":"yes"}""")).Status);

        var run = await host.FindAsync(Id);
        Assert.Equal(("llm", "gpt-5", "gpt-5-2026", "resp-9", RunStatus.Success), (run!.Type, run.Name, run.ServedModel, run.CallId, run.Status));
        Assert.Equal("""[{"role":"user","content":"Hi"}]""", run.Input.ToString());
        Assert.Equal("""{"model":"gpt-5","temperature":0}""", run.Params.ToString());
        Assert.Equal(new Usage(9, 4, 8), run.Usage);
        Assert.Equal(TimeSpan.FromMicroseconds(1_999_500), run.Duration);
        Assert.Equal("helpful", Assert.Single(run.Scores).Label);
    }

    [Fact]
    public async Task Tells_LangSmith_what_it_takes_and_takes_it_compressed()
    {
        await using var host = await IngestHost.StartAsync();
        using var info = JsonDocument.Parse((await SendAsync(host, "GET", "/info", null, [], key: null)).Body);
        Assert.True(info.RootElement.GetProperty("batch_ingest_config").GetProperty("use_multipart_endpoint").GetBoolean());

        var (_, path, contentType, body) = SdkFixture.Requests("langsmith")[0];
        using var packed = new MemoryStream();
        await using (var pack = new CompressionStream(packed))
        {
            await pack.WriteAsync(body, TestContext.Current.CancellationToken);
        }

        Assert.Equal(202, (await SendAsync(host, "POST", path, contentType, packed.ToArray(), encoding: "zstd")).Status);
    }

    [Fact]
    public async Task Refuses_one_item_without_losing_the_others()
    {
        await using var host = await IngestHost.StartAsync();
        var langsmith = await PostAsync(host, "/runs/batch", """{"post":[{"id":"good","run_type":"chain","start_time":1764000000000},{"id":"bad","start_time":"yesterday"},{"name":"nameless"}]}""");
        Assert.Equal(200, langsmith.Status);
        using var refused = JsonDocument.Parse(langsmith.Body);
        Assert.Equal(["bad", "nameless"], refused.RootElement.GetProperty("refused").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
        Assert.NotNull(await host.FindAsync("good"));

        var opik = await PostAsync(host, "/api/v1/private/spans/batch", """{"spans":[{"id":"alone","start_time":"2026-11-23T12:00:00Z"}]}""");
        Assert.Equal((400, true), (opik.Status, opik.Message.Contains("trace_id", StringComparison.Ordinal)));

        var arrivals = await host.Store.ArrivalsAsync(IngestHost.PublicKey, DateOnly.MinValue, TestContext.Current.CancellationToken);
        Assert.Equal((1, 3), (arrivals.Sum(a => a.Stored), arrivals.Sum(a => a.Refused)));
    }

    [Fact]
    public async Task Takes_no_more_items_in_a_request_than_it_says()
    {
        var parts = string.Concat(Enumerable.Range(0, 50_001).Select(i => $"--x\r\nContent-Disposition: form-data; name=\"post.{i}\"\r\n\r\n{{\"run_type\":\"chain\",\"start_time\":1}}\r\n"));
        var batch = await LangSmithMultipart.ReadAsync(Encoding.UTF8.GetBytes(parts + "--x--\r\n"), "multipart/form-data; boundary=x", default, TestContext.Current.CancellationToken);
        Assert.Equal(50_000, batch.Events.Count);
        Assert.Contains("may hold 50,000 items", Assert.Single(batch.Refused).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/runs/batch", """{"runs":[]}""", "post")]
    [InlineData("/runs/batch", "{", "Malformed JSON at byte 1")]
    [InlineData("/runs/multipart", "x", "multipart/form-data")]
    [InlineData("/api/v1/private/traces/batch", "[]", "traces")]
    [InlineData("/v1/traces/ingest", "{}", "data")]
    public async Task Says_what_a_body_should_have_been(string path, string body, string expected)
    {
        await using var host = await IngestHost.StartAsync();
        var answer = await PostAsync(host, path, body);
        Assert.Equal(400, answer.Status);
        Assert.Contains(expected, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opik_may_change_what_it_sent()
    {
        await using var host = await IngestHost.StartAsync();
        Assert.Equal(201, (await PostAsync(host, "/api/v1/private/traces", """{"id":"t","name":"ask","start_time":"2026-11-23T12:00:00Z","thread_id":"th","input":"Hi"}""")).Status);
        Assert.Equal(201, (await PostAsync(host, "/api/v1/private/spans", """{"id":"s","trace_id":"t","name":"find","type":"tool","start_time":"2026-11-23T12:00:00Z","input":{"q":1}}""")).Status);
        Assert.Equal(204, (await SendAsync(host, "PATCH", "/api/v1/private/spans/s", "application/json", Encoding.UTF8.GetBytes("""{"trace_id":"t","end_time":"2026-11-23T12:00:01Z","error_info":{"exception_type":"KeyError","message":"no q","traceback":"…"}}"""))).Status);
        Assert.Equal(204, (await SendAsync(host, "PATCH", "/api/v1/private/traces/t", "application/json", Encoding.UTF8.GetBytes("""{"end_time":"2026-11-23T12:00:02Z","output":"Ho","tags":["a"]}"""))).Status);
        Assert.Equal(204, (await SendAsync(host, "PUT", "/api/v1/private/threads/feedback-scores", "application/json", Encoding.UTF8.GetBytes("""{"scores":[{"thread_id":"th","name":"mood","value":0.2}]}"""))).Status);

        var (trace, span, thread) = (await host.FindAsync("t"), await host.FindAsync("s"), await host.FindAsync("th"));
        Assert.Equal((RunStatus.Success, "\"Ho\"", TimeSpan.FromSeconds(2)), (trace!.Status, trace.Output.ToString(), trace.Duration));
        Assert.Equal(("tool", "find", RunStatus.Error, """{"message":"no q","type":"KeyError","stack":"…"}"""), (span!.Type, span.Name, span.Status, span.Error.ToString()));
        Assert.Equal("mood", Assert.Single(thread!.Scores).Label);
    }

    private static Task<Answer> PostAsync(IngestHost host, string path, string body) => SendAsync(host, "POST", path, "application/json", Encoding.UTF8.GetBytes(body));

    private static async Task<Answer> SendAsync(IngestHost host, string method, string path, string? contentType, byte[] body, string? key = "x-api-key", string? encoding = null, Guid? value = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (contentType is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        if (encoding is not null)
        {
            request.Content!.Headers.ContentEncoding.Add(encoding);
        }

        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation(key, (value ?? IngestHost.PrivateKey).ToString());
        }

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), null);
    }
}
