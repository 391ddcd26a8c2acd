using PstoreLab.Harness.Evidence;

namespace PstoreLab.Report.Tests;

/// <summary>What a report says of a run: causes, differences, the store, and what changed.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ContentTests
{
    [Test]
    public async Task Cases_with_one_cause_are_one_group_and_what_failed_comes_first()
    {
        using var run = new MadeRun();
        run.Add("a/passes/1");
        run.Add(
            "a/fails/1",
            Verdict.Failed,
            "dmesg-erst-771 of crash 1: the last 3 lines (120 bytes of text) are missing"
        );
        run.Add(
            "a/fails/2",
            Verdict.Failed,
            "dmesg-erst-772 of crash 1: the last 4 lines (99 bytes of text) are missing"
        );
        run.Add("a/other/1", Verdict.Failed, "a record nobody expected: dmesg-erst-1");
        run.Add("a/cannot/1", Verdict.Unsupported, "there is no such thing");

        var report = await run.ReportAsync();

        Assert.That(
            report.Groups.Select(group => $"{group.Verdict}: {string.Join(' ', group.Cases)}"),
            Is.EqualTo([
                "failed: a/fails/1 a/fails/2",
                "failed: a/other/1",
                "passed: a/passes/1",
                "unsupported: a/cannot/1",
            ])
        );
        Assert.That(report.Counts.Keys, Is.EqualTo(["failed", "passed", "unsupported"]));
    }

    [Test]
    public async Task A_lost_end_is_lost_on_the_page_as_in_the_verdict()
    {
        using var run = new MadeRun();
        var judgement = await run.AddRealAsync(one =>
            one.Damage(CaseEvidence.Newest, text => text[..^400][..(text[..^400].LastIndexOf('\n') + 1)])
        );
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Failed), judgement.Reason);

        var record = (await run.ReportAsync()).Cases[0].Records.Single();

        Assert.That(judgement.Reason, Does.Contain($"the last {record.Lost} lines"));
        Assert.That((record.Altered, record.Extra, record.Repeated), Is.EqualTo((0, 0, 0)));
        Assert.That(record.FirstDifference, Is.EqualTo(record.Same + 1));
        Assert.That(record.Faults, Has.Some.Contains($"the last {record.Lost} lines"));
    }

    [Test]
    public async Task An_altered_line_is_found_and_the_lines_behind_it_are_the_same_again()
    {
        using var run = new MadeRun();
        var judgement = await run.AddRealAsync(one =>
            one.Damage(CaseEvidence.Newest, text => text.Replace("Kernel panic", "Kernel pXnic"))
        );
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Failed), judgement.Reason);

        var record = (await run.ReportAsync()).Cases[0].Records.Single();

        Assert.That((record.Lost, record.Altered, record.Extra, record.Repeated), Is.EqualTo((0, 1, 0, 0)));
        Assert.That(record.Lines[record.FirstDifference!.Value - 1].Record, Does.Contain("Kernel pXnic"));
        Assert.That(judgement.Reason, Does.Contain("Kernel pXnic"));
    }

    [Test]
    public async Task A_line_that_is_there_twice_is_repeated()
    {
        using var run = new MadeRun();
        var judgement = await run.AddRealAsync(one =>
            one.Damage(
                CaseEvidence.Newest,
                text =>
                {
                    int at = text.IndexOf("Kernel panic", StringComparison.Ordinal);
                    int begin = text.LastIndexOf('\n', at) + 1;
                    int end = text.IndexOf('\n', at) + 1;
                    return text[..end] + text[begin..end] + text[end..];
                }
            )
        );
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Failed), judgement.Reason);

        var record = (await run.ReportAsync()).Cases[0].Records.Single();

        Assert.That((record.Lost, record.Altered, record.Extra, record.Repeated), Is.EqualTo((0, 0, 0, 1)));
    }

    [Test]
    public async Task A_record_that_is_not_shown_is_taken_from_the_store_and_without_one_the_console_s_end_is_shown()
    {
        using var run = new MadeRun();
        await run.AddRealAsync(one => one.Show(shown => shown.Clear()), "a/hidden/1");
        await run.AddRealAsync(one => one.Records.Clear(), "a/lost/1");

        var report = await run.ReportAsync();

        Assert.That(report.Cases[0].Records.Select(record => record.Place), Is.EqualTo(["store"]));
        Assert.That(report.Cases[0].Records[0].FirstDifference, Is.Null);
        Assert.That(report.Cases[1].Records.Select(record => record.Place), Is.EqualTo(["none"]));
        Assert.That(report.Cases[1].Records[0].Lost, Is.EqualTo(40));
    }

    [Test]
    public async Task The_store_has_its_records_at_their_places()
    {
        using var run = new MadeRun();
        await run.AddRealAsync(one => one.Show(shown => shown.Clear()));

        var stores = (await run.ReportAsync()).Cases[0].Stores;

        Assert.That(stores.Select(store => store.Moment), Is.EqualTo(["before the first boot", "as boot 1 left it"]));
        Assert.That(stores[0].Places, Is.Empty);
        Assert.That(stores[0].Divisions, Is.Not.Empty.And.Ordered.And.EqualTo(stores[1].Divisions));
        Assert.That(
            stores[1].Places.Select(place => place.Parts.First(part => part.Kind == "header").Range.Offset),
            Is.SubsetOf(stores[1].Divisions)
        );
        Assert.That(stores[1].Places.Select(place => place.State), Is.EqualTo(["live", "live"]));
        Assert.That(
            stores[1].Places.SelectMany(place => place.Parts).Select(part => part.Range.Offset + part.Range.Length),
            Is.All.LessThanOrEqualTo(stores[1].Length)
        );
    }

    [Test]
    public async Task What_changed_since_the_last_good_run_is_said()
    {
        using var run = new MadeRun();
        run.Add("a/b/1");
        run.Add("a/stays/1");
        run.Next();
        run.Add("a/b/1", Verdict.Failed, "gone", version: "6.1.177-1");
        run.Add("a/stays/1");

        var report = await run.ReportAsync();

        Assert.That(report.Runs.Select(one => one.Name), Is.EqualTo(["20260701-120000", "20260701-130000"]));
        var history = report.Cases[0].History;
        Assert.That(history.LastGood, Is.EqualTo("20260701-120000"));
        Assert.That(
            history.Changes[0],
            Is.EqualTo("kernel debian-6.1: 6.1.176-1 (debian-6.1-amd64) → 6.1.177-1 (debian-6.1-amd64)")
        );
        Assert.That((history.SameInputs, history.Flaky), Is.EqualTo((1, 0)));
        Assert.That(report.Cases[1].History.Changes, Is.Empty);
    }

    [Test]
    public async Task A_shipped_case_is_repeated_by_its_id_and_another_by_its_file()
    {
        using var run = new MadeRun();
        run.Add("a/b/1+3", Verdict.Failed, "gone");
        await run.AddRealAsync(one => one.Records.Clear());

        var report = await run.ReportAsync();

        Assert.That(report.Cases.Select(one => one.Command), Is.EqualTo(["pstorelab run a/b/1", MadeRun.Command]));
    }

    [Test]
    public async Task What_was_not_run_is_said()
    {
        using var run = new MadeRun
        {
            NotRun = [new("a/b/2", "the time was up", ["debian-6.1"]), new("a/b/1", "", [])],
        };
        run.Add("a/b/1");

        await run.ReportAsync();

        Assert.That(run.Html, Does.Contain("1 case was not run: the time was up"));
    }

    /// <summary>So all text of the page is encoded by Razor.</summary>
    [Test]
    public void Nothing_but_the_page_s_own_style_and_script_is_markup()
    {
        string folder = Path.Combine(Root(), "harness", "PstoreLab.Report");
        Assert.That(
            Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => File.ReadAllText(file).Contains("MarkupString"))
                .Select(Path.GetFileName),
            Is.EqualTo(["Page.razor"])
        );
    }

    [Test]
    public async Task Another_verdict_of_the_same_kernels_is_flaky()
    {
        using var run = new MadeRun();
        run.Add("a/b/1", Verdict.Failed, "gone");
        run.Next();
        run.Add("a/b/1");
        run.Next();
        run.Add("a/b/1");

        var history = (await run.ReportAsync()).Cases[0].History;

        Assert.That(history.Verdicts.Select(one => one.Verdict), Is.EqualTo(["failed", "passed", "passed"]));
        Assert.That((history.SameInputs, history.Flaky), Is.EqualTo((3, 1)));
    }

    [Test]
    public async Task A_place_in_the_page_is_the_same_in_every_run()
    {
        using var run = new MadeRun();
        run.Add("a/b/1", Verdict.Failed, "lost 3 lines");
        var first = await run.ReportAsync();
        run.Next();
        run.Add("a/new/1");
        run.Add("a/b/1", Verdict.Failed, "lost 4 lines");

        var second = await run.ReportAsync();

        Assert.That(second.Cases[1].Anchor, Is.EqualTo(first.Cases[0].Anchor).And.EqualTo("case/a/b/1"));
        Assert.That(second.Groups[0].Anchor, Is.EqualTo(first.Groups[0].Anchor));
    }

    [Test]
    public async Task Evidence_that_is_gone_or_damaged_is_said_and_breaks_nothing()
    {
        using var run = new MadeRun();
        await run.AddRealAsync(one => one.Show(shown => shown.Clear()));
        File.WriteAllText(Path.Combine(run.Root, "cases", MadeRun.Case, "plan.json"), "{ \"format\": 2");
        run.Add("a/b/1", Verdict.Failed, "gone");

        var report = await run.ReportAsync();

        Assert.That(report.Cases[0].EvidenceFault, Does.Contain("plan.json"));
        Assert.That(report.Cases[1].EvidenceFault, Does.Contain("not there"));
        Assert.That(run.Html, Does.Contain("Not all of the evidence can be shown"));
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PstoreLab.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
