using System.Text;
using Perilune.Model;
using Perilune.Server.Features.Traces;

namespace Perilune.Server.Tests.Traces;

/// <summary>A tool that is called over MCP: the framework, the client and the server each make a span of the one call.</summary>
public sealed class ToolCallTests(SharedApiHost shared) : IClassFixture<SharedApiHost>
{
    private const string Agent = """{"name":"invoke_agent","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"invoke_agent"}}],""";
    private const string Framework = """{"name":"execute_tool get_weather","kind":1,"attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"execute_tool"}},{"key":"gen_ai.tool.name","value":{"stringValue":"get_weather"}},{"key":"gen_ai.tool.call.id","value":{"stringValue":"call_1"}}],""";
    private const string Mcp = """ "attributes":[{"key":"mcp.method.name","value":{"stringValue":"tools/call"}},{"key":"gen_ai.operation.name","value":{"stringValue":"execute_tool"}}],"name":"tools/call get_weather",""";
    private const string Query = """{"name":"SELECT","kind":3,"attributes":[{"key":"db.system.name","value":{"stringValue":"postgresql"}}],""";
    private const string Sampling = """{"name":"chat","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},{"key":"gen_ai.request.model","value":{"stringValue":"gpt-5"}}],""";
    private const string Failed = """ "status":{"code":2,"message":"no such city"},""";

    [Theory]
    [InlineData("01", "client server framework agent query")]
    [InlineData("02", "query server client framework agent")]
    [InlineData("03", "agent framework client server query")]
    public async Task Shows_as_one_whatever_comes_first(string trace, string order)
    {
        await SendAsync(trace, order.Split(' '));

        var shown = await FindAsync(trace, plumbing: false);
        Assert.Equal(["agent invoke_agent", "tool get_weather"], shown.Rows.Select(Line));
        Assert.Equal(3, shown.Hidden);
        Assert.Equal(["agent invoke_agent", "tool get_weather", "tool get_weather", "tool get_weather", "plumbing SELECT"], (await FindAsync(trace, plumbing: true)).Rows.Select(Line));
    }

    [Fact]
    public async Task Has_what_hangs_below_its_inside()
    {
        await SendAsync("04", "agent", "framework", "client", "server", "query", "sampling");
        var shown = await FindAsync("04", plumbing: false);
        Assert.Equal(["0 agent invoke_agent", "1 tool get_weather", "2 llm gpt-5"], shown.Rows.Select(row => $"{row.Depth} {Line(row)}"));
        Assert.Equal(3, shown.Hidden);
    }

    [Fact]
    public async Task Shows_the_attempt_that_failed_of_a_call_that_went_well_and_one_error_of_one_that_failed()
    {
        await SendAsync("05", "agent", "framework", "failed client", "client");
        var shown = await FindAsync("05", plumbing: false);
        Assert.Equal((3, 1, 1), (shown.Rows.Count, shown.Errors, shown.Hidden));

        await SendAsync("06", "agent", "failed framework", "failed client", "failed server");
        var failed = await FindAsync("06", plumbing: false);
        Assert.Equal((2, 1, 2), (failed.Rows.Count, failed.Errors, failed.Hidden));
    }

    [Fact]
    public async Task Of_a_server_alone_is_a_tool()
    {
        await SendAsync("07", "server");
        Assert.Equal("tool get_weather", Line(Assert.Single((await FindAsync("07", plumbing: false)).Rows)));
    }

    private static string Line(TraceRow row) => $"{row.Run.Type} {row.Name}";

    private async Task<Trace> FindAsync(string trace, bool plumbing)
    {
        var run = await shared.Host.Client.GetStringAsync($"/v1/runs/{TraceId(trace)}-{(trace == "07" ? "0000000000000004" : "0000000000000001")}", TestContext.Current.CancellationToken);
        using var json = System.Text.Json.JsonDocument.Parse(run);
        return (await new TraceReader(shared.Host.Store).FindAsync(shared.Host.Project, RunId.FromClient(json.RootElement.GetProperty("id").GetString()!), plumbing, TestContext.Current.CancellationToken))!;
    }

    private static string TraceId(string trace) => trace.PadLeft(32, 'a');

    /// <summary>Each span in a request of its own.</summary>
    private async Task SendAsync(string trace, params IReadOnlyList<string> spans)
    {
        foreach (var span in spans)
        {
            var text = span.Split(' ')[^1] switch
            {
                "agent" => Span(Agent, 1, 0),
                "framework" => Span(Framework, 2, 1),
                "client" => Span("{\"kind\":3," + Mcp, span == "client" ? 3 : 13, 2),
                "server" => Span("{\"kind\":2," + Mcp, 4, span == "server" ? 3 : 13),
                "query" => Span(Query, 5, 4),
                _ => Span(Sampling, 6, 4),
            };
            text = span.StartsWith("failed", StringComparison.Ordinal) ? text.Replace("\"traceId\"", Failed + "\"traceId\"", StringComparison.Ordinal) : text;
            using var body = new StringContent($$"""{"resourceSpans":[{"scopeSpans":[{"scope":{"name":"t"},"spans":[{{text}}]}]}]}""", Encoding.UTF8, "application/json");
            using var answer = await shared.Host.Client.PostAsync("/v1/traces", body, TestContext.Current.CancellationToken);
            Assert.Equal("{}", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        string Span(string head, int id, int parent) =>
            $"{head}\"traceId\":\"{TraceId(trace)}\",\"spanId\":\"{id:x16}\",{(parent == 0 ? "" : $"\"parentSpanId\":\"{parent:x16}\",")}\"startTimeUnixNano\":\"{1_764_000_000_000_000_000 + ((id % 10) * 1_000_000)}\",\"endTimeUnixNano\":\"1764000001000000000\"}}";
    }
}
