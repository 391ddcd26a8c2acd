using System.Text.Json;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Cli.Tests.Atlas;

/// <summary>
/// The atlas in a real browser: what it shows, where it leads, how it looks, and that nothing a guest said is more than
/// text.
/// </summary>
[NonParallelizable]
public sealed class PageTests
{
    private const string Message = "pstore: crypto_comp_decompress failed, ret = -22!";

    /// <summary>Each of them does something in a page that takes it for more than text.</summary>
    private static readonly string[] Hostile =
    [
        "<script>document.title = 'owned'</script>",
        "\"><img src=x onerror=\"document.title = 'owned'\">",
        "' onmouseover='alert(1)' x='",
        "</pre></details></section><svg onload=\"document.title = 'owned'\"></svg>",
        "<iframe src=\"javascript:alert(1)\"></iframe>",
        "<a href=\"javascript:document.title = 'owned'\">a link</a>",
        "--></style><style>* { display: none }</style><!--",
        "<base href=\"https://example.org/\"><meta http-equiv=refresh content=\"0;url=https://example.org/\">",
        "&lt;script&gt; &amp;amp; &#60;b&#62;",
        "{{7*7}} ${7*7}",
    ];

    /// <summary>Not seen by a reader, or not as what they are: and how the page shows them.</summary>
    private static readonly (string Text, string Shown)[] Unseen =
    [
        ("nul \0 here", @"nul \x00 here"),
        ("\u001b[31mred\u001b[2J", @"\x1b[31mred\x1b[2J"),
        ("\u009b1m", @"\x9b1m"),
        ("bidi \u202eerof\u202c and \u2066isolated\u2069", @"bidi \u{202e}erof\u{202c} and \u{2066}isolated\u{2069}"),
        ("zero\u200bwidth", @"zero\u{200b}width"),
        ("\ufeffmark", @"\u{feff}mark"),
        ("line\u2028separator", @"line\u{2028}separator"),
        ("bell\u0007 back\bspace", @"bell\x07 back\x08space"),
        ("\uffff", @"\u{ffff}"),
    ];

    private Browser _browser = null!;

    [OneTimeSetUp]
    public async Task StartTheBrowser() => _browser = await Browser.StartAsync();

