using System.Text.Json;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Cli.Tests.Atlas;

/// <summary><c>report</c> as a process: which runs it takes, where it writes, and what it refuses.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ReportCommandTests
{
    [Test]
    public async Task Without_an_option_the_report_goes_into_the_folder_of_the_run()
    {
        using var run = new MadeRun();
        run.Add("debian-5.10", "debian-6.1");
        run.Add("debian-5.10", "debian-7.2", Verdict.Failed, "no record");
        run.WriteResults();

        string said = await CommandRun.OutputAsync(run.Root, "report", run.Root);

        Assert.That(said, Is.EqualTo($"1 failed, 1 passed\n{run.Root}/report.html\n{run.Root}/report.json\n"));
        Assert.That(File.ReadAllText($"{run.Root}/report.html"), Does.Contain("no record"));
        Assert.That(
            await CommandRun.ComplaintAsync(run.Root, "report", run.Root, "--out", "elsewhere"),
            Does.Contain("lies in the run's folder")
        );
    }

    [Test]
    public async Task The_atlas_goes_into_the_folder_of_the_run()
    {
        using var run = new MadeRun();
        run.Add("debian-5.10", "debian-6.1");
        run.Add("debian-5.10", "debian-7.2", Verdict.Failed, "no record");

        string said = await run.ReportAsync();

        Assert.That(said, Is.EqualTo($"ramoops deflate: 1 × 2, 1 passed, 1 failed\n{run.Page}\n{run.Json}\n"));
        Assert.That(Links(run.Json), Has.Length.EqualTo(14).And.All.Match("^cases/upgrade/read/[01]/"));
        Assert.That(Links(run.Json).Where(link => !Path.Exists(Path.Combine(run.Root, link))), Is.Empty);
    }

    [Test]
    public async Task The_atlas_goes_where_it_is_told_and_finds_its_evidence_from_there()
    {
        using var run = new MadeRun();
        using var other = new MadeRun();
        run.Add("debian-5.10", "debian-6.1");
        run.WriteResults();
        string elsewhere = Path.Combine(other.Root, "a new", "folder");

        await CommandRun.OutputAsync(run.Root, "report", "--atlas", "results.jsonl", "--out", elsewhere);

        Assert.That(Directory.GetFiles(run.Root).Select(Path.GetFileName), Is.EqualTo(["results.jsonl"]));
        Assert.That(
            Links(Path.Combine(elsewhere, "atlas.json"))
                .Select(link => Path.GetFullPath(Path.Combine(elsewhere, link))),
            Is.Not.Empty.And.All.Matches<string>(Path.Exists)
        );
    }

    [Test]
    public async Task A_link_to_the_newest_run_may_go_on_to_another()
    {
        using var run = new MadeRun();
        using var other = new MadeRun();
        run.Add("debian-5.10", "debian-6.1");
        run.WriteResults();
        string latest = Path.Combine(other.Root, "latest");
        Directory.CreateSymbolicLink(latest, run.Root);

        await CommandRun.OutputAsync(other.Root, "report", "--atlas", "latest", "--out", "page");

        Directory.Delete(latest);
        Assert.That(
            Links(Path.Combine(other.Root, "page/atlas.json")).Select(link => Path.Combine(other.Root, "page", link)),
            Is.Not.Empty.And.All.Matches<string>(Path.Exists)
        );
    }

    [Test]
    public async Task Of_several_runs_the_newer_result_of_a_case_counts_in_whatever_order_they_are_named()
    {
        using var older = new MadeRun();
        using var newer = new MadeRun();
        var time = new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
        older.Add("debian-5.10", "debian-6.1", Verdict.Failed, "no record", started: time);
        older.Add("debian-6.1", "debian-6.1", started: time);
        newer.Add("debian-5.10", "debian-6.1", started: time.AddHours(1));
        older.WriteResults();
        newer.WriteResults();

        foreach (
            string[] order in (string[][])
                [
                    [older.Root, newer.Root],
                    [newer.Root, older.Root],
                ]
        )
        {
            var atlas = JsonDocument
                .Parse(await CommandRun.OutputAsync(older.Root, ["report", "--atlas", "--json", .. order]))
                .RootElement;
            Assert.That(
                atlas.GetProperty("cells").GetRawText().Replace(" ", "").Replace("\n", ""),
                Is.EqualTo("""{"passed":2}""")
            );
            Assert.That(
                atlas
                    .GetProperty("runs")
                    .EnumerateArray()
                    .Select(run =>
                        (
                            run.GetProperty("name").GetString(),
                            run.GetProperty("results").GetInt32(),
                            run.GetProperty("used").GetInt32()
                        )
                    ),
                Is.EquivalentTo([(older.Root, 2, 1), (newer.Root, 1, 1)])
            );
        }

        Assert.That(
            Directory.GetFiles(older.Root).Concat(Directory.GetFiles(newer.Root)).Select(Path.GetFileName),
            Is.All.EqualTo("results.jsonl"),
            "--json writes nothing"
        );
    }

    [Test]
    public async Task Evidence_that_is_gone_is_not_linked_and_one_outside_the_run_never()
    {
        using var run = new MadeRun();
        using var other = new MadeRun();
        var theirs = other.Add("debian-5.10", "debian-6.1");
        run.Add("debian-5.10", "debian-6.1", evidence: false);
        foreach (
            string folder in (string[])
                [
                    Path.Combine(other.Root, theirs.Folder),
                    $"../{Path.GetFileName(other.Root)}/{theirs.Folder}",
                    "cases/\0",
                ]
        )
            run.Add(
                theirs with
                {
                    Case = $"upgrade/outside/{folder}",
                    Folder = folder,
                },
                kernels: null,
                compress: null,
                said: []
            );

        await run.ReportAsync();

        Assert.That(Links(run.Json), Is.Empty);
        Assert.That(File.ReadAllText(run.Page), Does.Contain("The evidence is not there, or no longer."));
    }

    [Test]
    public async Task What_is_no_run_is_refused()
    {
        using var run = new MadeRun();
        run.Add("debian-5.10", "debian-6.1");
        run.WriteResults();
        Assert.That(
            await CommandRun.ComplaintAsync(run.Root, "report", "--atlas", "--coverage", run.Root),
            Does.Contain("report --atlas out/latest")
        );
        Assert.That(
            await CommandRun.ComplaintAsync(run.Root, "report", "--atlas", "nowhere"),
            Is.EqualTo("pstorelab: nowhere holds no results.jsonl; name the folder of a run, such as out/latest\n")
        );
        run.Write("other/results.jsonl", "{}\n");
        Assert.That(
            await CommandRun.ComplaintAsync(run.Root, "report", "--atlas", "other"),
            Does.StartWith("pstorelab: other/results.jsonl:1: not a result: ")
        );
        run.Write(
            "half/results.jsonl",
            File.ReadAllText(Path.Combine(run.Root, "results.jsonl")).Replace("upgrade", "\\ud800")
        );
        Assert.That(
            await CommandRun.ComplaintAsync(run.Root, "report", "--atlas", "half"),
            Does.StartWith("pstorelab: half/results.jsonl:1: not a result: ")
        );
        Assert.That(
            await CommandRun.ComplaintAsync(run.Root, "report", "--atlas", run.Root, "--out", "results.jsonl"),
            Does.StartWith("pstorelab: the atlas cannot be written to ")
        );
        run.Write("cases/upgrade/read/0/plan.json", "{}");
        Assert.That(
            await CommandRun.ComplaintAsync(run.Root, "report", "--atlas", run.Root),
            Does.Contain("plan.json is of format 0, and this PstoreLab reads format 2: ")
        );
        run.Write("cases/upgrade/read/0/plan.json", "{\"format\": 2}");
        Assert.That(
            await CommandRun.ComplaintAsync(run.Root, "report", "--atlas", run.Root),
            Does.Contain("plan.json does not parse: ")
        );
    }

    private static string[] Links(string json) =>
        [
            .. from map in JsonDocument.Parse(File.ReadAllText(json)).RootElement.GetProperty("maps").EnumerateArray()
            from cell in map.GetProperty("cells").EnumerateArray()
            from one in cell.GetProperty("cases").EnumerateArray()
            from file in one.GetProperty("evidence").EnumerateArray()
            select file.GetProperty("path").GetString()!,
        ];
}
