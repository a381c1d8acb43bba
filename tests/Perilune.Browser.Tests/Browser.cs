using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Perilune.Browser.Tests;

/// <summary>One Chromium for all tests; each page is in a context of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>Milliseconds that anything in a page may take on a busy machine.</summary>
    internal const float Patience = 30_000;

    private readonly ConcurrentDictionary<ServerProcess, Lazy<Task<string>>> _sessions = new();
    private readonly ConcurrentDictionary<(ColorScheme, bool, bool, ServerProcess?, float), Lazy<Task<IPage>>> _kept = new();

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public ServerProcess Server { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Server.InitializeAsync();
        await Server.SendAsync(SampleTraffic.Create(TimeProvider.System.GetUtcNow()), CancellationToken.None);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A signed-in page, 1440 or 390 wide.</summary>
    public async Task<IPage> OpenAsync(string path, ColorScheme theme = ColorScheme.Light, bool isPhone = false, bool signIn = true, bool javaScript = true, ServerProcess? server = null, float scale = 1)
    {
        server ??= Server;
        var session = signIn ? await _sessions.GetOrAdd(server, of => new(() => SignInAsync(of))).Value : null;
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = server.Url.ToString(),
            ColorScheme = theme,
            JavaScriptEnabled = javaScript,
            DeviceScaleFactor = scale,
            StorageState = session,
            ViewportSize = isPhone ? new ViewportSize { Width = 390, Height = 844 } : new ViewportSize { Width = 1440, Height = 900 },
        });
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        await page.GotoAsync(path);
        return page;
    }

    /// <summary>An empty page that stays open, for tests of one class that look at many pages and change none.</summary>
    public Task<IPage> KeptAsync(ColorScheme theme, bool isPhone, bool signIn, ServerProcess? server = null, float scale = 1) =>
        _kept.GetOrAdd((theme, isPhone, signIn, server, scale), _ => new(() => OpenAsync("about:blank", theme, isPhone, signIn, server: server, scale: scale))).Value;

    /// <summary>Cookies of somebody who signed in as people do. One session per server serves all its tests.</summary>
    private async Task<string> SignInAsync(ServerProcess server)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions { BaseURL = server.Url.ToString() });
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/login");
        await page.GetByLabel("Email").FillAsync(ServerProcess.Email);
        await page.GetByLabel("Password").FillAsync(ServerProcess.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.ArriveAsync("/runs");
        var session = await context.StorageStateAsync();
        await context.CloseAsync();
        return session;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        await Server.DisposeAsync();
    }
}
