using Microsoft.Playwright;

namespace Perilune.Load.Querying;

/// <summary>Opens a page in a browser, over and over, and asks it when it had drawn something.</summary>
internal static class Painter
{
    private static readonly string[] s_arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    /// <summary>The program: what <c>CHROMIUM</c> names, or Debian's; null when there is none.</summary>
    public static string? Chromium => new[] { Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium" }.FirstOrDefault(File.Exists);

    /// <summary>Milliseconds from the navigation to the first contentful paint, of each visit in turn.</summary>
    public static async Task<IReadOnlyList<double>> PaintAsync(Uri url, string email, string password, string path, int visits)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = s_arguments });
        await using var context = await browser.NewContextAsync(new() { BaseURL = url.ToString(), ViewportSize = new() { Width = 1440, Height = 900 } });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/login");
        await page.FillAsync("[name=email]", email);
        await page.FillAsync("[name=password]", password);
        await page.ClickAsync("button.primary");
        await page.WaitForURLAsync("**/projects/**");
        var millis = new List<double>(visits);
        for (var i = 0; i < visits; i++)
        {
            await page.GotoAsync("about:blank");
            await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.NetworkIdle });
            millis.Add(await page.EvaluateAsync<double>("performance.getEntriesByName('first-contentful-paint')[0].startTime"));
        }

        return millis;
    }
}
