using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Perilune.Browser.Tests;

/// <summary>
/// Pages look as they did when somebody last looked at them. Pictures are half a page's size, times are blanked out, and
/// small differences of how letters are drawn do not count. PERILUNE_ACCEPT_SNAPSHOTS=1 takes them anew;
/// PERILUNE_PICTURES names a folder that gets every page in both themes and at both widths, in full.
/// </summary>
public sealed class BaselineTests(Browser browser, BaselineTests.Untouched server) : IClassFixture<BaselineTests.Untouched>
{
    private const string Root = $"/projects/{ServerProcess.Project}";
    private const string Empty = "/projects/empty";
    private const string ACall = $"{Root}/traces/{SampleTraffic.ResearchTrace}?run=44444444-0000-4000-8000-000000000001";

    /// <summary>What depends on the day, or is another one each time.</summary>
    private const string Masked = "time, live-pill, .steps, .plot, .axis, .figure strong, nav[aria-label=Month] strong";

    /// <summary>Of cells of the picture: one that differs by more than <see cref="Tolerated"/> of its brightness is another one.</summary>
    private const double MostDiffering = 0.03;
    private const int Tolerated = 28;

    // Shrinks both to cells of about 8 by 8 pixels, as coarse as an eye that looks for what moved.
    private const string Compare = """
        async ([before, after, tolerated]) => {
          const cells = await Promise.all([before, after].map(async (data) => {
            const image = new Image();
            image.src = "data:image/png;base64," + data;
            await image.decode();
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [Math.ceil(image.width / 8), Math.ceil(image.height / 8)];
            const context = canvas.getContext("2d");
            context.imageSmoothingQuality = "high";
            context.drawImage(image, 0, 0, canvas.width, canvas.height);
            return { size: `${canvas.width}x${canvas.height}`, data: context.getImageData(0, 0, canvas.width, canvas.height).data };
          }));
          if (cells[0].size !== cells[1].size) return 1;
          const [a, b] = cells.map((c) => c.data);
          let differing = 0;
          for (let i = 0; i < a.length; i += 4) {
            differing += Math.max(Math.abs(a[i] - b[i]), Math.abs(a[i + 1] - b[i + 1]), Math.abs(a[i + 2] - b[i + 2])) > tolerated ? 1 : 0;
          }
          return differing / (a.length / 4);
        }
        """;

