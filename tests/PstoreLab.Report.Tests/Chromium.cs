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
        string program = Program();
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

    private static string Program()
    {
        // A snap, as Ubuntu has it, sees neither /tmp nor hidden folders.
        string? found = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Append("/usr/bin")
            .Where(folder => !folder.StartsWith("/snap", StringComparison.Ordinal))
            .Select(folder => Path.Combine(folder, "chromium"))
            .FirstOrDefault(File.Exists);
        if (found is null && File.ReadLines("/etc/os-release").Contains("ID=debian"))
            Assert.Fail("there is no chromium on PATH; `make test` installs it, or: apt-get install chromium");
        if (found is null)
            Assert.Ignore("no chromium here but, at most, a snap, which cannot read a test's files");
        return found!;
    }
}

/// <summary>A page, and what went wrong in it.</summary>
internal sealed record OpenPage(IBrowserContext Context, IPage Page, IReadOnlyList<string> Complaints)
    : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await Context.DisposeAsync();
}
