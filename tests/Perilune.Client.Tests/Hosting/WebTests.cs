using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using PeriluneSdk.Tests.Support;

namespace PeriluneSdk.Tests.Hosting;

public sealed class WebTests
{
    [Fact]
    public async Task A_requests_user_and_thread_are_on_what_it_records()
    {
        await using var sink = await Sink.StartAsync();
        await using var app = await StartAsync(sink);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        http.DefaultRequestHeaders.Add("X-Thread-Id", "chat-7");

        var run = await http.GetStringAsync(new Uri("ask", UriKind.Relative), TestContext.Current.CancellationToken);

        await app.Services.GetRequiredService<PeriluneClient>().SettleAsync();
        var span = Assert.Single(sink.Spans);
        Assert.Equal(("u42", "chat-7", ""), (span["user.id"], span["gen_ai.conversation.id"], span.ParentId));
        Assert.Equal("web", span.Resource["service.name"]);
        Assert.Equal(36, run.Length);
    }

    [Fact]
    public async Task Browsers_give_feedback_without_a_key()
    {
        await using var sink = await Sink.StartAsync();
        await using var app = await StartAsync(sink);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        Assert.Equal(HttpStatusCode.Accepted, await PostAsync("""{"runId":"r1","thumb":"down","comment":"wrong city"}"""));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync("""{"thumb":"down"}"""));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync("""{"runId":"r1","thumb":"sideways"}"""));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync("thumb"));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync($$"""{"runId":"r1","comment":"{{new string('x', 70_000)}}"}"""));

        await app.Services.GetRequiredService<PeriluneClient>().SettleAsync();
        var e = Assert.Single(sink.Events);
        Assert.Equal(("r1", """{"thumb":"down","comment":"wrong city"}"""), ((string?)e["runId"], e["feedback"]!.ToJsonString()));

        async Task<HttpStatusCode> PostAsync(string body)
        {
            using var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body));
            using var response = await http.PostAsync(new Uri("feedback", UriKind.Relative), content, TestContext.Current.CancellationToken);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_health_check_says_why_nothing_is_delivered()
    {
        await using var sink = await Sink.StartAsync();
        var isDown = true;
        sink.Refuse = (context, _, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.FromResult(isDown);
        };
        await using var app = await StartAsync(sink);
        var health = app.Services.GetRequiredService<HealthCheckService>();
        var client = app.Services.GetRequiredService<PeriluneClient>();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Status);

        Perilune.Agent("a").Dispose();
        while (client.Status.Failure is null)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        var entry = (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Entries["perilune"];
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("HTTP 503", entry.Description, StringComparison.Ordinal);
        isDown = false;
        await client.SettleAsync();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Status);
    }

    [Fact]
    public async Task A_scope_goes_along_to_the_next_service()
    {
        await using var sink = await Sink.StartAsync();
        await using var app = await StartAsync(sink, static o => o.PropagateContext = true);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        using (Perilune.Scope(user: "u1", thread: "t1", tags: ["a,b", "c"]))
        using (Perilune.Agent("caller"))
        {
            await http.GetStringAsync(new Uri("anonymous", UriKind.Relative), TestContext.Current.CancellationToken);
        }

        await app.Services.GetRequiredService<PeriluneClient>().SettleAsync();
        var (caller, called) = (sink.Span("invoke_agent caller"), sink.Span("chat m"));
        Assert.Equal((caller.TraceId, caller.SpanId), (called.TraceId, called.ParentId));
        Assert.Equal(("u1", "t1"), (called["user.id"], called["session.id"]));
        Assert.Equal(["a,b", "c"], (object?[])called["tag.tags"]!);
    }

    private static async Task<WebApplication> StartAsync(Sink sink, Action<PeriluneOptions>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "web" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHealthChecks().AddPerilune();
        builder.Services.AddPerilune(o =>
        {
            (o.Url, o.ApiKey, o.FlushInterval) = (sink.Url, Sink.Key, TimeSpan.FromMilliseconds(10));
            configure?.Invoke(o);
        });
        var app = builder.Build();
        app.Use(static (context, next) =>
        {
            context.User = context.Request.Path == "/anonymous" ? new ClaimsPrincipal() : new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "u42")]));
            return next(context);
        });
        app.UsePeriluneContext(static o => o.Tags = static context => context.Request.Path == "/ask" ? throw new InvalidOperationException() : null);
        app.MapPeriluneFeedback("/feedback");
        app.MapGet("/ask", static () =>
        {
            using var call = Perilune.Llm("m");
            return Perilune.CurrentRunId;
        });
        app.MapGet("/anonymous", static () =>
        {
            using var call = Perilune.Llm("m");
            return "";
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
