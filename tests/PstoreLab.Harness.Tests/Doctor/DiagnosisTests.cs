using System.Text.RegularExpressions;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Doctor;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Tests.Scenarios;

namespace PstoreLab.Harness.Tests.Doctor;

/// <summary>
/// What the doctor makes of what it sees. What it sees is this machine's own matter, so it is given here.
/// </summary>
public class DiagnosisTests
{
    [TestCase("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)", Health.Good, "7.2.22")]
    [TestCase("QEMU emulator version 10.0.2", Health.Good, "10.0.2")]
    [TestCase("QEMU emulator version 5.2.0", Health.Missing, "-action")]
    [TestCase("something else", Health.Missing, "does not say")]
    public void A_QEMU_too_old_to_keep_a_panicked_guest_running_is_missing(string said, Health health, string text)
    {
        var diagnosis = new QemuCheck().Judge(said, "/bin/qemu");
        Assert.That(diagnosis.Health, Is.EqualTo(health));
        Assert.That(diagnosis.Text, Does.Contain(text));
    }

    [Test]
    public void A_device_that_QEMU_does_not_have_costs_a_backend_and_not_the_run()
    {
        var diagnosis = BackendsCheck.Judge(
            MachineCatalogue.Default,
            BackendCatalogue.Get("erst"),
            new HashSet<string> { "virtio-rng-pci" }
        );
        Assert.That(diagnosis.Health, Is.EqualTo(Health.Warning));
        Assert.That(diagnosis.Text, Does.Contain("acpi-erst"));
        Assert.That(
            BackendsCheck
                .Judge(MachineCatalogue.Default, BackendCatalogue.Get("erst"), new HashSet<string> { "acpi-erst" })
                .Health,
            Is.EqualTo(Health.Good)
        );
    }

    [Test]
    public void A_missing_program_comes_with_the_command_that_installs_it()
    {
        var diagnosis = ProgramsCheck.Look("no-such-program", "its-package", "does something");
        Assert.That(diagnosis.Health, Is.EqualTo(Health.Missing));
        Assert.That(diagnosis.Remedy, Does.EndWith("apt-get install its-package"));
    }

    [Test]
    public void An_accelerator_nobody_has_tried_is_not_claimed()
    {
        Assert.That(new AcceleratorCheck(prove: false).Judge(null).Text, Does.StartWith("not proven yet"));
        Assert.That(
            new AcceleratorCheck(prove: false).Judge(new Accelerator("kvm", "it booted", 1, 1, "")).Text,
            Is.EqualTo("kvm: it booted")
        );
    }

    [TestCase(2, 22_000, Health.Good, "2 guests")]
    [TestCase(8, 1_300, Health.Good, "1 guest ")]
    [TestCase(8, 600, Health.Warning, "too little")]
    public void Guests_are_limited_by_cores_and_by_memory(int cores, long miB, Health health, string text)
    {
        var diagnosis = new CapacityCheck().Judge(cores, miB);
        Assert.That(diagnosis.Health, Is.EqualTo(health));
        Assert.That(diagnosis.Text, Does.Contain(text));
    }

    [TestCase(100, Health.Missing)]
    [TestCase(1000, Health.Warning)]
    [TestCase(10_000, Health.Good)]
    public void Little_room_is_said_before_it_is_none(long freeMiB, Health health) =>
        Assert.That(DiskCheck.Judge("disk", "/somewhere", freeMiB).Health, Is.EqualTo(health));

    [Test]
    public void A_kernel_that_is_not_here_comes_with_the_command_that_fetches_it()
    {
        var entry = new KernelEntry("debian-6.1", KernelKind.Packaged, "bookworm", new Regex("x"), "k.yaml:1:1");
        Assert.That(KernelsCheck.Judge(entry, null).Remedy, Is.EqualTo("pstorelab images build debian-6.1"));
        Assert.That(KernelsCheck.Judge(entry with { Kind = KernelKind.Built }, null).Text, Does.StartWith("not built"));
    }

    [Test]
    public void What_a_systemd_guest_cannot_be_made_without_comes_with_the_command_that_installs_it()
    {
        Assert.That(
            new RootfsCheck().Judge([], []),
            Is.EqualTo(Diagnosis.Good("systemd guests", "can be made here; none is yet"))
        );
        Assert.That(new RootfsCheck().Judge([], ["trixie"]).Text, Does.EndWith("; trixie is"));
        var diagnosis = new RootfsCheck().Judge(["mmdebstrap", "kmod"], []);
        Assert.That(diagnosis.Health, Is.EqualTo(Health.Warning), "no case needs one");
        Assert.That(diagnosis.Remedy, Does.EndWith("apt-get install mmdebstrap kmod"));
    }

    [Test]
    public void What_a_capture_kernel_cannot_be_loaded_without_comes_with_the_command_that_installs_it()
    {
        Assert.That(new CaptureKernelCheck().Judge(("sh", "dash")).Health, Is.EqualTo(Health.Good));
        var diagnosis = new CaptureKernelCheck().Judge(("no-such-compiler", "its-package"));
        Assert.That(diagnosis.Health, Is.EqualTo(Health.Warning), "few cases need one");
        Assert.That(diagnosis.Remedy, Does.EndWith("apt-get install its-package"));
    }

    [Test]
    public void What_a_kernel_cannot_be_built_without_comes_with_the_command_that_installs_it()
    {
        Assert.That(new BuildToolsCheck().Judge([]).Health, Is.EqualTo(Health.Good));
        var diagnosis = new BuildToolsCheck().Judge(["flex", "libelf-dev"]);
        Assert.That(diagnosis.Health, Is.EqualTo(Health.Warning), "the distributions' kernels do without");
        Assert.That(diagnosis.Remedy, Does.EndWith("apt-get install flex libelf-dev"));
    }

    [Test]
    public async Task Libraries_are_named_with_the_versions_that_were_asked_for()
    {
        var packages = await File.ReadAllTextAsync(Path.Combine(ScenarioBench.Root, "Directory.Packages.props"));
        var asked = Regex
            .Matches(packages, @"Include=""(CliWrap|SSH\.NET)"" Version=""([\d.]+)""")
            .Select(package => $"{package.Groups[1]} {package.Groups[2]}")
            .ToList();
        Assert.That(asked, Has.Count.EqualTo(2));
        var found = await new RuntimeCheck().ExamineAsync(null!, CancellationToken.None);
        Assert.That(found.Select(diagnosis => diagnosis.Text), Is.SupersetOf(asked));
    }

    [Test]
    public async Task A_check_that_cannot_look_is_a_finding_and_not_a_crash()
    {
        var found = await Examination.ExamineAsync(new FailingCheck(), null!, CancellationToken.None);
        Assert.That(found, Is.EqualTo(new[] { Diagnosis.Missing("something", "no way of knowing") }));
    }

    private sealed class FailingCheck : ICheck
    {
        public string Subject => "something";

        public Task<IReadOnlyList<Diagnosis>> ExamineAsync(Lab lab, CancellationToken cancellation) =>
            throw new InfraException("no way\nof knowing");
    }
}
