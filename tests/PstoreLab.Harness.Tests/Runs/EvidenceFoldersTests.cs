using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Runs;

public class EvidenceFoldersTests
{
    private ScratchFolder _scratch = null!;

    [SetUp]
    public void MakeAFolder() => _scratch = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _scratch.Dispose();

    [Test]
    public void The_cases_of_a_run_come_in_the_order_of_their_names()
    {
        MakeCases("run/cases/cycle/b", "run/cases/cycle/a/erst", "run/cases/bugs/z");
        _scratch.Write("run/cases/cycle/c/cycle.json", "{}");
        Assert.That(Found("run"), Is.EqualTo(["run/cases/bugs/z", "run/cases/cycle/a/erst", "run/cases/cycle/b"]));
        Assert.That(Found("run/cases/cycle"), Is.EqualTo(["run/cases/cycle/a/erst", "run/cases/cycle/b"]), "a family");
    }

    [Test]
    public void A_case_is_found_by_its_own_folder()
    {
        MakeCases("run/cases/cycle/a");
        Assert.That(Found("run/cases/cycle/a"), Is.EqualTo(["run/cases/cycle/a"]));
        Assert.That(Found("run/cases/cycle/a/"), Is.EqualTo(["run/cases/cycle/a"]));
    }

    [Test]
    public void A_link_to_the_latest_run_is_followed()
    {
        MakeCases("run-1/cases/a", "run-2/cases/a");
        Directory.CreateSymbolicLink(Path.Combine(_scratch.Path, "latest"), "run-2");
        Assert.That(Found("latest"), Is.EqualTo(["run-2/cases/a"]));
    }

    [Test]
    public void A_folder_that_is_not_there_is_refused()
    {
        var path = Path.Combine(_scratch.Path, "run");
        Assert.That(
            Refused(path),
            Is.EqualTo(
                $"there is no folder {path}; name the folder of a run, such as out/latest, or of one of its cases"
            )
        );
        var file = _scratch.Write("file", "");
        Assert.That(Refused(file), Does.StartWith($"there is no folder {file}"));
    }

    [Test]
    public void A_folder_without_a_case_is_refused()
    {
        _scratch.Write("run/cases/a/cycle.json", "{}");
        var path = Path.Combine(_scratch.Path, "run");
        Assert.That(
            Refused(path),
            Is.EqualTo(
                $"{path} holds no case (no plan.json in it or below); name the folder of a run, such as out/latest"
            )
        );
    }

    private void MakeCases(params string[] folders) =>
        Array.ForEach(folders, folder => _scratch.Write(folder + "/plan.json", "{}"));

    private IEnumerable<string> Found(string path) =>
        EvidenceFolders
            .In(Path.Combine(_scratch.Path, path))
            .Select(folder => Path.GetRelativePath(_scratch.Path, folder.Root));

    private static string Refused(string path) =>
        Assert.Throws<UsageException>(() => EvidenceFolders.In(path))!.Message;
}
