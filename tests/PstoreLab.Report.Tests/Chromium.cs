using Microsoft.Playwright;

namespace PstoreLab.Report.Tests;

/// <summary>Debian's chromium for the tests of pages: one process, and a page of its own for each test.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Chromium> StartAsync()
    {
        string program = InstalledChromium.Find();
        var playwright = await Playwright.CreateAsync();
        // Pages are this test's own; chromium's sandbox does not start for root.
        var browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = program, Args = ["--no-sandbox"] }
        );
        return new Chromium(playwright, browser);
    }

    public async Task<OpenPage> OpenAsync(string address, int width = 1280, bool dark = false)
    {
        var context = await _browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = width, Height = 900 },
                ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
                Permissions = ["clipboard-read", "clipboard-write"],
            }
        );
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add($"console: {message.Text}");
        page.PageError += (_, error) => complaints.Add($"error: {error}");
        page.Dialog += async (_, dialog) =>
        {
            complaints.Add($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("file:", StringComparison.Ordinal))
                complaints.Add($"request: {request.Url}");
        };
        await page.GotoAsync(address);
        return new OpenPage(context, page, complaints);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

/// <summary>A page, and what went wrong in it.</summary>
internal sealed record OpenPage(IBrowserContext Context, IPage Page, IReadOnlyList<string> Complaints)
    : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await Context.DisposeAsync();
}
