using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PeriluneSdk.Tests.Support;

namespace PeriluneSdk.Tests.Recording;

public sealed class TreeTests
{
    private static readonly ActivitySource s_web = new("Tests.Web");

    [Fact]
    public async Task An_agent_holds_its_calls_and_they_their_tools()
    {
        await using var sink = await Sink.StartAsync();
        await using var client = sink.Client();
        using var chat = new FakeModel("get_weather").AsBuilder().UseFunctionInvocation().UsePerilune().Build();
        var weather = AIFunctionFactory.Create((string city) => $"Sunny in {city}", "get_weather");

        using (var run = Perilune.Agent("WeatherAgent").Input("Weather?"))
        {
            var answer = await chat.GetResponseAsync("Weather?", new ChatOptions { Tools = [weather] }, TestContext.Current.CancellationToken);
            run.Output(answer.Text);
        }

        await client.SettleAsync();
        var agent = sink.Span("invoke_agent WeatherAgent");
        var tool = sink.Span("execute_tool get_weather");
        var calls = sink.Spans.Where(static span => span.Name == "chat fake-1").ToList();
        Assert.Equal(2, calls.Count);
        Assert.Equal("", agent.ParentId);
        Assert.All(sink.Spans, span => Assert.Equal(agent.TraceId, span.TraceId));
        Assert.All(calls.Append(tool), span => Assert.Contains(Above(span), above => above == agent));
        Assert.Equal("Weather?", agent["input.value"]);
        Assert.Equal("It is 18 °C and sunny.", agent["output.value"]);
        Assert.Contains("Sunny in Paris", (string)tool["gen_ai.tool.call.result"]!, StringComparison.Ordinal);

        IEnumerable<SentSpan> Above(SentSpan span)
        {
            for (var above = Parent(span); above is not null; above = Parent(above))
            {
                yield return above;
            }
        }

        SentSpan? Parent(SentSpan span) => sink.Spans.SingleOrDefault(other => other.SpanId == span.ParentId);
    }

    [Fact]
    public async Task Spans_between_that_are_not_recorded_do_not_tear_a_trace()
    {
        await using var sink = await Sink.StartAsync();
        await using var client = sink.Client();
        using var others = Listen("Tests.Web", ActivitySamplingResult.AllData);

        using (s_web.StartActivity("POST /chat"))
        using (Perilune.Agent("outer"))
        using (s_web.StartActivity("HTTP POST"))
        {
            Perilune.Llm("m").Dispose();
        }

        await client.SettleAsync();
        Assert.Equal(2, sink.Spans.Count);
        Assert.Equal("", sink.Span("invoke_agent outer").ParentId);
        Assert.Equal(sink.Span("invoke_agent outer").SpanId, sink.Span("chat m").ParentId);
    }

    [Fact]
    public async Task Calls_in_a_request_that_a_sampler_left_out_are_recorded_without_a_mark_for_others()
    {
        await using var sink = await Sink.StartAsync();
        await using var client = sink.Client();
        using var others = Listen("Tests.Web", ActivitySamplingResult.PropagationData);
        bool isMarked;

        using (var request = s_web.StartActivity("GET /", ActivityKind.Server, new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None, isRemote: true)))
        using (var run = Perilune.Llm("m"))
        {
            isMarked = run.Activity!.Recorded;
        }

        await client.SettleAsync();
        Assert.Equal("chat m", Assert.Single(sink.Spans).Name);
        Assert.False(isMarked);
    }

    /// <summary>ASP.NET Core's own span of a request has no listener, so OpenTelemetry's default sampler drops what is below it.</summary>
    [Fact]
    public async Task A_pipelines_default_sampler_does_not_cost_calls()
    {
        await using var sink = await Sink.StartAsync();
        var seen = new List<Activity>();
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddProcessor(new SimpleActivityExportProcessor(new Collecting(seen))))
            .AddPerilune(o => (o.Url, o.ApiKey) = (sink.Url, Sink.Key));
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        using (var request = new Activity("Microsoft.AspNetCore.Hosting.HttpRequestIn").Start())
        {
            Assert.False(request.Recorded);
            Perilune.Llm("m").Usage(input: 1, output: 2).Dispose();
        }

        Perilune.Llm("outside").Dispose();
        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["chat m", "chat outside"], sink.Spans.Select(static span => span.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["chat outside"], seen.Select(static activity => activity.DisplayName));
    }

    [Fact]
    public async Task Whole_traces_are_sampled()
    {
        await using var sink = await Sink.StartAsync();
        await using var client = sink.Client(static o => o.SampleRate = 0.5);

        for (var i = 0; i < 200; i++)
        {
            using var run = Perilune.Agent("a");
            Perilune.Llm("m").Dispose();
            Perilune.Tool("t").Dispose();
        }

        await client.SettleAsync();
        var traces = sink.Spans.GroupBy(static span => span.TraceId, StringComparer.Ordinal).ToList();
        Assert.InRange(traces.Count, 40, 160);
        Assert.All(traces, static trace => Assert.Equal(3, trace.Count()));
    }

    private static ActivityListener Listen(string source, ActivitySamplingResult result)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => result,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private sealed class Collecting(List<Activity> into) : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var activity in batch)
            {
                into.Add(activity);
            }

            return ExportResult.Success;
        }
    }
}
