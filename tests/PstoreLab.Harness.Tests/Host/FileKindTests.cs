using PstoreLab.Harness.Host;

namespace PstoreLab.Harness.Tests.Host;

[CancelAfter(60_000)]
public class FileKindTests
{
    private ScratchFolder _scratch = null!;

    [SetUp]
    public void MakeAFolder() => _scratch = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _scratch.Dispose();

    [Test]
    public async Task What_is_at_a_path_is_known_without_opening_it()
    {
        string file = _scratch.Write("file", "x");
        Assert.That(FileKinds.Of(file), Is.EqualTo(FileKind.Regular));
        Assert.That(FileKinds.Of(_scratch.Path), Is.EqualTo(FileKind.Folder));
        Assert.That(FileKinds.Of(file + ".not"), Is.EqualTo(FileKind.Missing));
        Assert.That(FileKinds.Of(file + "/below"), Is.EqualTo(FileKind.Missing));
        Assert.That(FileKinds.Of("/dev/zero"), Is.EqualTo(FileKind.Special));
        Assert.That(
            FileKinds.Of(await SpecialFile.PipeAsync(Path.Combine(_scratch.Path, "pipe"))),
            Is.EqualTo(FileKind.Special)
        );
    }

    [TestCase("file", FileKind.Regular)]
    [TestCase(".", FileKind.Folder)]
    [TestCase("nowhere", FileKind.Missing)]
    [TestCase("link", FileKind.Missing)]
    [TestCase("/dev/zero", FileKind.Special)]
    public void A_link_is_one_wherever_it_leads(string target, FileKind kind)
    {
        _scratch.Write("file", "x");
        string link = Path.Combine(_scratch.Path, "link");
        File.CreateSymbolicLink(link, target);
        Assert.That((FileKinds.Of(link), FileKinds.OfTarget(link)), Is.EqualTo((FileKind.Link, kind)));
    }
}
