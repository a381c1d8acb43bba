using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Perilune.Control;
using Perilune.Storage;

namespace Perilune.Server.Demo;

/// <summary>Sends the demo's events as an application would, day after day, with the clock set to each day's end.</summary>
internal sealed class DemoSeeder(IServiceProvider services, string url, Guid project, DemoClock clock)
{
    private const int Days = 30;
    private const int BatchSize = 400;

    public async Task SeedAsync(CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<IRunStore>();
        var known = await store.ListAsync(project, new RunQuery { Limit = 1, Detail = RunDetail.None }, cancellationToken);
        if (known.Runs.Count > 0)
        {
            return;
        }

        var now = TimeProvider.System.GetUtcNow();
        var prompts = await new DemoPrompts(services.GetRequiredService<Templates>(), services.GetRequiredService<TemplateEditor>(), project, clock).WriteAsync(now, Days, cancellationToken);
        await SaveViewsAsync(cancellationToken);

        using var http = new HttpClient { BaseAddress = new Uri(url + "/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", project.ToString());
        var story = new DemoStory(now, Days, prompts);
        foreach (var day in story.Tell().GroupBy(e => (int)(e.At - story.Begin).TotalDays).OrderBy(day => day.Key))
        {
            var end = story.Begin.AddDays(day.Key + 1);
            clock.Tell(end < now ? end : now);
            foreach (var batch in day.Chunk(BatchSize))
            {
                await SendAsync(http, batch, cancellationToken);
            }
        }
    }

    private static async Task SendAsync(HttpClient http, IEnumerable<DemoEvent> events, CancellationToken cancellationToken)
    {
        using var body = new StringContent(new JsonObject { ["events"] = new JsonArray([.. events.Select(e => e.Json)]) }.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("v1/runs/ingest", UriKind.Relative), body, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK || text.Contains("\"success\":false", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The demo's events were refused ({(int)answer.StatusCode}): {text[..Math.Min(text.Length, 500)]}");
        }
    }

    private async Task SaveViewsAsync(CancellationToken cancellationToken)
    {
        var views = services.GetRequiredService<Views>();
        await views.SaveAsync(project, new ViewText("Failed tools", "all", "type:tool status:error"), cancellationToken);
        await views.SaveAsync(project, new ViewText("Expensive calls", "llm", "cost>0.01", "sort=cost"), cancellationToken);
        await views.SaveAsync(project, new ViewText("Unhappy users", "all", "feedback:down"), cancellationToken);
    }
}
