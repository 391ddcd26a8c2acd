using System.Text;
using System.Text.Json;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Remote;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Oracle;

namespace PstoreLab.Harness.Tests.Evidence;

/// <summary>What an inspection of a guest with systemd keeps, and how it is read again.</summary>
public class SystemdSnapshotTests
{
    private static readonly InspectionNumber First = new(1);
    private static readonly InspectionNumber Third = new(3);

    private ScratchFolder _scratch = null!;
    private CaseFolder _folder = null!;
    private MadeSystemd _made = null!;

    [SetUp]
    public void MakeAFolder()
    {
        _scratch = new ScratchFolder();
        _folder = new CaseFolder(_scratch.Path);
        _made = new MadeSystemd { Unit = "ActiveState=active\nExecMainStatus=0\nOdd=a=b\nnonsense\n" };
        _made.Put("171/001/dmesg.txt", "Panic#1 Part1\n");
        _made.Archive["171/001/dmesg-erst-1"] = new MadeFile("Panic#1 Part1\n", UnixFileMode.UserRead, 7, 8);
        _made.Pstore["dmesg-erst-2"] = "left\xff";
        _made.Journaled("dmesg-erst-1", "Panic#1 Part1\n");
        _made.Journal.Add("{\"MESSAGE\":\"Finished systemd-pstore.service\"}");
    }

    [TearDown]
    public void DeleteTheFolder() => _scratch.Dispose();

    [Test]
    public async Task What_was_kept_is_read_again_with_owners_and_modes()
    {
        Assert.That(
            await SystemdSnapshot.KeepAsync(_made.Tar(), _folder, Third, CancellationToken.None),
            Is.EqualTo("erst")
        );
        Assert.That(
            Directory.EnumerateFiles(_folder.Records(Third)).Select(Path.GetFileName),
            Is.EqualTo(["dmesg-erst-2"])
        );
        Assert.That(
            File.ReadAllBytes(Path.Combine(_folder.Records(Third), "dmesg-erst-2")),
            Is.EqualTo(Encoding.Latin1.GetBytes("left\xff"))
        );
        Assert.That(
            File.ReadAllBytes(_folder.Systemd(Third)),
            Is.EqualTo(_made.Tar()).Or.Length.EqualTo(_made.Tar().Length)
        );

        var read = SystemdSnapshot.Read(_folder, Third)!;
        Assert.That(
            read.Archive.Where(file => file.Kind == RemoteFileKind.File)
                .Select(file => (file.Path, file.Mode, file.Owner)),
            Is.EqualTo(
                new[]
                {
                    ("171/001/dmesg-erst-1", UnixFileMode.UserRead, (7, 8)),
                    ("171/001/dmesg.txt", MadeSystemd.Private, (0, 0)),
                }
            )
        );
        Assert.That(
            read.Unit,
            Is.EqualTo(
                new Dictionary<string, string>
                {
                    ["ActiveState"] = "active",
                    ["ExecMainStatus"] = "0",
                    ["Odd"] = "a=b",
                }
            )
        );
        Assert.That(read.Journal, Has.Count.EqualTo(2));
        Assert.That(read.Journaled.Keys, Is.EqualTo(["dmesg-erst-1"]));
        Assert.That(Encoding.UTF8.GetString(read.Journaled["dmesg-erst-1"]), Is.EqualTo("Panic#1 Part1\n"));
    }

    [Test]
    public void One_that_was_never_made_is_none() => Assert.That(SystemdSnapshot.Read(_folder, First), Is.Null);

    [Test]
    public async Task An_empty_archive_and_an_empty_store_are_kept_as_such()
    {
        await SystemdSnapshot.KeepAsync(
            new MadeSystemd { Backend = "(null)" }.Tar(),
            _folder,
            First,
            CancellationToken.None
        );
        var read = SystemdSnapshot.Read(_folder, First)!;
        Assert.That(
            (read.Archive.Count, read.Journal.Count, Directory.EnumerateFiles(_folder.Records(First)).Count()),
            Is.EqualTo((0, 0, 0))
        );
    }

    [Test]
    public void What_is_damaged_is_refused()
    {
        Assert.That(
            () => SystemdSnapshot.KeepAsync([1, 2, 3], _folder, First, CancellationToken.None),
            Throws.TypeOf<InfraException>()
        );
        _made.Missing.Add("backend");
        Assert.That(
            () => SystemdSnapshot.KeepAsync(_made.Tar(), _folder, First, CancellationToken.None),
            Throws.TypeOf<InfraException>().With.Message.EndsWith("it has no 'backend'")
        );
    }

    [TestCase(
        "PStore dmesg-erst-1 moved to /var/lib/systemd/pstore/171/dmesg-erst-1",
        "dmesg-erst-1",
        Description = "Storage=external"
    )]
    [TestCase("PStore dmesg-ramoops-0.enc.z.", "dmesg-ramoops-0.enc.z", Description = "Storage=journal")]
    [TestCase("PStore dmesg-erst-1", null)]
    [TestCase("The PStore dmesg-erst-1.", null)]
    [TestCase("Finished systemd-pstore.service.", null)]
    public void Only_entries_of_records_are_records(string message, string? name)
    {
        var snapshot = new SystemdSnapshot(
            [],
            new Dictionary<string, string>(),
            [new JournalEntry(message, [1]), new JournalEntry(message, [2])]
        );
        Assert.That(snapshot.Journaled.Keys, Is.EqualTo(name is null ? Array.Empty<string>() : [name]));
        if (name is not null)
            Assert.That(snapshot.Journaled[name], Is.EqualTo(new byte[] { 2 }), "the last");
    }

    [TestCase("""{"MESSAGE":"PStore x.","FILE":"aé"}""", "PStore x.", new byte[] { (byte)'a', 0xc3, 0xa9 })]
    [TestCase("""{"MESSAGE":[80,83,255],"FILE":[0,255,10]}""", "PS\ufffd", new byte[] { 0, 255, 10 })]
    [TestCase(
        """{"MESSAGE":"m","FILE":["first","second"]}""",
        "m",
        new byte[] { (byte)'f', (byte)'i', (byte)'r', (byte)'s', (byte)'t' }
    )]
    [TestCase("""{"MESSAGE":"m","FILE":[[1,2],"second"]}""", "m", new byte[] { 1, 2 })]
    [TestCase("""{"MESSAGE":"m","FILE":null}""", "m", new byte[0])]
    [TestCase("""{"MESSAGE":"m","FILE":[]}""", "m", new byte[0])]
    [TestCase("""{"MESSAGE":"m"}""", "m", null)]
    [TestCase("{}", "", null)]
    public void An_entry_is_read_in_every_form_that_a_journal_has(string line, string message, byte[]? file)
    {
        var entry = JournalEntry.Parse(line);
        Assert.That((entry.Message, entry.File), Is.EqualTo((message, file)));
    }

    [TestCase("")]
    [TestCase("-- No entries --")]
    [TestCase("{\"MESSAGE\":")]
    [TestCase("[]")]
    [TestCase("7")]
    [TestCase("""{"FILE":[256]}""")]
    [TestCase("""{"FILE":[-1]}""")]
    [TestCase("""{"FILE":[1,"a"]}""")]
    public void What_is_no_entry_is_refused(string line) =>
        Assert.That(() => JournalEntry.Parse(line), Throws.InstanceOf<JsonException>());
}
