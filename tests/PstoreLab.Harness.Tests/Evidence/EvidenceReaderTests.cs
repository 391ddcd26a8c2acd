using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Evidence;

[CancelAfter(60_000)]
public class EvidenceReaderTests
{
    private ScratchFolder _scratch = null!;

    [SetUp]
    public void MakeAFolder() => _scratch = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _scratch.Dispose();

    private string In(string name) => Path.Combine(_scratch.Path, name);

    [Test]
    public void A_plain_file_is_read()
    {
        string file = _scratch.Write("console.log", "it said so");
        Assert.That(EvidenceReader.IsKept(file));
        Assert.That(EvidenceReader.Text(file), Is.EqualTo("it said so"));
        Assert.That(EvidenceReader.Length(file), Is.EqualTo(10));
    }

    [Test]
    public void What_is_missing_is_named()
    {
        Assert.That(EvidenceReader.IsKept(In("console.log")), Is.False);
        Assert.That(EvidenceReader.IsKept(In("boot-1/console.log")), Is.False);
        Assert.That(Refused(In("boot-1/console.log")), Is.EqualTo("is missing"));
    }

    [Test]
    public async Task What_may_have_no_end_is_not_opened()
    {
        await SpecialFile.PipeAsync(In("console.log"));
        Assert.That(Refused(In("console.log")), Is.EqualTo("is a pipe, a socket or a device"));
    }

    [TestCase("/dev/zero")]
    [TestCase("/etc/passwd")]
    [TestCase("nowhere")]
    public void A_link_is_not_followed(string target)
    {
        File.CreateSymbolicLink(In("console.log"), target);
        Assert.That(Refused(In("console.log")), Is.EqualTo("is a link, which evidence never is"));
    }

    [Test]
    public void A_folder_that_is_a_link_is_not_followed()
    {
        _scratch.Write("elsewhere/console.log", "x");
        Directory.CreateSymbolicLink(In("boot-1"), "elsewhere");
        Assert.That(
            Assert.Throws<EvidenceException>(() => EvidenceReader.Bytes(In("boot-1/console.log")))!.Message,
            Is.EqualTo($"the evidence {In("boot-1")} is a link, which evidence never is")
        );
    }

    [Test]
    public void A_file_that_takes_up_no_room_may_be_too_long_all_the_same()
    {
        using (var file = File.Create(In("store")))
            file.SetLength(EvidenceReader.Limit + 1);
        Assert.That(Refused(In("store")), Does.StartWith($"has {EvidenceReader.Limit + 1} bytes, more than "));
    }

    [Test]
    public void A_folder_is_no_file_and_a_file_no_folder()
    {
        string file = _scratch.Write("records-1/file", "x");
        Assert.That(Refused(In("records-1")), Is.EqualTo("is a folder"));
        Assert.That(
            Assert.Throws<EvidenceException>(() => EvidenceReader.Names(file))!.Message,
            Is.EqualTo($"the evidence {file} is no folder")
        );
        Assert.That(EvidenceReader.Names(In("records-1")), Is.EqualTo(["file"]));
    }

    private static string Refused(string path)
    {
        string message = Assert.Throws<EvidenceException>(() => EvidenceReader.Bytes(path))!.Message;
        Assert.That(message, Does.StartWith($"the evidence {path} "));
        return message[$"the evidence {path} ".Length..];
    }
}
