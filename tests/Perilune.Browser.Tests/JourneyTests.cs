using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Perilune.Browser.Tests;

/// <summary>What people do, with the keyboard where it can be done with one.</summary>
public sealed partial class JourneyTests(Browser browser) : IAsyncDisposable
{
    private const string Root = $"/projects/{ServerProcess.Project}";

    private IPage? _page;

    [Fact]
    public async Task Set_up_waits_for_the_first_event_and_leads_to_it()
    {
        await using var fresh = new ServerProcess();
        await fresh.InitializeAsync();
        _page = await browser.OpenAsync($"{Root}/setup", server: fresh);
        await _page.GetByText("Waiting for the first event").WaitForAsync();

        await fresh.SendAsync([Call("first-run")], TestContext.Current.CancellationToken);

        await _page.GetByRole(AriaRole.Link, new() { Name = "Open it" }).ClickAsync();
        await _page.Locator("#panel h2").GetByText("first-run").WaitForAsync();
    }

    [Fact]
    public async Task Rows_are_walked_and_opened_by_keyboard()
    {
        var page = await OpenAsync($"{Root}/runs?scope=traces");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("k");
        await page.Keyboard.PressAsync("Enter");

        await page.ArriveAsync("/traces/");
        await page.GetByRole(AriaRole.Tree).WaitForAsync();
    }

    [Fact]
    public async Task The_filter_is_typed_and_kept_in_the_address()
    {
        var page = await OpenAsync($"{Root}/runs");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("status:error");

        await page.ArriveAsync("q=status");
        await page.Locator("#filter-echo code").WaitForAsync();
        Assert.Equal("status:error", await page.Locator("#q").InputValueAsync());
        Assert.True(await page.Locator("#q").EvaluateAsync<bool>("e => e === document.activeElement"));
        Assert.Equal(0, await page.Locator("#rows .status.success").CountAsync());
        Assert.NotEqual(0, await page.Locator("#rows .status.error").CountAsync());
    }

    [Fact]
    public async Task What_is_typed_while_rows_are_fetched_stays()
    {
        var page = await OpenAsync($"{Root}/runs");
        await page.RouteAsync(url => url.Contains("/runs?", StringComparison.Ordinal), async route =>
        {
            await Task.Delay(300);
            await route.ContinueAsync();
        });
        await page.Keyboard.PressAsync("/");
        await page.RunAndWaitForRequestAsync(() => page.Keyboard.TypeAsync("status:e"), request => request.Url.Contains("/runs?", StringComparison.Ordinal));
        await page.Keyboard.TypeAsync("rror");

        await page.Locator("#filter-echo code").GetByText("status:error").WaitForAsync();
        Assert.Equal("status:error", await page.Locator("#q").InputValueAsync());
    }

