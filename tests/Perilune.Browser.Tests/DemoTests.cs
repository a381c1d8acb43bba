using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Perilune.Browser.Tests;

/// <summary>What people come for, done on the demo's month.</summary>
public sealed partial class DemoTests(Browser browser, DemoServer demo) : IAsyncDisposable
{
    private const string Root = $"/projects/{ServerProcess.Project}";

    private IPage? _page;

    [Fact]
    public async Task The_failing_tool_call_of_an_agent_is_found()
    {
        var page = await OpenAsync($"{Root}/runs?scope=all");
        await page.Locator("#q").FillAsync("type:tool status:error");
        await page.Locator("#filter-echo code").GetByText("type:tool status:error").WaitForAsync();
        await page.Locator("#rows .row-link").First.ClickAsync();

        await page.ArriveAsync("/traces/");
        await page.Locator("#panel .run-error").GetByText(Failure()).First.WaitForAsync();
        await page.GetByRole(AriaRole.Treeitem, new() { NameRegex = Agent() }).First.WaitForAsync();
    }

    [Fact]
    public async Task Where_a_phrase_was_first_said_is_found()
    {
        var page = await OpenAsync($"{Root}/runs?scope=all");
        await page.Locator("#q").FillAsync("type:chat \"white-glove rebooking\"");
        await page.GetByRole(AriaRole.Link, new() { Name = "Where it was first said" }).ClickAsync();
        await page.ArriveAsync("dir=asc");
        await page.Locator("#rows tr").First.Locator("mark").GetByText("white-glove rebooking").WaitForAsync();
        await page.Locator("#rows .row-link").First.ClickAsync();

        await page.ArriveAsync("/threads/");
        await page.Locator(".bubble mark").GetByText("white-glove rebooking").First.WaitForAsync();

        // The mark goes along from the thread into its traces, and from run to run.
        await page.Locator(".turn").Filter(new() { Has = page.Locator("mark") }).First.GetByRole(AriaRole.Link, new() { NameRegex = Agent() }).ClickAsync();
        await page.Locator("#panel mark").First.WaitForAsync();
        await page.GetByRole(AriaRole.Treeitem, new() { NameRegex = Model() }).Last.ClickAsync();
        await page.Locator("#panel h2").GetByText(Model()).WaitForAsync();
        await page.Locator("#panel mark").GetByText("white-glove rebooking").First.WaitForAsync();
    }

