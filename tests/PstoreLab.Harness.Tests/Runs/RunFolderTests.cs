using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Tests.Guests;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Runs;

public class RunFolderTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeAFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _folder.Dispose();

    [Test]
    public void A_run_is_named_after_its_second_and_latest_points_at_it()
    {
        var run = Create();
        Assert.That(run.Root, Is.EqualTo(Path.Combine(_folder.Path, "20260701-120000")));
        Assert.That(
            new FileInfo(Path.Combine(_folder.Path, "latest")).LinkTarget,
            Is.EqualTo("20260701-120000"),
            "relative, so that the folder can be moved"
        );
        Assert.That(Names(), Is.EquivalentTo(["20260701-120000", "latest"]), "nothing else is left");
    }

    [Test]
    public void Two_runs_of_one_second_have_two_folders()
    {
        Assert.That(
            new[] { Create(), Create(), Create() }.Select(run => Path.GetFileName(run.Root)),
            Is.EqualTo(["20260701-120000", "20260701-120000-2", "20260701-120000-3"])
        );
        Assert.That(new FileInfo(Path.Combine(_folder.Path, "latest")).LinkTarget, Is.EqualTo("20260701-120000-3"));
    }

    [Test]
    public async Task Runs_that_begin_at_the_same_moment_have_folders_of_their_own()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(Create)));
        Assert.That(runs.Select(run => run.Root), Is.Unique);
        Assert.That(
            runs.Select(run => Path.GetFileName(run.Root)),
            Has.Member(new FileInfo(Path.Combine(_folder.Path, "latest")).LinkTarget)
        );
        Assert.That(Names(), Has.Length.EqualTo(13));
    }

    [Test]
    public async Task Latest_always_points_at_a_run_while_others_begin()
    {
        Create();
        var latest = new FileInfo(Path.Combine(_folder.Path, "latest"));
        var beginning = Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => Enumerable.Range(0, 25).Select(_ => Create()).ToList()))
        );
        var targets = new HashSet<string?>();
        do
        {
            latest.Refresh();
            targets.Add(latest.LinkTarget);
        } while (!beginning.IsCompleted);
        await beginning;
        Assert.That(targets, Has.None.Null);
        Assert.That(Names(), Has.Length.EqualTo(102));
    }

    [Test]
    public void A_folder_that_somebody_called_latest_is_left_alone()
    {
        _folder.Write("latest/keep", "me");
        Create();
        Assert.That(File.ReadAllText(Path.Combine(_folder.Path, "latest", "keep")), Is.EqualTo("me"));
        Assert.That(Names(), Is.EquivalentTo(["20260701-120000", "latest"]));
        Assert.That(
            Directory
                .EnumerateFileSystemEntries(Path.Combine(_folder.Path, "20260701-120000"))
                .Select(Path.GetFileName),
            Is.EqualTo(["cases"])
        );
    }

    private string[] Names() =>
        [.. new DirectoryInfo(_folder.Path).EnumerateFileSystemInfos().Select(entry => entry.Name)];

    private RunFolder Create() => RunFolder.Create(_folder.Path, new ManualTime());
}
