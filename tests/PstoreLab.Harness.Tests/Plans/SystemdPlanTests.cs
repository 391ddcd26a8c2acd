using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Rootfs;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Plans;

/// <summary>What a plan does for guests with systemd.</summary>
public class SystemdPlanTests
{
    private const string Bookworm = "bookworm.qcow2";
    private const string Trixie = "trixie.qcow2";

    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeAFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _folder.Dispose();

    [Test]
    public void A_boot_writes_to_a_disk_of_its_own_over_that_of_the_boot_before()
    {
        var plan = Plan(
            "erst",
            PlanBench.Boot(options: Under("bookworm")),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Expect()
        );
        Assert.That(
            Disks(plan),
            Is.EqualTo(
                new[]
                {
                    ("boot-1/disk.qcow2", Bookworm, "qcow2"),
                    ("boot-2/disk.qcow2", "boot-1/disk.qcow2", "qcow2"),
                    ("boot-3/disk.qcow2", "boot-2/disk.qcow2", "qcow2"),
                }
            )
        );
        Assert.That(
            plan.Files.Select(file => (file.Name, file.Source)),
            Does.Contain((Bookworm, "/cache/bookworm/disk.qcow2"))
        );
        Assert.That(
            plan.Files.Select(file => file.Name),
            Is.EqualTo(new[] { "debian-6.1.vmlinux", Bookworm, "debian-6.1.systemd.initramfs" })
        );
    }

    [Test]
    public void Another_guest_has_a_disk_of_its_own_and_each_finds_its_own_again()
    {
        var plan = Plan(
            "erst",
            PlanBench.Boot(options: Under("bookworm")),
            PlanBench.Cold(options: Under("trixie")),
            PlanBench.Cold(options: Under("none")),
            PlanBench.Cold(options: Under("bookworm")),
            PlanBench.Cold(options: Under("trixie")),
            PlanBench.Expect(PlanBench.Records())
        );
        Assert.That(
            Disks(plan),
            Is.EqualTo(
                new (string, string, string)?[]
                {
                    ("boot-1/disk.qcow2", Bookworm, "qcow2"),
                    ("boot-2/disk.qcow2", Trixie, "qcow2"),
                    null,
                    ("boot-4/disk.qcow2", "boot-1/disk.qcow2", "qcow2"),
                    ("boot-5/disk.qcow2", "boot-2/disk.qcow2", "qcow2"),
                }
            )
        );
        Assert.That(
            plan.Steps.OfType<PowerOn>().Select(on => Word(on, "-initrd")),
            Is.EqualTo(
                new[]
                {
                    "debian-6.1.systemd.initramfs",
                    "debian-6.1.systemd.initramfs",
                    "debian-6.1.initramfs",
                    "debian-6.1.systemd.initramfs",
                    "debian-6.1.systemd.initramfs",
                }
            )
        );
        Assert.That(
            plan.Steps.OfType<PowerOn>().Select(on => on.Machine.Any(word => word.StartsWith("if=none,id=root,"))),
            Is.EqualTo(new[] { true, true, false, true, true })
        );
    }

    [Test]
    public void A_disk_that_is_raw_is_said_to_be()
    {
        var images = PlanBench.Images(_folder);
        images = images with
        {
            Disks = new Dictionary<string, GuestDisk>
            {
                ["bookworm"] = new("bookworm", "/mine/disk", DiskFormat.Raw, null),
            },
        };
        var plan = Planner.Plan(
            PlanBench.Case(
                PlanBench.Boot(options: Under("bookworm")),
                PlanBench.Cold(),
                PlanBench.Expect(PlanBench.Records())
            ),
            images,
            "tcg",
            () => "0"
        );
        Assert.That(
            Disks(plan),
            Is.EqualTo(
                new[]
                {
                    ("boot-1/disk.qcow2", "bookworm.raw", "raw"),
                    ("boot-2/disk.qcow2", "boot-1/disk.qcow2", "qcow2"),
                }
            )
        );
    }

    [TestCase("ramoops", "ramoops\n")]
    [TestCase("pstore-blk", "pstore_blk\n")]
    [TestCase("erst", "")]
    public void The_initramfs_is_told_which_modules_to_load_early(string backend, string modules)
    {
        var on = Plan(
            backend,
            PlanBench.Boot(options: Under("bookworm")),
            PlanBench.Cold(),
            PlanBench.Expect(PlanBench.Records())
        )
            .Steps.OfType<PowerOn>()
            .First();
        string early = on.Systemd!.Files[SystemdDevices.EarlyModules];
        Assert.That(
            early.Split('\n'),
            modules.Length == 0 ? Is.EqualTo(new[] { "" }) : Does.Contain(modules.TrimEnd())
        );
        Assert.That(early, modules.Length == 0 ? Is.Empty : Does.EndWith("\n"));
    }