    [Fact]
    public async Task What_changed_between_two_turns_is_shown()
    {
        var page = await OpenAsync($"{Root}/runs?scope=traces&q=name%3Asupport-agent");
        await page.Locator("#rows .row-link").First.ClickAsync();
        await page.GetByRole(AriaRole.Tree).WaitForAsync();
        await page.GetByRole(AriaRole.Treeitem, new() { NameRegex = Model() }).Last.ClickAsync();
        await page.Locator("#panel .tabs").GetByText("Changes").ClickAsync();

        await page.Locator("#panel").GetByText("at the beginning").WaitForAsync();
        await page.Locator("#panel .changed-in").GetByText("New in this call").WaitForAsync();
        Assert.Contains("tab=changes", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_thread_of_an_unhappy_user_is_found()
    {
        var page = await OpenAsync($"{Root}/runs?scope=all&q=type%3Achat+feedback%3Adown");
        await page.Locator("#rows .row-link").First.ClickAsync();

        await page.ArriveAsync("/threads/");
        await page.GetByText(Complaint()).First.WaitForAsync();
        await page.GetByText("escalated").First.WaitForAsync();
    }

    [Fact]
    public async Task The_slowest_model_is_found_and_leads_to_its_runs()
    {
        var page = await OpenAsync($"{Root}/analytics?range=30d");
        var models = page.GetByRole(AriaRole.Region, new() { Name = "Models" });
        await models.GetByRole(AriaRole.Link, new() { Name = "p95" }).ClickAsync();
        await page.ArriveAsync("models=p95");
        await models.Locator("th[aria-sort=descending]").GetByText("p95").WaitForAsync();
        var slowest = models.Locator("tbody tr").First;
        var count = await slowest.Locator("td").Nth(1).InnerTextAsync();
        await slowest.GetByRole(AriaRole.Link, new() { Name = "claude-opus-4-1" }).ClickAsync();

        await page.ArriveAsync("/runs?");
        await page.Locator("#count strong").GetByText(count, new() { Exact = true }).WaitForAsync();
        await page.Locator("#rows .row-link").First.GetByText("claude-opus-4-1").WaitForAsync();
    }

    [Fact]
    public async Task Cost_is_added_up_by_team_and_leads_to_its_people()
    {
        var page = await OpenAsync($"{Root}/users");
        await page.GetByLabel("First day").FillAsync(Day(-25));
        await page.GetByLabel("Last day").FillAsync(Day(0));
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await page.ArriveAsync("from=");
        await page.GetByRole(AriaRole.Link, new() { Name = "Teams" }).ClickAsync();
        await page.ArriveAsync("from=");
        await page.Locator("th[aria-sort=descending]").GetByText("Cost").WaitForAsync();
        var costs = await page.Locator("table.users tbody tr td:nth-child(5)").AllInnerTextsAsync();
        Assert.True(costs.Count >= 5 && costs.All(cost => cost.StartsWith('$')), string.Join(' ', costs));
        await page.GetByRole(AriaRole.Link, new() { Name = "northwind/sales" }).ClickAsync();

        await page.Locator("table.users .row-link").First.ClickAsync();
        await page.GetByText("What the application told").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Threads" }).Last.ClickAsync();
        await page.Locator("#rows .row-link").First.WaitForAsync();
    }

    [Fact]
    public async Task A_view_is_saved_and_opened_again()
    {
        var page = await OpenAsync($"{Root}/runs?scope=llm&q=cost%3E0.001&sort=cost");
        await page.Locator("summary").GetByText("Views").ClickAsync();
        await page.GetByLabel("Name of the view").FillAsync("Costly calls of mine");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("Saved as “Costly calls of mine”").WaitForAsync();

        await page.GotoAsync($"{Root}/runs?scope=traces");
        await page.Locator("summary").GetByText("Views").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Costly calls of mine" }).ClickAsync();

        await page.ArriveAsync("sort=cost");
        Assert.Equal("cost>0.001", await page.Locator("#q").InputValueAsync());
        await page.Locator("th[aria-sort=descending]").GetByText("Cost").WaitForAsync();
    }

    [Fact]
    public async Task Exactly_the_filtered_runs_are_exported()
    {
        var page = await OpenAsync($"{Root}/runs?scope=llm&q=model%3Agpt-4o-mini");
        await page.Locator("#count strong").WaitForAsync();
        var count = int.Parse(await page.Locator("#count strong").InnerTextAsync(), System.Globalization.NumberStyles.AllowThousands, System.Globalization.CultureInfo.InvariantCulture);
        await page.Locator("summary").GetByText("Export").ClickAsync();

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { NameRegex = JsonLines() }).ClickAsync());

        var lines = await File.ReadAllLinesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal(count, lines.Length);
        Assert.All(lines, line => Assert.Equal("gpt-4o-mini", (string?)JsonNode.Parse(line)!["name"]));
    }

