using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Perilune.Browser.Tests;

internal static class PageExtensions
{
    private static readonly string s_axe = new BundledAxeScriptProvider().GetScript();

    // The page is one frame, and only what is wrong comes back: the rest takes longer to describe than to check.
    private const string FindViolations = """
        async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
          .map((v) => `${v.help}: ${v.nodes.slice(0, 4).map((n) => n.html).join("; ")}`)
        """;

    /// <summary>What axe objects to.</summary>
    public static async Task<string[]> ViolationsAsync(this IPage page)
    {
        await page.EvaluateAsync(s_axe);
        return await page.EvaluateAsync<string[]>(FindViolations);
    }

    /// <summary>Waits until the page's address holds a text and its scripts listen, looking again and again: an event can be missed.</summary>
    public static async Task ArriveAsync(this IPage page, string text)
    {
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(text), RegexOptions.None, TimeSpan.FromSeconds(1)), new() { Timeout = Browser.Patience });
        await page.Locator("html.js").WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }
}
