using Microsoft.Playwright;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Report.Tests;

/// <summary>report.html in a real browser.</summary>
[NonParallelizable]
public sealed class PageTests
{
    /// <summary>Each of them does something in a page that takes it for more than text.</summary>
    private const string Hostile =
        "<script>document.title='owned'</script><img src=x onerror=alert(1)>\"'--></style></table>"
        + "<svg onload=alert(2)>&lt;b&gt; @(1+1) {{7*7}} \u001b[31mred \u0000 bell\u0007";

    private Chromium _browser = null!;

    [OneTimeSetUp]
    public async Task StartTheBrowser() => _browser = await Chromium.StartAsync();

    [OneTimeTearDown]
    public async Task EndTheBrowser()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
    }

    [Test]
    public async Task What_failed_comes_first_with_its_cause_and_leads_to_the_first_difference()
    {
        using var run = await FullAsync();
        await using var open = await _browser.OpenAsync(run.Address);
        var page = open.Page;

        Assert.That(await page.InnerTextAsync("h1"), Is.EqualTo("2 cases to look at, 2 causes"));
        Assert.That(
            await page.Locator("main > section > h2").AllInnerTextsAsync(),
            Is.EqualTo(["Failed, by cause 2", "Heat map", "Known bugs 1", "Passed 2", "Unsupported here, by reason 1"])
        );
        var first = page.Locator($"[id='case/{MadeRun.Case}']");
        Assert.That(await first.GetAttributeAsync("open"), Is.Not.Null, "the first of a cause is open");
        Assert.That(await first.InnerTextAsync(), Does.Contain(MadeRun.Command).And.Contain("1 altered"));

        await first.Locator(".jump").ClickAsync();
        await Assertions.Expect(page.Locator("tr:target")).ToBeInViewportAsync();
        Assert.That(
            await page.Locator("tr:target mark").AllInnerTextsAsync(),
            Is.EqualTo(["a", "X"]),
            "nothing is marked but what differs"
        );
        Assert.That(open.Complaints, Is.Empty);
    }

    [Test]
    public async Task Filters_live_in_the_address()
    {
        using var run = await FullAsync();
        await using var open = await _browser.OpenAsync($"{run.Address}#v=passed&b=ramoops");
        var page = open.Page;

        Assert.That(await ShownAsync(page), Is.EqualTo(["b/ram/1"]));
        Assert.That(await page.InputValueAsync("#b"), Is.EqualTo("ramoops"));
        Assert.That(await page.InnerTextAsync("#shown"), Is.EqualTo("1 of 6 cases"));
        Assert.That(
            await page.Locator("main .part h2:visible").AllInnerTextsAsync(),
            Is.EqualTo(["Passed 1"]),
            "what is counted is what is shown"
        );

        await page.ClickAsync("#clear");
        Assert.That(await ShownAsync(page), Has.Count.EqualTo(6));
        await page.FillAsync("#q", "nobody expected");
        Assert.That(await ShownAsync(page), Is.EqualTo(["a/other/1"]));
        Assert.That(new Uri(page.Url).Fragment, Is.EqualTo("#q=nobody%20expected"));

        await page.GotoAsync($"{run.Address}#case/b/passes/1");
        await Assertions.Expect(page.Locator("[id='case/b/passes/1'] .body")).ToBeVisibleAsync();
        await page.ClickAsync("#map-kernel .heat tr[data-s='a/known'] td a");
        Assert.That(await ShownAsync(page), Is.EqualTo(["a/known/1"]));
        Assert.That(open.Complaints, Is.Empty);
    }

    [Test]
    public async Task The_keyboard_goes_from_case_to_case_and_a_button_copies_the_command()
    {
        using var run = await FullAsync();
        await using var open = await _browser.OpenAsync(run.Address);
        var page = open.Page;

        await page.Keyboard.PressAsync("j");
        Assert.That(await page.Locator(".here .id").InnerTextAsync(), Is.EqualTo("a/other/1"));
        await page.Keyboard.PressAsync("j");
        Assert.That(await page.Locator(".here .id").InnerTextAsync(), Is.EqualTo(MadeRun.Case));
        await page.Keyboard.PressAsync("k");
        await page.Keyboard.PressAsync("j");
        Assert.That(await page.Locator(".here").CountAsync(), Is.EqualTo(1));
        await page.Locator(".here .copy").ClickAsync();
        await Assertions.Expect(page.Locator(".here .copy")).ToHaveTextAsync("Copied");
        Assert.That(await page.EvaluateAsync<string>("navigator.clipboard.readText()"), Is.EqualTo(MadeRun.Command));
        await page.Keyboard.PressAsync("/");
        Assert.That(await page.EvaluateAsync<string>("document.activeElement.id"), Is.EqualTo("q"));
        Assert.That(open.Complaints, Is.Empty);
    }

    [Test]
    public async Task Nothing_that_a_guest_said_is_more_than_text()
    {
        using var run = new MadeRun();
        await run.AddRealAsync(one =>
        {
            one.Damage(CaseEvidence.Newest, text => text.Replace("Kernel panic", Hostile));
            one.Console = one.Console.Replace("Run /init", "Run " + Hostile);
        });
        run.Add("a/<script>alert(3)<\u002fscript>/\"onclick=alert(4)", Verdict.Failed, Hostile, kernel: Hostile);
        run.Add("a/known/1", Verdict.Known, Hostile, backend: Hostile);
        await run.ReportAsync();
        await using var open = await _browser.OpenAsync(run.Address);
        var page = open.Page;
        await page.EvaluateAsync("document.querySelectorAll('details').forEach(one => one.open = true)");

        Assert.That(await page.TitleAsync(), Does.EndWith("PstoreLab"));
        Assert.That(await page.Locator("main img, main script, main style, main svg[onload]").CountAsync(), Is.Zero);
        string text = await page.InnerTextAsync("body");
        Assert.That(text, Does.Contain("<script>document.title='owned'</script><img src=x onerror=alert(1)>"));
        Assert.That(text, Does.Contain(@"&lt;b&gt; @(1+1) {{7*7}} \x1b[31mred \x00 bell\x07"));
        Assert.That(text.Any(one => char.IsControl(one) && one is not ('\n' or '\t' or '\r')), Is.False);
        Assert.That(
            await page.EvaluateAsync<string[]>(
                "[...document.links].map(a => a.getAttribute('href')).filter(to => !/^(#|\\.\\/)/.test(to))"
            ),
            Is.Empty,
            "no link leads anywhere but into the page and the run"
        );
        Assert.That(open.Complaints, Is.Empty);
    }

    [Test]
    public async Task The_policy_keeps_out_what_is_not_the_page_s_own()
    {
        using var run = await FullAsync();
        string page = run.Html.Replace("</main>", "<script>document.title='owned'</script></main>");
        File.WriteAllText(Path.Combine(run.Root, ReportFiles.Html), page);
        await using var open = await _browser.OpenAsync(run.Address);

        Assert.That(await open.Page.TitleAsync(), Is.Not.EqualTo("owned"));
        Assert.That(open.Complaints, Has.Some.Contains("Content Security Policy"), "and a complaint is seen");
    }

    [Test]
    public async Task Every_link_into_the_page_and_the_run_leads_to_something()
    {
        using var run = await FullAsync();
        await using var open = await _browser.OpenAsync(run.Address);

        string[] links = await open.Page.EvaluateAsync<string[]>(
            "[...document.links].map(a => a.getAttribute('href'))"
        );
        Assert.That(links, Has.Some.StartsWith("#case/").And.Some.StartsWith("./cases/"));
        string[] dangling = await open.Page.EvaluateAsync<string[]>(
            "[...document.links].map(a => a.getAttribute('href')).filter(to => to[0] === '#' && !to.includes('=') "
                + "&& !document.getElementById(decodeURIComponent(to.slice(1))))"
        );
        Assert.That(dangling, Is.Empty);
        Assert.That(
            links
                .Where(to => to.StartsWith($"./cases/{MadeRun.Case}"))
                .Select(to => Path.Combine(run.Root, Uri.UnescapeDataString(to)))
                .Where(path => !Path.Exists(path)),
            Is.Empty
        );
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Text_stands_out_from_its_ground(bool dark)
    {
        using var run = await FullAsync();
        await using var open = await _browser.OpenAsync(run.Address, dark: dark);
        await open.Page.EvaluateAsync("document.querySelectorAll('details').forEach(one => one.open = true)");

        Assert.That(await open.Page.EvaluateAsync<string[]>(Contrast), Is.Empty);

        await open.Page.EvaluateAsync(
            "document.querySelector('h1').style.color = getComputedStyle(document.body).backgroundColor"
        );
        Assert.That(
            await open.Page.EvaluateAsync<string[]>(Contrast),
            Has.Some.Contains("H1"),
            "text that does not stand out is seen"
        );
    }

    [Test]
    public async Task A_phone_shows_it_without_a_sideways_scroll()
    {
        using var run = await FullAsync();
        await using var open = await _browser.OpenAsync(run.Address, width: 400);
        var page = open.Page;
        await page.EvaluateAsync("document.querySelectorAll('details').forEach(one => one.open = true)");

        Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(400));
        await page.EvaluateAsync(
            "document.querySelector('h1').append('x'.repeat(9)); "
                + "document.querySelector('h1').style.cssText = 'white-space: nowrap; width: 500px'"
        );
        Assert.That(
            await page.EvaluateAsync<int>("document.documentElement.scrollWidth"),
            Is.GreaterThan(400),
            "one is seen"
        );
    }

    // WCAG 2.2, 1.4.3: 4.5 to 1, and 3 to 1 for large text (https://www.w3.org/TR/WCAG22/#contrast-minimum).
    private const string Contrast = """
        (() => {
          const rgb = color => {
            const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number);
            return { r, g, b, a };
          };
          const light = ({ r, g, b }) => [r, g, b].map(one => one / 255)
            .map(one => one <= .04045 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4)
            .reduce((sum, one, index) => sum + one * [.2126, .7152, .0722][index], 0);
          const ground = element => {
            for (let up = element; up; up = up.parentElement) {
              const color = rgb(getComputedStyle(up).backgroundColor);
              if (color.a > 0) return color;
            }
            return rgb('rgb(255, 255, 255)');
          };
          const found = new Set();
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (texts.nextNode()) {
            const element = texts.currentNode.parentElement;
            if (!texts.currentNode.data.trim() || !element.checkVisibility() || element.closest('script, style, title'))
              continue;
            const style = getComputedStyle(element);
            const [a, b] = [light(rgb(style.color)), light(ground(element))];
            const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
            const size = parseFloat(style.fontSize);
            const large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
            if (ratio < (large ? 3 : 4.5) || element.tagName === 'H1' && ratio < 4.5)
              found.add(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
          }
          return [...found];
        })()
        """;

    private static async Task<MadeRun> FullAsync()
    {
        var run = new MadeRun();
        run.Add("b/passes/1", version: "6.1.175-1");
        run.Next();
        await run.AddRealAsync(one =>
            one.Damage(CaseEvidence.Newest, text => text.Replace("Kernel panic", "Kernel pXnic"))
        );
        run.Add("a/other/1", Verdict.Failed, "a record nobody expected: dmesg-erst-1");
        run.Add("b/passes/1");
        run.Add("b/ram/1", backend: "ramoops", kernel: "debian-7.2");
        run.Add("a/known/1", Verdict.Known, "a-bug");
        run.Add("a/cannot/1", Verdict.Unsupported, "there is no such thing");
        await run.ReportAsync(
            new Bug("a-bug", "erst", "all", "somebody", ["a.c"], "do", null, new SourceLocation("a.yaml", 1, 1))
        );
        return run;
    }

    private static async Task<IReadOnlyList<string>> ShownAsync(IPage page) =>
        await page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('.case:not([hidden]) .id')].map(one => one.textContent)"
        );
}
