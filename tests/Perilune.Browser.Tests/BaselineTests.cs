using Microsoft.Playwright;

namespace Perilune.Browser.Tests;

/// <summary>
/// Pages look as they did when somebody last looked at them. Pictures are half a page's size, times are blanked out, and
/// small differences of how letters are drawn do not count. PERILUNE_ACCEPT_SNAPSHOTS=1 takes them anew.
/// </summary>
public sealed class BaselineTests(Browser browser, BaselineTests.Untouched server) : IClassFixture<BaselineTests.Untouched>
{
    private const string Root = $"/projects/{ServerProcess.Project}";

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
        { "filter-wrong", $"{Root}/runs?q=modle%3Agpt", ColorScheme.Light, false },
        { "filter-empty", $"{Root}/runs?q=model%3Anothing", ColorScheme.Dark, false },
        { "trace", $"{Root}/traces/{SampleTraffic.ResearchTrace}", ColorScheme.Light, false },
        { "trace-dark", $"{Root}/traces/{SampleTraffic.ResearchTrace}?view=waterfall", ColorScheme.Dark, false },
        { "trace-phone", $"{Root}/traces/{SampleTraffic.ResearchTrace}", ColorScheme.Dark, true },
        { "transcript", $"{Root}/traces/{SampleTraffic.ResearchTrace}?view=transcript", ColorScheme.Light, false },
        { "thread", $"{Root}/threads/{SampleTraffic.Thread}", ColorScheme.Light, false },
        { "prompts-empty", $"{Root}/prompts", ColorScheme.Light, false },
        { "prompt-new", $"{Root}/prompts/new", ColorScheme.Dark, false },
        { "keys", $"{Root}/settings/keys", ColorScheme.Light, false },
        { "no-trace", $"{Root}/traces/absent", ColorScheme.Light, false },
    };

    [Theory, MemberData(nameof(Pictures))]
    public async Task Page_looks_as_it_did(string name, string path, ColorScheme theme, bool isPhone)
    {
        var cancel = TestContext.Current.CancellationToken;
        var page = await browser.OpenAsync(path, theme, isPhone, server: server, scale: 0.5f);
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        var now = await page.ScreenshotAsync(new() { Animations = ScreenshotAnimations.Disabled, Mask = [page.Locator("time, live-pill, .steps")], MaskColor = "#808080", Scale = ScreenshotScale.Device });
        var baseline = Path.Combine(Folder, name + ".png");
        if (Environment.GetEnvironmentVariable("PERILUNE_ACCEPT_SNAPSHOTS") == "1")
        {
            await File.WriteAllBytesAsync(baseline, now, cancel);
        }

        var before = await File.ReadAllBytesAsync(baseline, cancel);
        await page.GotoAsync("about:blank");
        var differing = await page.EvaluateAsync<double>(Compare, new object[] { Convert.ToBase64String(before), Convert.ToBase64String(now), Tolerated });
        if (differing > MostDiffering)
        {
            Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots"));
            await File.WriteAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "screenshots", $"differs-{name}.png"), now, cancel);
        }

        await page.Context.CloseAsync();
        Assert.True(differing <= MostDiffering, $"{differing:P1} of {name} looks otherwise than baselines/{name}.png: see screenshots/differs-{name}.png.");
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

    /// <summary>A server that no other test sends anything to.</summary>
    public sealed class Untouched : ServerProcess, IAsyncLifetime
    {
        async ValueTask IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            await SendAsync(SampleTraffic.Create(TimeProvider.System.GetUtcNow()), CancellationToken.None);
        }
    }
}
