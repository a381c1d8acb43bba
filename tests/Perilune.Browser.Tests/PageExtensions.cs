using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Perilune.Browser.Tests;

internal static class PageExtensions
{
    /// <summary>Waits until the page's address holds a text and its scripts listen, looking again and again: an event can be missed.</summary>
    public static async Task ArriveAsync(this IPage page, string text)
    {
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(text), RegexOptions.None, TimeSpan.FromSeconds(1)), new() { Timeout = Browser.Patience });
        await page.Locator("html.js").WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }
}
