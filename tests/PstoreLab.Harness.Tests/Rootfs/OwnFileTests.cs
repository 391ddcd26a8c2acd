using System.Security.Cryptography;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Rootfs;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Plans;

namespace PstoreLab.Harness.Tests.Rootfs;

/// <summary>A file of the user's own, from the command line into the plan.</summary>
public sealed class OwnFileTests
{
    private const UnixFileMode Program =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead;

    private ScratchFolder _scratch = null!;
    private string _file = null!;

    [SetUp]
    public void MakeAFile()
    {
        _scratch = new ScratchFolder();
        _file = _scratch.Write("build/systemd-pstore", "a program");
        File.SetUnixFileMode(_file, Program);
    }

    [TearDown]
    public void DeleteIt() => _scratch.Dispose();

    [Test]
    public void It_is_kept_as_it_was()
    {
        var own = Import($"{_file}:/usr/lib/systemd/systemd-pstore");
        Assert.That((own.Path, own.Mode), Is.EqualTo(("/usr/lib/systemd/systemd-pstore", Program)));
        Assert.That(own.Sha256, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData("a program"u8))));
        File.AppendAllText(_file, " that was built again");
        Assert.That(File.ReadAllText(own.Source), Is.EqualTo("a program"));
        Assert.That(Import($"{_file}:/usr/bin/other").Sha256, Is.Not.EqualTo(own.Sha256));
    }

    [Test]
    public void Copies_can_be_deleted()
    {
        var own = Import($"{_file}:/usr/bin/mine");
        Importer.Prune();
        Assert.That(own.Source, Does.Not.Exist);
        Assert.That(Importer.Prune, Throws.Nothing, "there is none");
    }

    [TestCase("{0}", "expected HOST:GUEST, a file here")]
    [TestCase(":/usr/bin/mine", "expected HOST:GUEST, a file here")]
    [TestCase("{0}:usr/bin/mine", "expected HOST:GUEST, a file here")]
    [TestCase("{0}:/usr/../mine", "'/usr/../mine' is no path of a file")]
    [TestCase("{0}:/usr/bin/", "'/usr/bin/' is no path of a file")]
    [TestCase("{0}:/usr/bin/a\nb", "is no path of a file")]
    [TestCase("{0}:/root/.ssh/authorized_keys", "PstoreLab itself needs what is at /root/.ssh/authorized_keys")]
    [TestCase("{0}:/usr/lib/pstorelab/agent", "PstoreLab itself needs what is at /usr/lib/pstorelab/ in the guest")]
    [TestCase("{0}.no:/usr/bin/mine", "there is no file '{0}.no'")]
    [TestCase("/dev/zero:/usr/bin/mine", "there is no file '/dev/zero'")]
    [TestCase(
        "{0}:/usr/bin/a-name-of-many-letters-a-name-of-many-letters-a-name-of-many-letters-a-name-of-many-letters-one",
        "longer than 100 bytes"
    )]
    public void What_cannot_be_meant_is_refused(string argument, string why) =>
        Assert.That(
            () => Import(string.Format(argument, _file)),
            Throws
                .TypeOf<UsageException>()
                .With.Message.StartsWith("--file ")
                .And.Message.Contains(string.Format(why, _file))
        );

    [Test]
    public void The_plan_has_its_digest_and_its_place()
    {
        var own = Import($"{_file}:/usr/lib/systemd/systemd-pstore");
        var plan = PlanOf(own);
        var on = (PowerOn)plan.Boots[0].Steps[0];
        string staged = $"own-{own.Sha256[..16]}";
        Assert.That(
            on.Systemd!.OwnFiles,
            Is.EqualTo(new[] { new PlannedOwnFile(own.Path, staged, own.Sha256, "0740") })
        );
        Assert.That(plan.Files, Has.One.EqualTo(new StagedFile(staged, own.Source)));
        Assert.That(
            on.Describe(plan.Boots[0]),
            Does.Contain($"{own.Path}: {staged} of the case folder").And.Contain(own.Sha256)
        );
        Assert.That(
            EvidenceJson.Text(EvidenceJson.Parse<Plan>(EvidenceJson.Text(plan))),
            Is.EqualTo(EvidenceJson.Text(plan))
        );
        Assert.That(EvidenceJson.Text(PlanOf()), Does.Not.Contain("ownFiles"), "plans without are as they were");
    }

    private Plan PlanOf(params OwnFile[] own)
    {
        var images = PlanBench.Images(_scratch);
        images = images with
        {
            Disks = images.Disks.ToDictionary(disk => disk.Key, disk => disk.Value with { OwnFiles = own }),
        };
        return Planner.Plan(
            PlanBench.Case("erst", PlanBench.Boot(options: BootOptions.None with { Systemd = "bookworm" })),
            images,
            "tcg",
            () => "0123456789abcdef"
        );
    }

    private OwnFile Import(string argument) => Importer.Import(argument);

    private OwnFileImport Importer => new(new LabPaths(Path.Combine(_scratch.Path, "lab")));
}
