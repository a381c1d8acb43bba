using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using PeriluneSdk.Prompts;
using PeriluneSdk.Tests.Support;

namespace PeriluneSdk.Tests.Prompts;

public sealed class PromptTests : IDisposable
{
    private const string Template = """
        {"id":"17","slug":"weather","version":3,"content":[{"role":"system","content":"Be {{ style }}."},{"role":"user","content":"Weather in {{city}} on day {{n}}? {{unknown}}"}],
         "extra":{"model":"gpt-5-mini","temperature":0.25,"max_tokens":200,"stop":["END"]}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("perilune-prompts-").FullName;

    [Fact]
    public async Task A_template_is_filled_and_links_the_call_to_its_version()
    {
        await using var sink = await SinkAsync(Template);
        await using var client = sink.Client();
        using var model = new FakeModel();
        using var chat = model.AsBuilder().UsePerilune().Build();

        var template = await client.Prompts.GetAsync("weather", cancellationToken: TestContext.Current.CancellationToken);
        var prompt = template.Render(("style", "terse"), ("city", "Paris"), ("n", 1.5));
        await chat.GetResponseAsync(prompt.Messages, prompt.Options, TestContext.Current.CancellationToken);
        await foreach (var _ in chat.GetStreamingResponseAsync(prompt.Messages, prompt.Options, TestContext.Current.CancellationToken))
        {
            using var within = Perilune.Chain("in the stream");
        }

        await chat.GetResponseAsync("without", cancellationToken: TestContext.Current.CancellationToken);
        await client.SettleAsync();
        Assert.Equal(["Be terse.", "Weather in Paris on day 1.5? {{unknown}}"], prompt.Messages.Select(static m => m.Text));
        Assert.Equal(("gpt-5-mini", 0.25f, 200), (prompt.Options.ModelId, prompt.Options.Temperature, prompt.Options.MaxOutputTokens));
        Assert.Equal("/v1/template_versions/latest?slug=weather", sink.Requests.First().Path);
        Assert.Equal([("weather", 3L, "17"), ("weather", 3L, "17"), (null, null, null)], sink.Spans.Where(static s => s.Name.StartsWith("chat", StringComparison.Ordinal)).Select(static s => ((string?)s["gen_ai.prompt.name"], (long?)s["gen_ai.prompt.version"], (string?)s["perilune.template_version.id"])));
        Assert.All(sink.Spans.Where(static s => s.Name == "invoke_workflow in the stream"), static s => Assert.Null(s["gen_ai.prompt.name"]));
        Assert.True(model.LastOptions?.AdditionalProperties is null or { Count: 0 });
    }

    [Fact]
    public async Task A_stale_template_is_given_at_once_and_a_newer_one_fetched_beside()
    {
        await using var sink = await SinkAsync("""{"id":"1","slug":"s","content":"one"}""");
        await using var client = sink.Client(static o => o.PromptFreshness = TimeSpan.Zero);
        Assert.Equal("one", (await GetAsync()).Messages[0].Content);

        Answer(sink, 200, """{"id":"2","slug":"s","content":"two"}""");
        Assert.Equal("one", (await GetAsync()).Messages[0].Content);
        while ((await GetAsync()).Messages[0].Content != "two")
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Answer(sink, 500, "");
        Assert.Equal("two", (await GetAsync()).Messages[0].Content);
        Assert.Equal("two", (await GetAsync()).Messages[0].Content);

        Task<Prompt> GetAsync() => client.Prompts.GetAsync("s", cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Without_a_server_there_is_the_disk_then_the_fallback_then_an_error_that_says_what_to_do()
    {
        await using var sink = await SinkAsync(Template);
        await using (var client = sink.Client(o => o.SpoolDirectory = _folder))
        {
            await client.Prompts.WarmAsync(["weather"], TestContext.Current.CancellationToken);
        }

        Answer(sink, 404, """{"message":"Template not found, is the project ID correct?"}""");
        await using var later = sink.Client(o => o.SpoolDirectory = _folder);
        var kept = await later.Prompts.GetAsync("weather", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(("17", 3, 0.25f), (kept.VersionId, kept.Version, kept.Render().Options.Temperature));
        var fallback = await later.Prompts.GetAsync("other", Prompt.Text("Hi {{name}}"), TestContext.Current.CancellationToken);
        Assert.Equal("Hi Ann", fallback.Render(("name", "Ann")).Text);
        var error = await Assert.ThrowsAsync<PromptNotFoundException>(() => later.Prompts.GetAsync("other", cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal("The prompt template \"other\" could not be fetched: the project has no deployed template of that name. Give GetAsync a fallback, to go on without the server.", error.Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<Sink> SinkAsync(string template)
    {
        var sink = await Sink.StartAsync();
        Answer(sink, 200, template);
        return sink;
    }

    private static void Answer(Sink sink, int status, string body) => sink.Refuse = async (context, _, _) =>
    {
        if (!context.Request.Path.StartsWithSegments("/v1/template_versions", StringComparison.Ordinal))
        {
            return false;
        }

        context.Response.StatusCode = status;
        await context.Response.WriteAsync(body);
        return true;
    };
}