    [Test]
    public void Who_loads_the_modules_holds_until_it_is_changed()
    {
        var plan = Plan(
            "ramoops",
            PlanBench.Boot(options: Under("bookworm", ModuleLoading.Guest)),
            PlanBench.Cold(),
            PlanBench.Cold(options: Under("bookworm", ModuleLoading.Early)),
            PlanBench.Cold(),
            PlanBench.Expect(PlanBench.Records())
        );
        Assert.That(
            plan.Steps.OfType<PowerOn>().Select(on => on.Systemd!.Files[SystemdDevices.EarlyModules].Length > 0),
            Is.EqualTo(new[] { false, false, true, true })
        );
    }

    [Test]
    public void Parameters_go_to_the_command_line_and_nothing_is_asked_to_be_loaded()
    {
        var steps = new Step[]
        {
            PlanBench.Boot(
                options: Under("bookworm") with
                {
                    Parameters = new Dictionary<string, string> { ["ramoops.ecc"] = "1" },
                }
            ),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Expect(),
        };
        var plan = Plan("ramoops", steps);
        Assert.That(plan.Steps.OfType<Ask>(), Is.Empty);
        Assert.That(PlanBench.BringUps(plan), Has.All.EqualTo("mount"));
        foreach (var on in plan.Steps.OfType<PowerOn>())
            Assert.That(Word(on, "-append").Split(' '), Does.Contain("ramoops.ecc=1").And.Contain("net.ifnames=0"));

        var small = Plan("ramoops", [PlanBench.Boot(options: PlanBench.With("ramoops.ecc", "1")), .. steps[1..]]);
        Assert.That(PlanBench.BringUps(small), Has.Some.StartsWith("load ramoops").And.Some.Contains("ecc=1"));
        Assert.That(
            Word(small.Steps.OfType<PowerOn>().First(), "-append"),
            Does.Not.Contain("ramoops.ecc").And.Not.Contain("net.ifnames")
        );
    }

    [Test]
    public void A_parameter_cannot_be_changed_at_a_warm_restart()
    {
        var @case = PlanBench.Case(
            "ramoops",
            PlanBench.Boot(options: Under("bookworm")),
            PlanBench.Crash(),
            PlanBench.Warm(PlanBench.With("ramoops.ecc", "1")),
            PlanBench.Expect()
        );
        Assert.That(
            () => PlanBench.Plan(@case, _folder),
            Throws.TypeOf<UsageException>().With.Message.Contains("a warm restart keeps the kernel's command line")
        );
    }

    [Test]
    public void A_guest_with_a_disk_is_shut_down_and_one_without_is_ended()
    {
        var plan = Plan(
            "erst",
            PlanBench.Boot(options: Under("bookworm")),
            PlanBench.Cold(options: Under("none")),
            PlanBench.Cold(),
            PlanBench.Expect(PlanBench.Records())
        );
        Assert.That(
            plan.Steps.OfType<PowerOff>().Select(off => off.Request?.Words),
            Is.EqualTo(new[] { "poweroff", null })
        );
        plan = Plan(
            "erst",
            PlanBench.Boot(options: Under("bookworm")),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Expect()
        );
        Assert.That(plan.Steps.OfType<PowerOff>(), Is.Empty, "the crash has ended it");
        plan = Plan(
            "erst",
            PlanBench.Boot(options: Under("bookworm")),
            PlanBench.Crash("oops"),
            PlanBench.Cold(),
            PlanBench.Expect()
        );
        Assert.That(plan.Steps.OfType<PowerOff>().Single().Request, Is.EqualTo(new AgentRequest.ShutDown()));
    }

    [Test]
    public void Files_are_those_of_their_boot_and_the_harness_has_the_last_word_on_its_own()
    {
        var files = new Dictionary<string, string>
        {
            ["/etc/systemd/pstore.conf"] = "[PStore]\nUnlink=no\n",
            [SystemdDevices.EarlyModules] = "mine\n",
        };
        var plan = Plan(
            "erst",
            PlanBench.Boot(options: Under("bookworm") with { Files = files }),
            PlanBench.Cold(),
            PlanBench.Expect(PlanBench.Records())
        );
        var seeds = plan.Steps.OfType<PowerOn>().Select(on => on.Systemd!.Files).ToList();
        Assert.That(
            seeds[0],
            Is.EqualTo(
                new Dictionary<string, string>
                {
                    ["/etc/systemd/pstore.conf"] = "[PStore]\nUnlink=no\n",
                    [SystemdDevices.EarlyModules] = "",
                }
            )
        );
        Assert.That(
            seeds[1].Keys,
            Is.EqualTo(new[] { SystemdDevices.EarlyModules }),
            "what was written once is on the disk"
        );
    }

