using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Perilune.Browser.Tests.Browser))]

namespace Perilune.Browser.Tests;

/// <summary>Light, on a wide screen.</summary>
public sealed class WideLooksTests(Browser browser) : LooksTests(browser, ColorScheme.Light, isPhone: false);

/// <summary>Dark, on a phone.</summary>
public sealed class PhoneLooksTests(Browser browser) : LooksTests(browser, ColorScheme.Dark, isPhone: true);

/// <summary>Every page: nothing axe objects to, nothing the policy blocked, no sideways scrolling.</summary>
public abstract class LooksTests(Browser browser, ColorScheme theme, bool isPhone)
{
    private const string Root = $"/projects/{ServerProcess.Project}";

    public static TheoryData<string, string, bool> Pages => new()
    {
        { "login", "/login", false },
        { "account", "/account", true },
        { "llm", $"{Root}/runs", true },
        { "traces", $"{Root}/runs?scope=traces", true },
        { "threads", $"{Root}/runs?scope=threads", true },
        { "all", $"{Root}/runs?scope=all", true },
        { "filter", $"{Root}/runs?scope=all&q=status%3Aerror", true },
        { "filter-wrong", $"{Root}/runs?q=modle%3Agpt", true },
        { "filter-empty", $"{Root}/runs?q=model%3Anothing", true },
        { "trace", $"{Root}/traces/{SampleTraffic.ResearchTrace}", true },
        { "waterfall", $"{Root}/traces/{SampleTraffic.ResearchTrace}?view=waterfall&run=44444444-0000-4000-8000-000000000001", true },
        { "retrieval", $"{Root}/traces/{SampleTraffic.RetrievalTrace}?tab=details", true },
        { "cost", $"{Root}/traces/{SampleTraffic.ResearchTrace}?run=44444444-0000-4000-8000-000000000001&tab=details", true },
        { "thread", $"{Root}/threads/{SampleTraffic.Thread}", true },
        { "transcript", $"{Root}/traces/{SampleTraffic.ResearchTrace}?view=transcript&mark=refund", true },
        { "users", $"{Root}/users", true },
        { "found", $"{Root}/runs?scope=all&q=reissued", true },
        { "user", $"{Root}/user?id=u_77", true },
        { "organizations", $"{Root}/users?by=organization", true },
        { "no-user", $"{Root}/user?id=absent", true },
        { "prompts", $"{Root}/prompts", true },
        { "prompt-new", $"{Root}/prompts/new", true },
        { "no-prompt", $"{Root}/prompts/1", true },
        { "setup", $"{Root}/setup", true },
        { "keys", $"{Root}/settings/keys", true },
        { "project-new", "/projects/new", true },
        { "retention", $"{Root}/settings/retention", true },
        { "prices", $"{Root}/settings/prices?q=gpt-5-mini&preview=1", true },
        { "price-new", $"{Root}/settings/prices/new?like=openai%2Fgpt-5", true },
        { "no-price", $"{Root}/settings/prices/0", true },
        { "analytics", $"{Root}/analytics", true },
        { "usage", $"{Root}/usage", true },
        { "ingestion", $"{Root}/ingestion", true },
        { "not-found", "/nothing-here", true },
        { "not-mine", "/projects/eeeeeeee-0000-4000-8000-00000000eeee/runs", true },
        { "no-thread", $"{Root}/threads/absent", true },
        { "no-trace", $"{Root}/traces/absent", true },
    };

    [Theory, MemberData(nameof(Pages))]
    public async Task Page_is_accessible_and_fits(string name, string path, bool signIn)
    {
        var complaints = new List<string>();
        var page = await browser.KeptAsync(theme, isPhone, signIn);
        page.Console += OnMessage;
        page.PageError += OnError;
        await page.GotoAsync(path);
        await page.WaitForTimeoutAsync(150);
        complaints.AddRange(await page.ViolationsAsync());
        if (!await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"))
        {
            complaints.Add("Scrolls sideways");
        }

        if (complaints.Count > 0)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "screenshots", $"{name}-{(isPhone ? "phone" : "wide")}.png") });
        }

        await page.GotoAsync("about:blank");
        page.Console -= OnMessage;
        page.PageError -= OnError;
        complaints.AddRange(browser.Server.Failures);
        Assert.True(complaints.Count == 0, string.Join('\n', complaints));

        void OnError(object? sender, string error) => complaints.Add(error);

        void OnMessage(object? sender, IConsoleMessage message)
        {
            if (message.Type == "error" && !message.Text.Contains("404", StringComparison.Ordinal) && !message.Text.Contains("403", StringComparison.Ordinal))
            {
                complaints.Add($"{message.Text} {message.Location}");
            }
        }
    }
}
