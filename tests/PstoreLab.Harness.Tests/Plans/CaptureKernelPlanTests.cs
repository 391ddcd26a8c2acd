using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Plans;

/// <summary>What a plan does for a capture kernel.</summary>
public class CaptureKernelPlanTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeAFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _folder.Dispose();

    [TestCase(CaptureKernel.Loaded, "CONFIG_CRASH_DUMP")]
    [TestCase(CaptureKernel.Loaded, "CONFIG_KEXEC_FILE")]
    [TestCase(CaptureKernel.Panics, "CONFIG_PROC_VMCORE")]
    [TestCase(CaptureKernel.Panics, "CONFIG_RELOCATABLE")]
    [TestCase(CaptureKernel.Reserved, "CONFIG_CRASH_DUMP")]
    public void A_kernel_without_what_it_takes_is_unsupported(CaptureKernel kernel, string option)
    {
        var config = string.Join('\n', PlanBench.Config.Split('\n').Where(line => !line.StartsWith(option + "=")));
        var fault = Assert.Throws<UnsupportedException>(() => PlanBench.Plan(Crashed(kernel), _folder, config));
        Assert.That(
            fault!.Message,
            Is.EqualTo($"debian-6.1 (6.1.0-50-amd64) was built without {option}, which a capture kernel needs")
        );
    }

    [Test]
    public void Memory_alone_takes_no_more_than_to_keep_it()
    {
        var config = string.Join(
            '\n',
            PlanBench.Config.Split('\n').Where(line => !line.StartsWith("CONFIG_KEXEC_FILE="))
        );
        Assert.That(() => PlanBench.Plan(Crashed(CaptureKernel.Reserved), _folder, config), Throws.Nothing);
    }

    [TestCase(CaptureKernel.None, null, "debian-6.1.initramfs", "NoteBackend Mark Crash")]
    [TestCase(CaptureKernel.Reserved, "160M", "debian-6.1.initramfs", "NoteBackend Mark Crash")]
    [TestCase(CaptureKernel.Loaded, "160M", "debian-6.1.crash.initramfs", "NoteBackend Ask Mark Crash KeepVmcore")]
    [TestCase(CaptureKernel.Panics, "160M", "debian-6.1.crash.initramfs", "NoteBackend Ask Mark Crash Mark Crash")]
    public void The_boot_before_the_crash_has_what_was_asked_for(
        CaptureKernel kernel,
        string? memory,
        string initramfs,
        string steps
    )
    {
        var plan = PlanBench.Plan(Crashed(kernel), _folder);
        var on = plan.Steps.OfType<PowerOn>().First();
        Assert.That(plan.Boots[0].Parameters.GetValueOrDefault("crashkernel"), Is.EqualTo(memory));
        Assert.That(on.Machine, Does.Contain(initramfs));
        Assert.That(
            string.Join(
                ' ',
                plan.Steps.Skip(1).TakeWhile(step => step is not PowerOn).Select(step => step.GetType().Name)
            ),
            Is.EqualTo(steps)
        );
        Assert.That(
            plan.Steps.OfType<Crash>().Select(crash => crash.BootsCaptureKernel).First(),
            Is.EqualTo(kernel is CaptureKernel.Loaded or CaptureKernel.Panics)
        );
    }

    [Test]
    public void An_end_that_is_no_panic_is_not_taken_over()
    {
        var plan = PlanBench.Plan(
            PlanBench.Case(
                Boot(CaptureKernel.Loaded),
                PlanBench.Crash("emergency-restart"),
                PlanBench.Cold(),
                PlanBench.Expect(PlanBench.Records())
            ),
            _folder
        );
        Assert.That(plan.Steps.OfType<Crash>().Single().BootsCaptureKernel, Is.False);
        Assert.That(plan.Steps, Has.None.InstanceOf<KeepVmcore>());
    }

    [Test]
    public void It_is_the_first_kernel_that_a_vmcore_is_of_and_the_second_that_wrote_last()
    {
        var expect = PlanBench.Expect(
            PlanBench.Records(PlanBench.Panic()) with
            {
                Vmcore = new ExpectedVmcore(VmcoreOutcome.None, CrashNumber.Last),
            }
        );
        var inspect = PlanBench
            .Plan(PlanBench.Case(Boot(CaptureKernel.Panics), PlanBench.Crash(), PlanBench.Cold(), expect), _folder)
            .Steps.OfType<Inspect>()
            .Single();
        Assert.That(
            (inspect.Expectation.Vmcore!.Crash.Value, inspect.Expectation.Records!.Single().Crash.Value),
            Is.EqualTo((1, 2))
        );
    }

    [Test]
    public void A_warm_restart_cannot_give_the_memory_back()
    {
        var @case = PlanBench.Case(
            Boot(CaptureKernel.Loaded),
            PlanBench.Crash(),
            PlanBench.Warm(BootOptions.None with { CaptureKernel = CaptureKernel.None }),
            PlanBench.Expect()
        );
        Assert.That(
            () => PlanBench.Plan(@case, _folder),
            Throws.TypeOf<UsageException>().With.Message.Contains("a warm restart keeps the kernel's command line")
        );
    }

    private static BootStep Boot(CaptureKernel kernel) =>
        PlanBench.Boot(options: BootOptions.None with { CaptureKernel = kernel });

    private static Case Crashed(CaptureKernel kernel) =>
        PlanBench.Case(
            Boot(kernel),
            PlanBench.Crash(),
            PlanBench.Cold(options: BootOptions.None with { CaptureKernel = CaptureKernel.None }),
            PlanBench.Expect(PlanBench.Records())
        );
}