    [OneTimeTearDown]
    public async Task EndTheBrowser()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
    }

    [SetUp]
    public Task AsOnAnyScreen() => _browser.EmulateAsync("screen", "light");

    [Test]
    public async Task Each_cell_shows_its_verdict()
    {
        using var run = Upgrade();
        await run.ReportAsync();
        await _browser.ShowAsync(run.Page);

        Assert.That(await _browser.AskAsync<string>("document.title"), Is.EqualTo("pstore atlas: 8 cells"));
        Assert.That(await TextsAsync("figcaption h2"), Is.EqualTo(["erst deflate", "ramoops deflate", "ramoops lz4"]));
        Assert.That(
            await TextsAsync("figure:nth-of-type(2) tbody tr"),
            Is.EqualTo(["debian-5.10 ✓ 2 ✗", "debian-6.1 ! –", "lab-6.1 K not run"])
        );
        Assert.That(await TextsAsync("figure:nth-of-type(2) thead tr:last-child"), Is.EqualTo(["6.1 7.2"]));
        Assert.That(
            await _browser.AskAsync<string[]>(
                "[...document.querySelectorAll('figure:nth-of-type(2) td a')].map(a => a.ariaLabel)"
            ),
            Has.Some.EqualTo("debian-5.10 → debian-7.2: failed, 1 case")
        );
        Assert.That(
            (await TextsAsync(".counts")).Single(),
            Is.EqualTo("8 cells of 9 cases: ✗ 1 failed E 1 error ! 1 infra K 2 known ✓ 2 passed – 1 unsupported")
        );
        Assert.That(
            await _browser.AskAsync<string[]>(
                "[...new Set([...document.querySelectorAll('figure td a')].map(a => "
                    + "getComputedStyle(a).backgroundColor))]"
            ),
            Has.Length.EqualTo(6),
            "a colour for each verdict: the page's policy has not kept its own style out"
        );
        Assert.That(
            (await TextsAsync(".out li"))[0],
            Does.StartWith("✗ failed 3 of 8 marker lines are missing")
                .And.EndWith("ramoops deflate: debian-5.10 → debian-7.2")
        );
        await _browser.PictureAsync("atlas-desktop.png");
    }

    [TestCase(1280)]
    [TestCase(390)]
    public async Task A_click_on_a_cell_shows_what_was_found_and_a_click_there_the_evidence(int width)
    {
        using var run = Upgrade();
        await run.ReportAsync();
        await _browser.ShowAsync(run.Page, width);
        const string Cell = "ramoops-lz4-lab-6.1-debian-7.2";
        Assert.That(
            await _browser.AskAsync<bool>(
                $"document.getElementById('{Cell}').getBoundingClientRect().top > innerHeight"
            ),
            "it is out of sight at first"
        );

        await _browser.ClickAsync($"figure td a[href='#{Cell}']");

        await _browser.HoldsAsync($"location.hash === '#{Cell}'");
        await _browser.HoldsAsync(
            $"(r => r.top >= 0 && r.top < innerHeight / 2)(document.querySelector(':target').getBoundingClientRect())"
        );
        Assert.That(
            await _browser.AskAsync<string>("getComputedStyle(document.querySelector(':target')).boxShadow"),
            Is.Not.EqualTo("none"),
            "it is marked"
        );
        string shown = await _browser.AskAsync<string>("document.querySelector(':target').innerText");
        Assert.That(
            shown,
            Does.Contain("K known")
                .And.Contain("lab-6.1 → debian-7.2")
                .And.Contain("a catalogued bug")
                .And.Contain(Message)
                .And.Contain("boot 2, debian-7.2, said")
        );
        await _browser.PictureAsync($"atlas-clicked-{width}.png");

        await _browser.ClickAsync(":target .evidence a[href$='boot-2/console.log']");
        await _browser.HoldsAsync("location.pathname.endsWith('/boot-2/console.log')");
        Assert.That(await _browser.AskAsync<string>("document.body.innerText"), Does.Contain(Message));
    }

    [Test]
    public async Task Every_link_leads_to_something_that_is_there()
    {
        using var run = Upgrade();
        var hostile = run.Add("debian-5.10", "debian-6.1", scenario: "a b#c?d%20&e\"'<f>é");
        await run.ReportAsync();
        await _browser.ShowAsync(run.Page);

        Assert.That(await DanglingAsync(), Is.Empty);
        string[] links = await _browser.AskAsync<string[]>(
            "[...document.links].map(a => decodeURIComponent(a.pathname) + a.hash)"
        );
        Assert.That(links, Has.Some.EqualTo($"{run.Root}/{hostile.Folder}/boot-1/console.log"));
        foreach (
            string file in Directory.EnumerateFiles(Path.Combine(run.Root, "cases"), "*", SearchOption.AllDirectories)
        )
            Assert.That(links, Has.Some.EqualTo(file), "all of the evidence can be reached");

        Directory.Delete(Path.Combine(run.Root, hostile.Folder, "boot-1"), recursive: true);
        Assert.That(await DanglingAsync(), Has.Length.EqualTo(1), "a link that leads nowhere is seen");
        await run.ReportAsync();
        await _browser.ShowAsync(run.Page);
        Assert.That(await DanglingAsync(), Is.Empty, "what is gone is not linked");
    }

    [Test]
    public async Task Nothing_that_a_guest_said_is_more_than_text()
    {
        using var run = new MadeRun();
        string[] all = [.. Hostile, .. Unseen.Select(one => one.Text)];
        foreach (string text in all)
            run.Add(
                "debian-5.10",
                "debian-6.1",
                Verdict.Failed,
                text,
                said: [$"pstore: {text.ReplaceLineEndings(" ")}"]
            );
        // As names of a kernel, a backend and a compressor, in which nobody looks for it.
        foreach (string text in all.Append("javascript:alert(1)"))
            run.Add(text, text, Verdict.Known, text, backend: text, compress: text);
        run.Write($"cases/upgrade/read/0/records-1/{Hostile[1].Replace('/', '_')}", "a name");
        run.Write($"cases/upgrade/read/0/records-1/javascript:alert(1)", "a name");
        await run.ReportAsync();
        await _browser.ShowAsync(run.Page);

        Assert.That(await FaultsAsync(), Is.Empty);
        string shown = await _browser.AskAsync<string>("document.body.textContent");
        foreach (string text in Hostile)
            Assert.That(shown, Does.Contain(text).And.Contain($"pstore: {text}"));
        foreach (var (_, text) in Unseen)
            Assert.That(shown, Does.Contain(text));
        Assert.That(await DanglingAsync(), Is.Empty);

        // Were it not encoded, it would be seen here; and the policy of the page would keep it from running.
        string page = File.ReadAllText(run.Page);
        string raw = page.Replace("<main>", "<main>" + string.Concat(Hostile[..2]));
        Assert.That(raw, Is.Not.EqualTo(page));
        run.Write("raw.html", raw);
        await _browser.ShowAsync(Path.Combine(run.Root, "raw.html"));
        Assert.That(await FaultsAsync(), Has.Some.Contain("SCRIPT").And.Some.Contain("IMG").And.None.Contain("title"));
        run.Write("open.html", raw.Replace("Content-Security-Policy", "None"));
        await _browser.ShowAsync(Path.Combine(run.Root, "open.html"));
        Assert.That(await FaultsAsync(), Has.Some.Contain("title"));
    }

    [Test]
    public async Task A_reason_of_a_megabyte_does_not_break_the_page()
    {
        using var run = new MadeRun();
        string reason = "it said " + new string('<', 1_000_000);
        run.Add(
            "debian-5.10",
            "debian-6.1",
            Verdict.Failed,
            reason,
            said:
            [
                "pstore: " + new string('x', 1_000_000),
                .. Enumerable.Range(0, 1000).Select(n => $"pstore: line {n}"),
            ]
        );
        await run.ReportAsync();
        await _browser.ShowAsync(run.Page, 390);

        Assert.That(new FileInfo(run.Page).Length, Is.LessThan(100_000));
        Assert.That(await FaultsAsync(), Is.Empty);
        Assert.That(
            (await TextsAsync("main p.said")).Single(),
            Does.StartWith("it said <<<").And.EndWith("… and 996008 characters more, which atlas.json has")
        );
        Assert.That(await _browser.AskAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(390));
        Assert.That(
            JsonDocument
                .Parse(File.ReadAllText(run.Json))
                .RootElement.GetProperty("maps")[0]
                .GetProperty("cells")[0]
                .GetProperty("cases")[0]
                .GetProperty("reason")
                .GetString(),
            Is.EqualTo(reason)
        );
    }

    [TestCase("light")]
    [TestCase("dark")]
    public async Task Every_sign_can_be_read(string scheme)
    {
        using var run = Upgrade();
        await run.ReportAsync();
        await _browser.EmulateAsync("screen", scheme);
        await _browser.ShowAsync(run.Page);

        string[][] colours = await _browser.AskAsync<string[][]>(
            "[...document.querySelectorAll('.v')].map(e => (s => [e.className, s.color, "
                + "s.backgroundColor])(getComputedStyle(e)))"
        );
        Assert.That(colours, Has.Length.GreaterThan(10));
        // WCAG 2.2, 1.4.3: 4.5 for text.
        Assert.That(
            colours
                .Where(colour => Contrast(colour[1], colour[2]) < 4.5)
                .Select(colour => string.Join(' ', colour))
                .Distinct(),
            Is.Empty
        );
        await _browser.PictureAsync($"atlas-{scheme}.png");
    }

    [Test]
    public async Task It_fits_a_phone()
    {
        using var run = Upgrade();
        run.Add("mine", "a-kernel-with-a-name-that-has-no-end-at-all-6.9-and-a-long-word-behind-it");
        await run.ReportAsync();
        await _browser.ShowAsync(run.Page, 390, 844);

        Assert.That(await _browser.AskAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(390));
        await _browser.PictureAsync("atlas-phone.png");
    }

    [Test]
    public async Task On_paper_nothing_is_folded_away()
    {
        using var run = new MadeRun();
        for (int n = 0; n < 5; n++)
            run.Add("debian-6.1", "debian-6.1");
        await run.ReportAsync();
        await _browser.ShowAsync(run.Page);
        const string Seen = "[...document.querySelectorAll('.findings')].filter(e => e.checkVisibility()).length";

        Assert.That(await _browser.AskAsync<int>(Seen), Is.Zero, "five that passed are only named");
        await _browser.EmulateAsync("print", "light");
        Assert.That(await _browser.AskAsync<int>(Seen), Is.EqualTo(5));
    }

    /// <summary>Every verdict, two compressors, two backends, and a pair that was not run.</summary>
    private static MadeRun Upgrade()
    {
        var run = new MadeRun();
        run.Add("debian-5.10", "debian-6.1");
        run.Add("debian-5.10", "debian-6.1");
        run.Add("debian-5.10", "debian-7.2", Verdict.Failed, "3 of 8 marker lines are missing");
        run.Add("debian-6.1", "debian-6.1", Verdict.Infra, "Booting (boot 2): QEMU ended");
        run.Add(
            "debian-6.1",
            "debian-7.2",
            Verdict.Unsupported,
            "was built without CONFIG_PSTORE_RAM",
            evidence: false
        );
        run.Add("lab-6.1", "debian-6.1", Verdict.Known, "a catalogued bug");
        run.Add("lab-6.1", "debian-7.2", Verdict.Known, "a catalogued bug", compress: "lz4", said: [Message]);
        run.Add("debian-6.1", "debian-6.1", Verdict.Error, "read.yaml:1:2: there is no such word", backend: "erst");
        run.Add("debian-6.1", "debian-7.2", backend: "erst");
        return run;
    }

    /// <summary>What of a page could only come from a text that was taken for more.</summary>
    private async Task<List<string>> FaultsAsync()
    {
        string[] own =
        [
            "HTML",
            "HEAD",
            "META",
            "TITLE",
            "STYLE",
            "BODY",
            "HEADER",
            "MAIN",
            "FOOTER",
            "SECTION",
            "FIGURE",
            "FIGCAPTION",
            "H1",
            "H2",
            "H3",
            "H4",
            "P",
            "BR",
            "B",
            "SMALL",
            "UL",
            "OL",
            "LI",
            "SPAN",
            "DIV",
            "PRE",
            "CODE",
            "A",
            "TABLE",
            "THEAD",
            "TBODY",
            "TR",
            "TH",
            "TD",
            "DETAILS",
            "SUMMARY",
        ];
        string[] ownAttributes =
        [
            "lang",
            "charset",
            "http-equiv",
            "content",
            "name",
            "class",
            "id",
            "href",
            "title",
            "aria-label",
            "scope",
            "rowspan",
            "colspan",
            "open",
        ];
        var faults = new List<string>();
        faults.AddRange(
            (await _browser.AskAsync<string[]>("[...new Set([...document.querySelectorAll('*')].map(e => e.tagName))]"))
                .Except(own)
                .Select(name => $"element {name}")
        );
        faults.AddRange(
            (
                await _browser.AskAsync<string[]>(
                    "[...new Set([...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()))]"
                )
            )
                .Except(ownAttributes)
                .Select(name => $"attribute {name}")
        );
        faults.AddRange(
            (await _browser.AskAsync<string[]>("[...document.links].map(a => a.protocol)"))
                .Where(scheme => scheme != "file:")
                .Select(scheme => $"a link with {scheme}")
        );
        if (await _browser.AskAsync<int>("document.querySelectorAll('style').length") is var styles and not 1)
            faults.Add($"{styles} styles");
        if (
            await _browser.AskAsync<string>("document.title") is var title
            && !title.StartsWith("pstore atlas: ", StringComparison.Ordinal)
        )
            faults.Add($"the title is {title}");
        if (
            await _browser.AskAsync<bool>(
                @"/[^\P{Cc}\n\t]|\p{Cf}|\u2028|\u2029/u.test(document.body.textContent + "
                    + "[...document.querySelectorAll('[title]')].map(e => e.title).join())"
            )
        )
            faults.Add("a character that is not seen");
        // All that it loads is itself.
        faults.AddRange(
            _browser
                .Events.Where(one => one.Method is "Network.requestWillBeSent" or "Page.javascriptDialogOpening")
                .Skip(1)
                .Select(one => $"{one.Method} {one.Parameters}")
        );
        return faults;
    }

    /// <summary>Links of the page that lead nowhere.</summary>
    private async Task<string[]> DanglingAsync()
    {
        string[] nowhere = await _browser.AskAsync<string[]>(
            "[...document.links].filter(a => a.hash && "
                + "!document.getElementById(decodeURIComponent(a.hash.slice(1)))).map(a => a.hash)"
        );
        string[] files = await _browser.AskAsync<string[]>(
            "[...document.links].filter(a => !a.hash).map(a => decodeURIComponent(a.pathname))"
        );
        return [.. nowhere, .. files.Where(file => !Path.Exists(file))];
    }

    private Task<string[]> TextsAsync(string selector) =>
        _browser.AskAsync<string[]>(
            $"[...document.querySelectorAll({JsonSerializer.Serialize(selector)})].map(e => "
                + "e.innerText.replace(/\\s+/g, ' ').trim())"
        );

    private static double Contrast(string one, string other)
    {
        double[] lights = [.. new[] { one, other }.Select(Luminance).Order()];
        return (lights[1] + 0.05) / (lights[0] + 0.05);
    }

    // Of `rgb(1, 2, 3)`, as WCAG 2.2 defines it.
    private static double Luminance(string colour)
    {
        double[] parts =
        [
            .. colour[(colour.IndexOf('(') + 1)..^1]
                .Split(',')
                .Take(3)
                .Select(part => double.Parse(part) / 255)
                .Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4)),
        ];
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    }
}