    [Test]
    public void Mount_options_of_a_small_guest_are_none_of_a_systemd_guests()
    {
        var plan = Plan(
            "erst",
            PlanBench.Boot(options: BootOptions.None with { Mount = "kmsg_bytes=8192" }),
            PlanBench.Cold(options: Under("bookworm")),
            PlanBench.Cold(options: Under("none")),
            PlanBench.Expect(PlanBench.Records())
        );
        Assert.That(
            plan.Steps.OfType<NoteBackend>().Select(note => note.Request.Words),
            Is.EqualTo(new[] { "mount kmsg_bytes=8192", "mount", "mount kmsg_bytes=8192" })
        );
    }

    [Test]
    public void A_command_is_one_word_of_the_request()
    {
        var plan = Plan(
            "erst",
            PlanBench.Boot(options: Under("bookworm")),
            new RunStep(PlanBench.Line(14), "echo it's \"$HOME\" >/x", 3),
            new RunStep(PlanBench.Line(15), "true", 0),
            PlanBench.Expect(PlanBench.Records())
        );
        var runs = plan.Steps.OfType<RunInGuest>().ToList();
        Assert.That(
            runs.Select(run => (run.Number, run.Command, run.Exit, run.Source)),
            Is.EqualTo(
                new[]
                {
                    (1, "echo it's \"$HOME\" >/x", 3, PlanBench.Line(14).ToString()),
                    (2, "true", 0, PlanBench.Line(15).ToString()),
                }
            )
        );
        Assert.That(
            new AgentRequest.Run(runs[0].Command).Words,
            Is.EqualTo("run " + Convert.ToBase64String("echo it's \"$HOME\" >/x"u8))
        );
    }

    [Test]
    public void What_is_expected_arrives_in_the_inspection_with_its_crash()
    {
        var expectation = new Expectation(PlanBench.Line(16), null, [], [])
        {
            Archive =
            [
                new ExpectedArchive(
                    PlanBench.Line(17),
                    "dmesg",
                    "Panic",
                    CrashNumber.Last,
                    ArchiveForm.Split,
                    "*/dmesg.txt",
                    RecordContent.Nonce
                ),
            ],
            Journal = [PlanBench.Panic(1)],
            Archiver = ArchiverOutcome.Failed,
        };
        var inspect = Plan(
            "erst",
            PlanBench.Boot(options: Under("bookworm")),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Expect(expectation)
        )
            .Steps.OfType<Inspect>()
            .Single()
            .Expectation;
        Assert.That(
            inspect.Archive,
            Is.EqualTo(
                new[]
                {
                    new ExpectedArchive(
                        PlanBench.Line(17),
                        "dmesg",
                        "Panic",
                        new CrashNumber(2),
                        ArchiveForm.Split,
                        "*/dmesg.txt",
                        RecordContent.Nonce
                    ),
                }
            )
        );
        Assert.That(inspect.Journal!.Single().Crash.Value, Is.EqualTo(1));
        Assert.That(
            (inspect.Records, inspect.Archiver),
            Is.EqualTo(((object?)null, (ArchiverOutcome?)ArchiverOutcome.Failed))
        );
        inspect = Plan("erst", PlanBench.Boot(), PlanBench.Crash(), PlanBench.Cold(), PlanBench.Expect())
            .Steps.OfType<Inspect>()
            .Single()
            .Expectation;
        Assert.That(
            (inspect.Archive, inspect.Journal, inspect.Archiver),
            Is.EqualTo(((object?)null, (object?)null, (ArchiverOutcome?)null)),
            "nothing was asked"
        );
    }

    [TestCase(2)]
    public void An_archive_of_a_crash_that_never_was_is_refused(int crash)
    {
        var expectation = new Expectation(PlanBench.Line(16), null, [], [])
        {
            Archive =
            [
                new ExpectedArchive(
                    PlanBench.Line(17),
                    "dmesg",
                    null,
                    new CrashNumber(crash),
                    ArchiveForm.Whole,
                    null,
                    RecordContent.WholeTail
                ),
            ],
        };
        var @case = PlanBench.Case(
            PlanBench.Boot(options: Under("bookworm")),
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Expect(expectation)
        );
        Assert.That(
            () => PlanBench.Plan(@case, _folder),
            Throws
                .TypeOf<UsageException>()
                .With.Message.EqualTo($"{PlanBench.Line(17)}: crash {crash} does not exist here; 1 came before")
        );
    }

    private static BootOptions Under(string guest, ModuleLoading? modules = null) =>
        BootOptions.None with
        {
            Systemd = guest,
            Modules = modules,
        };

    private static (string Disk, string Under, string Format)?[] Disks(Plan plan) =>
        [
            .. plan
                .Steps.OfType<PowerOn>()
                .Select(on =>
                    on.Systemd is { } guest
                        ? (guest.Disk, guest.Under, guest.UnderFormat)
                        : ((string, string, string)?)null
                ),
        ];

    private static string Word(PowerOn on, string option) => on.Machine[on.Machine.ToList().IndexOf(option) + 1];

    private Plan Plan(string backend, params Step[] steps) => PlanBench.Plan(PlanBench.Case(backend, steps), _folder);
}
