using System.Formats.Tar;
using System.IO.Compression;
using PstoreLab.FakeQemu;
using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Reports.Packing;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Runs;

namespace PstoreLab.Harness.Tests.Reports.Packing;

/// <summary>The evidence of a run in one archive.</summary>
[CancelAfter(120_000)]
public sealed class RunPackTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeAFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _folder.Dispose();

    [TestCase(".tar.gz")]
    [TestCase(".tar.zst")]
    public async Task What_is_unpacked_is_judged_as_before_and_has_each_kernel_once(string ending)
    {
        using var lab = new FakeLab([.. Enumerable.Repeat(new FakeBoot(), 8)]);
        var results = await lab.RunAllAsync(FakeLab.Cold, FakeLab.Cold with { Id = "cycle/again" });
        // What a reader has made of it is nobody's evidence, and what is no file is none.
        File.CreateSymbolicLink(Path.Combine(lab.Run.Case("cycle/again").Root, "link"), "/etc/passwd");
        Directory.CreateDirectory(Path.Combine(lab.Run.Case("cycle/again").Root, "repro"));
        await File.WriteAllTextAsync(Path.Combine(lab.Run.Case("cycle/again").Root, "repro", "notes"), "x");
        var pipe = new ProcessSpec("mkfifo", Path.Combine(lab.Run.Case("cycle/again").Root, "pipe"));
        (await new ProcessRunner().RunAsync(pipe)).EnsureSuccess();
        string path = Path.Combine(_folder.Path, $"evidence{ending}");
        RunPack.Write(new RunResults("run", lab.Run.Root, results), results, path);

        (await new ProcessRunner().RunAsync(new ProcessSpec("tar", "-xf", path, "-C", _folder.Path))).EnsureSuccess();

        string top = Path.Combine(_folder.Path, "evidence");
        var list = await new ProcessRunner().RunAsync(new ProcessSpec("tar", "-tvf", path));
        string[] entries = list.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(entries, Is.All.Match("^[-h]"), "files, and what is one of them once more");
        Assert.That(entries, Is.All.Match(@"\sevidence/"), "no path is absolute or leads up");
        Assert.That(entries, Has.None.Contain("passwd").And.None.Contain("repro/notes"));
        // The fake's kernel and initramfs are one and the same.
        string[] staged = [.. PlanFile.Read(lab.Run.Case("cycle/again").Plan).Files.Select(file => file.Name)];
        Assert.That(staged, Is.Not.Empty);
        Assert.That(
            entries.Where(entry => staged.Any(name => entry.Contains($"/{name}"))).Select(entry => entry[0]),
            Has.Exactly(1).EqualTo('-').And.Some.EqualTo('h')
        );
        Assert.That(entries.Where(entry => entry.Contains("/store")).Select(entry => entry[0]), Is.All.EqualTo('-'));
        Assert.That(File.ReadAllText(Path.Combine(top, "results.jsonl")).Split('\n'), Has.Length.EqualTo(3));
        foreach (var result in results)
        {
            var before = Judge.Of(lab.Run.Case(result.Case));
            var after = Judge.Of(new CaseFolder(Path.Combine(top, result.Folder)));
            Assert.That((after.Verdict, after.Reason), Is.EqualTo((before.Verdict, before.Reason)));
            Assert.That(File.Exists(Path.Combine(top, result.Folder, "repro.sh")));
            Assert.That(File.ReadAllText(Path.Combine(top, "README.md")), Does.Contain($"{result.Folder}/repro.sh"));
        }
    }

    [Test]
    public void A_folder_outside_of_the_run_is_not_packed()
    {
        _folder.Write("secret/plan.json", "secret");
        _folder.Write("run/results.jsonl", "");
        var result = Results.Of("cycle/a", Verdict.Failed, "so") with { Folder = "../secret" };
        string path = Path.Combine(_folder.Path, "evidence.tar.gz");
        RunPack.Write(new RunResults("run", Path.Combine(_folder.Path, "run"), [result]), [result], path);
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var tar = new TarReader(file);
        var names = new List<string>();
        while (tar.GetNextEntry() is { } entry)
            names.Add(entry.Name);
        Assert.That(names, Is.EqualTo(["evidence/README.md", "evidence/results.jsonl"]));
    }

    [Test]
    public void Another_kind_of_archive_is_refused() =>
        Assert.That(
            Assert
                .Throws<UsageException>(() => RunPack.Write(new RunResults("r", _folder.Path, []), [], "a.zip"))!
                .Message,
            Is.EqualTo("a.zip: expected a name that ends with .tar.gz or .tar.zst")
        );
}