    public static TheoryData<string, string, ColorScheme, bool> Pictures => new()
    {
        { "runs", $"{Root}/runs", ColorScheme.Light, false },
        { "runs-dark", $"{Root}/runs?scope=all", ColorScheme.Dark, false },
        { "runs-phone", $"{Root}/runs", ColorScheme.Light, true },
        { "runs-traces", $"{Root}/runs?scope=traces", ColorScheme.Dark, false },
        { "runs-threads", $"{Root}/runs?scope=threads", ColorScheme.Light, false },
        { "runs-found", $"{Root}/runs?scope=all&q=reissued&dir=asc", ColorScheme.Light, false },
        { "runs-found-phone", $"{Root}/runs?scope=all&q=reissued&dir=asc", ColorScheme.Dark, true },
        { "runs-empty", $"{Empty}/runs", ColorScheme.Light, false },
        { "runs-empty-phone", $"{Empty}/runs?scope=threads", ColorScheme.Dark, true },
        { "filter-wrong", $"{Root}/runs?q=modle%3Agpt", ColorScheme.Light, false },
        { "filter-empty", $"{Root}/runs?q=model%3Anothing", ColorScheme.Dark, false },
        { "trace", $"{Root}/traces/{SampleTraffic.ResearchTrace}", ColorScheme.Light, false },
        { "trace-dark", $"{Root}/traces/{SampleTraffic.ResearchTrace}?view=waterfall", ColorScheme.Dark, false },
        { "trace-phone", $"{Root}/traces/{SampleTraffic.ResearchTrace}", ColorScheme.Dark, true },
        { "trace-cost", $"{ACall}&tab=details", ColorScheme.Dark, false },
        { "trace-changes", $"{Root}/traces/{SampleTraffic.ResearchTrace}?run=44444444-0000-4000-8000-000000000008&tab=changes", ColorScheme.Light, false },
        { "trace-raw", $"{ACall}&tab=raw", ColorScheme.Light, false },
        { "transcript", $"{Root}/traces/{SampleTraffic.ResearchTrace}?view=transcript&mark=refund", ColorScheme.Light, false },
        { "no-trace", $"{Root}/traces/absent", ColorScheme.Light, false },
        { "thread", $"{Root}/threads/{SampleTraffic.Thread}", ColorScheme.Light, false },
        { "thread-phone", $"{Root}/threads/{SampleTraffic.Thread}?mark=reissued", ColorScheme.Dark, true },
        { "no-thread", $"{Root}/threads/absent", ColorScheme.Dark, false },
        { "users", $"{Root}/users", ColorScheme.Light, false },
        { "users-phone", $"{Root}/users?from=2020-01-01&to=2099-12-31", ColorScheme.Dark, true },
        { "users-empty", $"{Empty}/users", ColorScheme.Dark, false },
        { "teams", $"{Root}/users?by=team&since=30d", ColorScheme.Dark, false },
        { "user", $"{Root}/user?id=u_77", ColorScheme.Light, false },
        { "user-phone", $"{Root}/user?id=u_77", ColorScheme.Dark, true },
        { "no-user", $"{Root}/user?id=absent", ColorScheme.Light, true },
        { "analytics", $"{Root}/analytics?range=30d", ColorScheme.Light, false },
        { "analytics-phone", $"{Root}/analytics?range=30d", ColorScheme.Dark, true },
        { "analytics-models", $"{Root}/analytics?range=30d&models=p95#models", ColorScheme.Dark, false },
        { "analytics-models-phone", $"{Root}/analytics?range=30d&models=p99#models", ColorScheme.Light, true },
        { "analytics-empty", $"{Empty}/analytics", ColorScheme.Light, false },
        { "analytics-wrong", $"{Root}/analytics?tz=Mars%2FOlympus", ColorScheme.Dark, true },
        { "usage", $"{Root}/usage", ColorScheme.Light, false },
        { "usage-empty", $"{Empty}/usage?month=2020-01", ColorScheme.Dark, true },
        { "ingestion", $"{Root}/ingestion", ColorScheme.Light, false },
        { "ingestion-phone", $"{Root}/ingestion", ColorScheme.Dark, true },
        { "ingestion-empty", $"{Empty}/ingestion", ColorScheme.Light, false },
        { "prompts", $"{Root}/prompts", ColorScheme.Light, false },
        { "prompts-phone", $"{Root}/prompts", ColorScheme.Dark, true },
        { "prompts-empty", $"{Empty}/prompts", ColorScheme.Light, false },
        { "prompt", $"{Root}/prompts/1", ColorScheme.Dark, false },
        { "prompt-phone", $"{Root}/prompts/1", ColorScheme.Light, true },
        { "prompt-new", $"{Root}/prompts/new", ColorScheme.Dark, false },
        { "prompt-edit", $"{Root}/prompts/1/edit", ColorScheme.Light, false },
        { "prompt-compare", $"{Root}/prompts/1/compare?from=1&to=2", ColorScheme.Light, false },
        { "prompt-compare-phone", $"{Root}/prompts/1/compare", ColorScheme.Dark, true },
        { "no-prompt", $"{Root}/prompts/999", ColorScheme.Light, false },
        { "picture", $"{Root}/traces/{SamplePicture.Run}", ColorScheme.Light, false },
        { "picture-phone", $"{Root}/traces/{SamplePicture.Run}", ColorScheme.Dark, true },
        { "retrieval", $"{Root}/traces/{SampleTraffic.RetrievalTrace}", ColorScheme.Dark, false },
        { "organizations", $"{Root}/users?by=organization", ColorScheme.Light, false },
        { "prices", $"{Root}/settings/prices?q=gpt-5-mini&preview=1", ColorScheme.Light, false },
        { "prices-phone", $"{Root}/settings/prices", ColorScheme.Dark, true },
        { "price-new", $"{Root}/settings/prices/new?like=openai%2Fgpt-5", ColorScheme.Dark, false },
        { "no-price", $"{Root}/settings/prices/0", ColorScheme.Light, true },
        { "setup", $"{Empty}/setup", ColorScheme.Light, false },
        { "setup-phone", $"{Root}/setup", ColorScheme.Dark, true },
        { "keys", $"{Root}/settings/keys", ColorScheme.Light, false },
        { "retention", $"{Root}/settings/retention", ColorScheme.Dark, false },
        { "project-new", "/projects/new", ColorScheme.Light, true },
        { "account", "/account", ColorScheme.Dark, false },
        { "login", "/login", ColorScheme.Light, false },
        { "login-phone", "/login", ColorScheme.Dark, true },
        { "not-found", "/nothing-here", ColorScheme.Light, false },
        { "not-mine", "/projects/eeeeeeee-0000-4000-8000-00000000eeee/runs", ColorScheme.Dark, false },
    };

