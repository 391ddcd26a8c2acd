using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Plans;

/// <summary>The part of a plan that leads to where somebody wants to be.</summary>
public class PlanExcerptTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeAFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _folder.Dispose();

    // PowerOn, NoteBackend, Mark, Crash; PowerOn, NoteBackend, Inspect.
    [TestCase("ready", "PowerOn NoteBackend")]
    [TestCase("before-crash", "PowerOn NoteBackend Mark")]
    [TestCase("after-restart", "PowerOn NoteBackend Mark Crash PowerOn NoteBackend")]
    [TestCase("1", "PowerOn")]
    [TestCase("7", "PowerOn NoteBackend Mark Crash PowerOn NoteBackend Inspect")]
    public void It_ends_at_the_point(string point, string steps)
    {
        var plan = PlanExcerpt.UpTo(Cold, point);
        Assert.That(plan.Steps.Select(step => step.GetType().Name), Is.EqualTo(steps.Split(' ')));
        Assert.That(
            plan.Steps.OfType<PowerOn>().Select(on => on.Machine.Contains("-no-reboot")),
            Is.EqualTo(plan.Boots.Select((boot, index) => index < plan.Boots.Count - 1)),
            "a guest that its user crashes boots again"
        );
    }

    [TestCase("4", "behind that step of cycle/record-whole/erst no guest runs; one does behind step 1, 2, 3, 5, 6, 7")]
    [TestCase("8", "has 7 steps")]
    [TestCase("0", "has 7 steps")]
    [TestCase("nowhere", "expected ready, before-crash, after-restart or the number of a step")]
    public void Where_no_guest_runs_is_no_point(string point, string fault) =>
        Assert.That(
            () => PlanExcerpt.UpTo(Cold, point),
            Throws.TypeOf<UsageException>().With.Message.StartsWith($"--at {point}: ").And.Message.Contains(fault)
        );

    [TestCase("before-crash", "there is no crash")]
    [TestCase("after-restart", "there is no restart")]
    public void What_a_case_does_not_have_is_no_point(string point, string fault) =>
        Assert.That(
            () => PlanExcerpt.UpTo(PlanBench.Plan(PlanBench.Case(PlanBench.Boot()), _folder), point),
            Throws.TypeOf<UsageException>().With.Message.Contains(fault)
        );

    [Test]
    public void A_capture_kernel_is_a_guest()
    {
        var crash = Cold.Steps.OfType<Crash>().Single();
        var plan = Cold with
        {
            Boots =
            [
                Cold.Boots[0] with
                {
                    Steps = [.. Cold.Boots[0].Steps.SkipLast(1), crash with { BootsCaptureKernel = true }],
                },
            ],
        };
        Assert.That(PlanExcerpt.UpTo(plan, "4").Steps.Count(), Is.EqualTo(4));
    }

    [Test]
    public void Over_another_store_the_last_guest_boots_alone_and_cold([Values("cold", "warm")] string restart)
    {
        var plan = PlanExcerpt.Over(restart == "cold" ? Cold : Warm, "/dumps/store");
        Assert.That(plan.Store.Given, Is.EqualTo("/dumps/store"));
        var boot = plan.Boots.Single();
        Assert.That(boot.Kernel, Is.EqualTo(restart == "cold" ? "debian-7.2" : "debian-6.1"));
        Assert.That(boot.Steps.Select(step => step.GetType().Name), Is.EqualTo(new[] { "PowerOn", "NoteBackend" }));
    }

    [Test]
    public void The_guest_of_the_point_waits_for_a_debugger_and_no_other()
    {
        var plan = PlanExcerpt.WithDebugger(PlanExcerpt.UpTo(Cold, "after-restart"), "gdb.sock");
        Assert.That(
            plan.Steps.OfType<PowerOn>().Select(on => on.Machine.Contains("-S")),
            Is.EqualTo(new[] { false, true })
        );
        Assert.That(plan.Steps.OfType<PowerOn>().Last().Machine, Does.Contain("unix:gdb.sock,server=on,wait=off"));
        Assert.That(PlanExcerpt.DebuggedBoot(plan)!.Number, Is.EqualTo(new BootNumber(2)));
        Assert.That(PlanExcerpt.DebuggedBoot(Cold), Is.Null);
    }

    private Plan Cold =>
        PlanBench.Plan(
            PlanBench.Case(PlanBench.Boot(), PlanBench.Crash(), PlanBench.Cold("debian-7.2"), PlanBench.Expect()),
            _folder
        );

    private Plan Warm =>
        PlanBench.Plan(
            PlanBench.Case(PlanBench.Boot(), PlanBench.Crash(), PlanBench.Warm(), PlanBench.Expect()),
            _folder
        );
}
