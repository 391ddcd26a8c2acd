using System.Formats.Tar;
using System.IO.Compression;
using PstoreLab.Cli.Tests.Atlas;
using PstoreLab.Cli.Tests.Decoding;
using PstoreLab.Harness.Evidence;

namespace PstoreLab.Cli.Tests;

/// <summary>Known bugs, scenarios and kernels of the user's own, and what is made of a run, by the program.</summary>
public sealed class OwnFilesTests
{
    private const string Known = """
        known:
          - bug: ours
            cases: cycle/record-whole/erst-*
            when: { kernel: ">=6.6" }
            ticket: https://bugs.example.org/7
            until: 2020-01-31
            findings: ["no dmesg record*"]

        """;

    private StoreFolder _folder = null!;

    [SetUp]
    public void MakeAFolder() => _folder = new StoreFolder();

    [TearDown]
    public void DeleteTheFolder() => _folder.Dispose();

    [Test]
    public async Task The_bug_catalogue_has_ones_own()
    {
        Write("known.yaml", Known);
        var run = await CommandRun.InAsync(_folder.Root, "list", "--bugs", "--known", "known.yaml", "ours");
        Assert.That(run.Exit.Code, Is.Zero, run.StandardError);
        Assert.That(run.StandardOutput, Does.Contain("cycle/record-whole/erst-*, kernel >=6.6"));
        Assert.That(run.StandardError, Does.Contain("known.yaml:2:5: 'ours' expired on 2020-01-31"));
        Assert.That(
            (await CommandRun.InAsync(_folder.Root, "list", "--bugs", "--known", "known.yaml")).StandardOutput,
            Does.Contain("ours").And.Contain("empty-zone-bad-start")
        );
    }

    [TestCase("erst-*", "earst-*", "known.yaml:3:12: no case is 'cycle/record-whole/earst-*'; nearest are cycle/")]
    [TestCase("bug: ours", "bug: efi-store-full", "known.yaml:2:10: found the bug 'efi-store-full' a second time")]
    public async Task A_mistake_in_the_list_is_refused_before_anything_runs(string right, string wrong, string fault)
    {
        Write("known.yaml", Known.Replace(right, wrong));
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "run", "cycle", "--known", "known.yaml"),
            Does.Contain(fault)
        );
    }

    [Test]
    public async Task Scenarios_and_kernels_stand_beside_the_shipped_ones()
    {
        Write("kernels.yaml", "kernels:\n  ours-6.12: { suite: trixie, package: 'linux-image-6\\.12-ours' }\n");
        Write(
            "mine/board/whole.yaml",
            """
            scenario: whole
            summary: x
            matrix: { backend: [erst], kernel: [ours-6.12] }
            steps: [ { boot: "${kernel}" }, { crash: sysrq-c }, { restart: cold } ]
            expect: { records: { type: dmesg } }
            """
        );
        var run = await CommandRun.InAsync(
            _folder.Root,
            "list",
            "board",
            "--scenarios",
            "mine",
            "--kernels",
            "kernels.yaml"
        );
        Assert.That((run.Exit.Code, run.StandardOutput), Is.EqualTo((0, "board/whole/erst-ours-6.12  (quick)\n")));
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "list", "board", "--scenarios", "mine"),
            Does.Contain("mine/board/whole.yaml:3:37: unknown kernel 'ours-6.12'")
        );
    }

    [TestCase("--time-limit", "20", "found '20', expected a duration such as 90s, 20m or 2h")]
    [TestCase("--time-limit", "-1m", "expected a duration")]
    [TestCase("--time-limit", "9999999h", "expected a duration")]
    [TestCase("--summary", "nowhere/s.md", "make it first")]
    [TestCase("--kcidb", "nowhere/k.json", "make it first")]
    public async Task What_cannot_be_meant_is_refused(string option, string value, string fault) =>
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "run", "cycle", $"{option}={value}"),
            Does.Contain(fault)
        );

    [Test]
    public async Task An_origin_that_is_none_is_refused() =>
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "run", "cycle", "--kcidb", "k", "--kcidb-origin", "Our CI"),
            Does.Contain("--kcidb-origin: found 'Our CI'")
        );

    [Test]
    public async Task What_failed_is_packed_and_what_passed_is_not()
    {
        using var run = new MadeRun();
        run.Add("debian-6.1", "debian-6.1");
        var failed = run.Add("debian-6.1", "debian-7.2", Verdict.Failed, "no record");
        run.WriteResults();
        string archive = Path.Combine(_folder.Root, "e.tar.gz");
        await CommandRun.OutputAsync(_folder.Root, "pack", run.Root, "--failed", "--out", archive);
        await using (var unpacked = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress))
            await TarFile.ExtractToDirectoryAsync(unpacked, _folder.Root, overwriteFiles: true);
        Assert.That(
            Directory.GetFiles(_folder.Root, "plan.json", SearchOption.AllDirectories),
            Is.EqualTo([Path.Combine(_folder.Root, "e", failed.Folder, "plan.json")])
        );
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "pack", run.Root, "--out", "e.zip"),
            Does.Contain("e.zip: expected a name that ends with .tar.gz or .tar.zst")
        );
    }

    [Test]
    public async Task A_run_without_its_record_has_no_submission()
    {
        using var run = new MadeRun();
        run.Add("debian-6.1", "debian-6.1");
        run.WriteResults();
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "report", run.Root, "--kcidb", "k.json"),
            Does.Contain("has no run.json")
        );
    }

    private void Write(string name, string text)
    {
        string path = Path.Combine(_folder.Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