    [Theory, MemberData(nameof(Pictures))]
    public async Task Page_looks_as_it_did(string name, string path, ColorScheme theme, bool isPhone)
    {
        var cancel = TestContext.Current.CancellationToken;
        path = path.Replace(Empty, await server.EmptyProjectAsync(browser), StringComparison.Ordinal);
        var page = await KeptAsync(path, theme, isPhone, 0.5f);
        await ArriveAsync(page, path);
        var now = await TakeAsync(page);
        var baseline = Path.Combine(Folder, name + ".png");
        if (Environment.GetEnvironmentVariable("PERILUNE_ACCEPT_SNAPSHOTS") == "1")
        {
            await File.WriteAllBytesAsync(baseline, now, cancel);
        }

        if (Environment.GetEnvironmentVariable("PERILUNE_PICTURES") is { Length: > 0 } folder)
        {
            await TakeAllAsync(Directory.CreateDirectory(folder).FullName, name, path);
        }

        var before = await File.ReadAllBytesAsync(baseline, cancel);
        var differing = await DifferingAsync(before, now);
        if (differing > MostDiffering)
        {
            // What came late may have been missing; what really differs still does. Through a blank page, so that a mere hash is a visit too.
            await page.GotoAsync("about:blank");
            await ArriveAsync(page, path);
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            now = await TakeAsync(page);
            differing = await DifferingAsync(before, now);
        }

        if (differing > MostDiffering)
        {
            Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots"));
            await File.WriteAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "screenshots", $"differs-{name}.png"), now, cancel);
        }

        Assert.True(differing <= MostDiffering, $"{differing:P1} of {name} looks otherwise than baselines/{name}.png: see screenshots/differs-{name}.png.");
    }

    /// <summary>What only this server has to show; the other pages are those of <see cref="LooksTests"/>.</summary>
    [Theory]
    [InlineData($"{Root}/prompts/1")]
    [InlineData($"{Root}/prompts/1/edit")]
    [InlineData($"{Root}/prompts/1/compare")]
    [InlineData($"{Root}/traces/{SamplePicture.Run}")]
    public async Task Page_is_accessible(string path)
    {
        foreach (var (theme, isPhone) in new[] { (ColorScheme.Light, false), (ColorScheme.Dark, true) })
        {
            var page = await KeptAsync(path, theme, isPhone, 0.5f);
            await ArriveAsync(page, path);
            Assert.Empty(await page.ViolationsAsync());
        }
    }

    private Task<IPage> KeptAsync(string path, ColorScheme theme, bool isPhone, float scale) =>
        browser.KeptAsync(theme, isPhone, signIn: !path.StartsWith("/login", StringComparison.Ordinal), server, scale);

    private static async Task ArriveAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        await page.WaitForFunctionAsync("() => !document.querySelector('trace-view') || document.querySelector('[role=tree]')");
        await page.WaitForTimeoutAsync(100);
    }

    private static Task<byte[]> TakeAsync(IPage page, bool whole = false) => page.ScreenshotAsync(new()
    {
        Animations = ScreenshotAnimations.Disabled, Mask = [page.Locator(Masked)], MaskColor = "#808080", Scale = ScreenshotScale.Device, FullPage = whole,
    });

    /// <summary>In a page of its own that stays blank: leaving the server's pages and coming back costs a process each time.</summary>
    private async Task<double> DifferingAsync(byte[] before, byte[] now)
    {
        var page = await browser.KeptAsync(ColorScheme.Light, isPhone: false, signIn: false, server, scale: 0.25f);
        return await page.EvaluateAsync<double>(Compare, new object[] { Convert.ToBase64String(before), Convert.ToBase64String(now), Tolerated });
    }

    private async Task TakeAllAsync(string folder, string name, string path)
    {
        foreach (var (theme, isPhone) in new[] { (ColorScheme.Light, false), (ColorScheme.Light, true), (ColorScheme.Dark, false), (ColorScheme.Dark, true) })
        {
            var page = await KeptAsync(path, theme, isPhone, 1);
            await ArriveAsync(page, path);
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{(isPhone ? 390 : 1440)}-{(theme == ColorScheme.Dark ? "dark" : "light")}.png"), FullPage = true });
        }
    }

    private static string Folder
    {
        get
        {
            var at = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(at.FullName, "Perilune.slnx")))
            {
                at = at.Parent!;
            }

            return Path.Combine(at.FullName, "tests", "Perilune.Browser.Tests", "baselines");
        }
    }

    /// <summary>A server that no other test sends anything to, with a second project that has nothing in it.</summary>
    public sealed class Untouched : ServerProcess, IAsyncLifetime
    {
        private Task<string>? _empty;

        /// <summary>The address of the project without runs.</summary>
        public Task<string> EmptyProjectAsync(Browser browser) => _empty ??= CreateEmptyAsync(browser);

        async ValueTask IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            await SendAsync([.. SampleTraffic.Create(TimeProvider.System.GetUtcNow()), new JsonObject { ["type"] = "llm", ["event"] = "begin", ["runId"] = "refused" }], CancellationToken.None);
            await SamplePicture.SendAsync(this);
            var prompt = await PostAsync(
                "/v1/templates",
                (JsonObject)JsonNode.Parse("""{"slug":"refund-answer","mode":"openai","content":[{"role":"system","content":"You are a support agent. Use tools; never promise a refund before the ledger confirms it."},{"role":"user","content":"{{question}}"}],"extra":{"model":"gpt-5-mini","temperature":0.2},"notes":"First"}""")!,
                CancellationToken.None);
            await PostAsync(
                $"/v1/templates/{prompt["id"]}/versions",
                (JsonObject)JsonNode.Parse("""{"content":[{"role":"system","content":"You are a support agent. Use tools; never promise a refund before the ledger confirms it. Say what happens next."},{"role":"user","content":"{{question}}"}],"extra":{"model":"gpt-5-mini","temperature":0},"isDraft":true,"notes":"Says what happens next"}""")!,
                CancellationToken.None);
        }

        private async Task<string> CreateEmptyAsync(Browser browser)
        {
            var page = await browser.OpenAsync("/projects/new", server: this);
            await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Nothing yet");
            await page.GetByRole(AriaRole.Button, new() { Name = "Create project" }).ClickAsync();
            await page.ArriveAsync("/settings");
            var address = new Uri(page.Url).AbsolutePath.Replace("/settings", "", StringComparison.Ordinal);
            await page.Context.CloseAsync();
            return address;
        }
    }
}
