using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Scenarios;

/// <summary>What a scenario says of a capture kernel, and what it cannot say.</summary>
public sealed class CaptureKernelScenarioTests
{
    private const string Start = "scenario: s\nsummary: x\nbackend: erst\nsteps:\n";
    private const string Panics = "- boot: debian-6.1\n  capture-kernel: panics\n- crash: nmi\n- restart: cold\n";
    private const string Loaded = "- boot: debian-6.1\n  capture-kernel: loaded\n- crash: nmi\n- restart: cold\n";

    private ScenarioBench bench = null!;

    [SetUp]
    public void SetUp() => bench = new ScenarioBench();

    [TearDown]
    public void TearDown() => bench.Dispose();

    [TestCase("loaded", CaptureKernel.Loaded, true)]
    [TestCase("panics", CaptureKernel.Panics, true)]
    [TestCase("reserved", CaptureKernel.Reserved, false)]
    [TestCase("none", CaptureKernel.None, false)]
    public void What_is_to_be_there_arrives_in_the_case(string word, CaptureKernel expected, bool loads)
    {
        var @case = Load(
            $"- boot: debian-6.1\n  capture-kernel: {word}\n- crash: nmi\n- restart: cold\n- expect: {{ "
                + $"records: none, vmcore: none }}\n"
        );
        Assert.That(
            (((BootStep)@case.Steps[0]).Options.CaptureKernel, @case.LoadsCaptureKernel),
            Is.EqualTo(((CaptureKernel?)expected, loads))
        );
        Assert.That(
            ((ExpectStep)@case.Steps[^1]).Expectation.Vmcore,
            Is.EqualTo(new ExpectedVmcore(VmcoreOutcome.None, CrashNumber.Last))
        );
    }

    [Test]
    public void The_panic_of_a_capture_kernel_is_a_crash_that_a_record_can_come_from()
    {
        Assert.That(() => Load(Panics + "- expect: { records: { type: dmesg, crash: 2 } }\n"), Throws.Nothing);
        Assert.That(
            () => Load(Loaded + "- expect: { records: { type: dmesg, crash: 2 } }\n"),
            Throws
                .TypeOf<UsageException>()
                .With.Message.Contains("found a record of crash 2, expected one of the 1 before this step")
        );
    }

    [TestCase(
        "- boot: debian-6.1\n- crash: nmi\n  capture-kernel: loaded\n",
        "found 'capture-kernel' in a step that boots nothing"
    )]
    [TestCase(
        "- boot: debian-6.1\n  systemd: bookworm\n  capture-kernel: loaded\n",
        "found a capture kernel for a systemd guest"
    )]
    [TestCase("- boot: debian-6.1\n- expect: { vmcore: dumped }\n", "found a vmcore before any crash")]
    public void What_cannot_be_is_told(string steps, string fault) =>
        Assert.That(() => Load(steps), Throws.TypeOf<UsageException>().With.Message.Contains(fault));

    private Case Load(string steps) => bench.Load(bench.Write("family/s.yaml", Start + steps)).Single();
}