    [Fact]
    public async Task A_live_trace_is_watched_to_its_end()
    {
        var trace = Guid.CreateVersion7().ToString();
        var cancel = TestContext.Current.CancellationToken;
        await demo.SendAsync([Event("agent", "start", trace, "live-agent", null)], cancel);
        var page = await OpenAsync($"{Root}/traces/{trace}");
        await page.GetByRole(AriaRole.Tree).WaitForAsync();
        await page.GetByText("running").First.WaitForAsync();

        await demo.SendAsync([Event("tool", "start", "live-tool", "live-tool", trace)], cancel);
        await page.GetByRole(AriaRole.Treeitem, new() { Name = "live-tool" }).WaitForAsync();
        await demo.SendAsync([Event("tool", "end", "live-tool", null, null), Event("agent", "end", trace, null, null)], cancel);
        await page.Locator("trace-view .status.running").First.WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    [Fact]
    public async Task All_of_it_can_be_done_by_keyboard()
    {
        var page = await OpenAsync($"{Root}/setup");
        await page.Keyboard.PressAsync("Control+k");
        await page.Locator("#palette-list a").First.WaitForAsync();
        await page.Keyboard.TypeAsync("Failed tools");
        await page.Locator("#palette-list a[aria-selected=true]").GetByText("Failed tools").WaitForAsync();
        await page.Keyboard.PressAsync("Enter");

        await page.ArriveAsync("/runs?");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.TypeAsync(" name:se");
        await page.GetByRole(AriaRole.Option, new() { Name = "search_flights" }).WaitForAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#filter-echo code").GetByText("name:search_flights").WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");

        await page.ArriveAsync("/traces/");
        await page.GetByRole(AriaRole.Tree).WaitForAsync();
        await page.Locator("#panel .run-error").GetByText("503 from the fares service").First.WaitForAsync();
        await page.Keyboard.PressAsync("?");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Keyboard shortcuts" }).WaitForAsync();
    }

    [Fact]
    public async Task A_prompt_is_written_compared_published_and_its_runs_are_found()
    {
        var page = await OpenAsync($"{Root}/prompts");
        await page.GetByRole(AriaRole.Link, new() { Name = "policy-answer" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "New version" }).ClickAsync();
        await page.GetByLabel("Text of message 1").FillAsync("Answer from these passages, and only from them. Be kind.\n{{passages}}");
        await page.GetByLabel("Notes").FillAsync("Kinder");
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep as a draft" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Version 3" }).WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await page.Locator(".diff-line.added").Filter(new() { HasText = "Be kind" }).WaitForAsync();
        await page.GoBackAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish v3" }).ClickAsync();
        await page.GetByText("Version 3 is published").WaitForAsync();

        await page.GetByRole(AriaRole.Link, new() { NameRegex = FirstVersion() }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Its runs" }).ClickAsync();
        await page.Locator("#rows .row-link").First.WaitForAsync();
    }

    [Fact]
    public async Task A_transcript_reads_from_question_to_answer()
    {
        var page = await OpenAsync($"{Root}/runs?scope=traces&q=name%3Atrip-planner+status%3Asuccess");
        await page.Locator("#rows .row-link").First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Transcript" }).ClickAsync();

        await page.Locator(".ts-in").First.GetByText("Plan").WaitForAsync();
        await page.Locator(".ts-card").GetByText("flight-finder").First.WaitForAsync();
        await page.Locator(".ts-row strong").GetByText("search_hotels").First.ClickAsync();
        await page.Locator("#panel h2").GetByText("search_hotels").WaitForAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_page is not null)
        {
            if (TestContext.Current.TestState?.Result == TestResult.Failed)
            {
                await _page.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "screenshots", $"failed-{TestContext.Current.TestMethod!.MethodName}.png") });
            }

            await _page.Context.CloseAsync();
        }
    }

    private static string Day(int fromToday) =>
        TimeProvider.System.GetUtcNow().AddDays(fromToday).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private async Task<IPage> OpenAsync(string path) => _page = await browser.OpenAsync(path, server: demo);

    private static JsonObject Event(string type, string kind, string id, string? name, string? parent) =>
        new() { ["type"] = type, ["event"] = kind, ["runId"] = id, ["name"] = name, ["parentRunId"] = parent, ["input"] = "now" };

    [GeneratedRegex("timed out|503 from")]
    private static partial Regex Failure();

    [GeneratedRegex("support-agent|trip-planner")]
    private static partial Regex Agent();

    [GeneratedRegex("gpt|claude")]
    private static partial Regex Model();

    [GeneratedRegex("did not help|Wrong booking|asked for a person")]
    private static partial Regex Complaint();

    [GeneratedRegex("^JSON lines")]
    private static partial Regex JsonLines();

    [GeneratedRegex("^v1")]
    private static partial Regex FirstVersion();
}