    [Fact]
    public async Task Scrolling_brings_older_rows_without_a_second_page()
    {
        var page = await OpenAsync($"{Root}/runs");
        Assert.Equal(30, await page.Locator("#rows .row-link").CountAsync());

        await page.Locator("#rows .older").ScrollIntoViewIfNeededAsync();

        await page.Locator("#rows .row-link").Nth(59).WaitForAsync();
        var ids = await page.Locator("#rows tr[id]").EvaluateAllAsync<string[]>("rows => rows.map(r => r.id)");
        Assert.Equal(ids.Length, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task New_runs_are_announced_and_shown_when_asked()
    {
        var page = await OpenAsync($"{Root}/runs");
        await page.Locator("live-pill .on").WaitForAsync();
        var first = await page.Locator("#rows tr").First.GetAttributeAsync("id");

        await SendCallAsync("announced-run");

        var pill = page.GetByRole(AriaRole.Button, new() { NameRegex = New() });
        await pill.WaitForAsync();
        Assert.Equal(first, await page.Locator("#rows tr").First.GetAttributeAsync("id"));
        await pill.ClickAsync();
        await page.Locator("#rows tr").First.GetByText("announced-run").WaitForAsync();
    }

    [Fact]
    public async Task A_trace_is_read_by_keyboard()
    {
        var page = await OpenAsync($"{Root}/traces/{SampleTraffic.ResearchTrace}");
        var tree = page.GetByRole(AriaRole.Tree);
        await tree.WaitForAsync();
        await page.Keyboard.PressAsync("e");

        await page.Locator("#panel").GetByText("Payment gateway timed out").First.WaitForAsync();
        Assert.Contains("run=", page.Url, StringComparison.Ordinal);
        Assert.Equal(11, await page.GetByRole(AriaRole.Treeitem).CountAsync());

        await page.Keyboard.PressAsync("h");
        await page.Keyboard.PressAsync("h");
        Assert.Equal(1, await page.GetByRole(AriaRole.Treeitem).CountAsync());
        await page.Keyboard.PressAsync("l");
        Assert.Equal(11, await page.GetByRole(AriaRole.Treeitem).CountAsync());

        await page.Keyboard.PressAsync("v");
        Assert.Contains("view=waterfall", page.Url, StringComparison.Ordinal);
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("lookup");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#panel h2").GetByText("lookup_order").WaitForAsync();
    }

    [Fact]
    public async Task Ten_thousand_runs_are_drawn_a_screen_at_a_time()
    {
        await browser.Server.SendAsync(SampleTraffic.Big(TimeProvider.System.GetUtcNow(), 10_000), TestContext.Current.CancellationToken);
        var page = await OpenAsync($"{Root}/traces/{SampleTraffic.BigTrace}");
        await page.GetByRole(AriaRole.Tree).WaitForAsync();

        await page.Keyboard.PressAsync("End");

        await page.GetByRole(AriaRole.Treeitem, new() { Name = "import_row_9999" }).WaitForAsync();
        Assert.InRange(await page.GetByRole(AriaRole.Treeitem).CountAsync(), 10, 100);
    }

    [Fact]
    public async Task Reading_works_without_scripts()
    {
        var page = await OpenAsync($"{Root}/runs?scope=llm", javaScript: false);
        await page.GetByRole(AriaRole.Link, new() { Name = "Older" }).ClickAsync();
        Assert.Contains("after=", page.Url, StringComparison.Ordinal);

        await page.GotoAsync($"{Root}/traces/{SampleTraffic.ResearchTrace}");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = Lookup() }).ClickAsync();
        Assert.Equal("lookup_order", await page.Locator("#panel h2").InnerTextAsync());

        await page.GotoAsync($"{Root}/runs");
        await page.Locator("#q").FillAsync("status:error");
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter" }).ClickAsync();
        Assert.Contains("q=status", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thread_shows_its_retries_events_and_traces()
    {
        var page = await OpenAsync($"{Root}/threads/{SampleTraffic.Thread}");
        await page.GetByText("I can reissue it").WaitForAsync();
        await page.GetByText("opened-invoice").WaitForAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Earlier version" }).ClickAsync();
        await page.GetByText("I am sorry, I cannot change invoices.").WaitForAsync();
        await page.GetByText("Not helpful").WaitForAsync();

        await page.GetByRole(AriaRole.Link, new() { NameRegex = InvoiceAgent() }).ClickAsync();
        await page.ArriveAsync("/traces/");
    }

    [Fact]
    public async Task The_theme_is_remembered()
    {
        var page = await OpenAsync($"{Root}/setup");
        await page.Locator(".menu.up > summary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Dark", Exact = true }).ClickAsync();

        await page.Locator("html[data-theme=dark]").WaitForAsync();
        Assert.Contains("/setup", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_shown_once_and_can_be_revoked()
    {
        var page = await OpenAsync($"{Root}/settings/keys");
        await page.GetByLabel("Name of the new key").FillAsync("billing-worker");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        Assert.Equal(36, (await page.Locator(".secret code").InnerTextAsync()).Length);

        await page.ReloadAsync();
        Assert.Equal(0, await page.Locator(".secret").CountAsync());
        var row = page.GetByRole(AriaRole.Row, new() { NameRegex = BillingWorker() });
        await row.GetByText("Revoke", new() { Exact = true }).ClickAsync();
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await row.GetByText("revoked").WaitForAsync();
    }

    [Fact]
    public async Task A_model_without_a_price_gets_one_and_its_calls_are_priced_anew()
    {
        var (id, usage) = (Guid.CreateVersion7().ToString(), new JsonObject { ["prompt"] = 1_000, ["completion"] = 500 });
        var call = Call("house-model");
        call["runId"] = id;
        await browser.Server.SendAsync([call, new JsonObject { ["type"] = "llm", ["event"] = "end", ["runId"] = id, ["output"] = "hi", ["tokensUsage"] = usage }], TestContext.Current.CancellationToken);
        var page = await OpenAsync($"{Root}/settings/prices");
        await page.GetByRole(AriaRole.Link, new() { Name = "Set a price for house-model" }).ClickAsync();
        await page.GetByLabel("Input", new() { Exact = true }).FillAsync("two");
        await page.GetByLabel("Output", new() { Exact = true }).FillAsync("8");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add the price" }).ClickAsync();
        await page.GetByText("Input: write a number").WaitForAsync();
        await page.GetByLabel("Input", new() { Exact = true }).FillAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add the price" }).ClickAsync();
        await page.GetByRole(AriaRole.Region, new() { Name = "Your prices" }).GetByText("house-model").First.WaitForAsync();

        // What is there keeps its cost, and says so.
        await page.GotoAsync($"{Root}/traces/{id}?tab=details");
        await page.Locator("#panel").GetByText("This run counts with no cost").WaitForAsync();
        Assert.Equal(0, await page.Locator("#panel .facts-line .badge[title=Cost]").CountAsync());
        await page.GetByRole(AriaRole.Link, new() { Name = "Price the calls of that day anew" }).ClickAsync();

        var row = page.Locator("#preview").GetByRole(AriaRole.Row, new() { Name = "house-model" });
        Assert.Equal(["house-model", "1", "$0", "$0.00600"], await row.Locator("td").AllInnerTextsAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Price them anew" }).ClickAsync();
        await page.Locator("#anew [data-state=Done]").GetByText("1 changed, from $0 to $0.00600").WaitForAsync();

        await page.GotoAsync($"{Root}/traces/{id}?tab=details");
        Assert.Equal("$0.00600", await page.Locator("#panel .facts-line .badge[title=Cost]").InnerTextAsync());
        await page.Locator("#panel").GetByText("Your price").WaitForAsync();
        Assert.Equal(0, await page.Locator("#panel .note.warn").CountAsync());

        await page.GetByRole(AriaRole.Link, new() { Name = "Your price" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit house-model" }).ClickAsync();
        await page.GetByText("Delete…").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete the price" }).ClickAsync();
        await page.GetByText("The price of house-model is deleted.").WaitForAsync();
    }

    [Fact]
    public async Task A_call_without_tokens_gets_an_estimate_that_no_sum_holds()
    {
        var call = Call("gpt-5");
        await browser.Server.SendAsync([call, new JsonObject { ["type"] = "llm", ["event"] = "end", ["runId"] = call["runId"]!.ToString(), ["output"] = "hello world" }], TestContext.Current.CancellationToken);
        var page = await OpenAsync($"{Root}/traces/{call["runId"]}");

        await page.GetByRole(AriaRole.Link, new() { Name = "no tokens given" }).ClickAsync();
        await page.Locator("#panel").GetByText("About 1 in, 2 out, at $0.0000213. It may be 5 % off.").WaitForAsync();
        Assert.Equal(0, await page.Locator("#panel .facts-line .badge[title=Cost]").CountAsync());
    }

    [Fact]
    public async Task Hostile_payloads_are_text()
    {
        const string id = "55555555-0000-4000-8000-000000000001";
        var deep = JsonNode.Parse(string.Concat(Enumerable.Repeat("[", 60)) + string.Concat(Enumerable.Repeat("]", 60)));
        await browser.Server.SendAsync(
            [
                new JsonObject { ["type"] = "llm", ["event"] = "start", ["runId"] = id, ["name"] = "<img src=x onerror=alert(1)>", ["input"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "<script>document.title='owned'</script>\0" + new string('x', 1_000_000) }) },
                new JsonObject { ["type"] = "llm", ["event"] = "end", ["runId"] = id, ["output"] = deep },
            ],
            TestContext.Current.CancellationToken);
        var page = await OpenAsync($"{Root}/traces/{id}");

        await page.Locator("#panel").GetByText("<script>document.title='owned'</script>").First.WaitForAsync();
        Assert.NotEqual("owned", await page.TitleAsync());
        Assert.True((await page.ContentAsync()).Length < 400_000);
    }

    [Fact]
    public async Task A_page_weighs_less_than_sixty_kilobytes_cold()
    {
        var page = await OpenAsync("/login");
        await page.GotoAsync($"{Root}/runs", new() { WaitUntil = WaitUntilState.Load });

        var bytes = await page.EvaluateAsync<int>("[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')].reduce((sum, e) => sum + e.encodedBodySize, 0)");

        Assert.InRange(bytes, 1, 60_000);
    }

    /// <summary>Leaves a picture of the page that a test failed on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_page is not null)
        {
            if (TestContext.Current.TestState?.Result == TestResult.Failed)
            {
                var name = TestContext.Current.TestMethod!.MethodName;
                await _page.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "screenshots", $"failed-{name}.png") });
            }

            await _page.Context.CloseAsync();
        }
    }

    private async Task<IPage> OpenAsync(string path, bool javaScript = true) => _page = await browser.OpenAsync(path, javaScript: javaScript);

    private Task SendCallAsync(string model) => browser.Server.SendAsync(
        [Call(model)], TestContext.Current.CancellationToken);

    private static JsonObject Call(string model) => new()
    {
        ["type"] = "llm",
        ["event"] = "start",
        ["runId"] = Guid.CreateVersion7().ToString(),
        ["name"] = model,
        ["input"] = "hello",
    };

    [GeneratedRegex(@"^\d+ new$")]
    private static partial Regex New();

    [GeneratedRegex("lookup_order")]
    private static partial Regex Lookup();

    [GeneratedRegex("invoice-agent")]
    private static partial Regex InvoiceAgent();

    [GeneratedRegex("billing-worker")]
    private static partial Regex BillingWorker();
}
