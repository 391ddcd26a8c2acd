using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Plans;

public class PlanConsistencyTests
{
    private ScratchFolder _scratch = null!;
    private Plan _plan = null!;

    [SetUp]
    public void PlanACase()
    {
        _scratch = new ScratchFolder();
        _plan = PlanBench.Plan(
            PlanBench.Case(PlanBench.Boot(), PlanBench.Crash(), PlanBench.Cold(), PlanBench.Expect()),
            _scratch
        );
    }

    [TearDown]
    public void DeleteTheFolder() => _scratch.Dispose();

    [Test]
    public void What_a_planner_makes_is_consistent() => Assert.That(PlanConsistency.FaultOf(_plan), Is.Null);

    [Test]
    public void A_crash_that_is_not_in_the_plan_is_a_fault_of_the_plan()
    {
        Change(2, step => step is Inspect ? [new Inspect(new InspectionNumber(1), Of(7))] : [step]);
        Assert.That(Fault, Is.EqualTo("it speaks of crash 7, which is not in it"));
        _plan = _plan with { Boots = [_plan.Boots[0]], Known = [new PlannedKnownBug("a-bug", Of(3))] };
        Assert.That(Fault, Is.EqualTo("it speaks of crash 3, which is not in it"));
    }

    [Test]
    public void A_crash_that_was_never_armed_is_a_fault()
    {
        Change(1, step => step is Mark ? [] : [step]);
        Assert.That(Fault, Is.EqualTo("it speaks of crash 1, which is not in it"));
    }

    [TestCase(0)]
    [TestCase(2)]
    [TestCase(-7)]
    [TestCase(int.MaxValue)]
    public void Boots_are_numbered_in_their_order(int number)
    {
        _plan = _plan with { Boots = [_plan.Boots[0] with { Number = new BootNumber(number) }, _plan.Boots[1]] };
        Assert.That(Fault, Is.EqualTo($"boot {number} stands where boot 1 belongs"));
    }

    [Test]
    public void Names_that_nobody_knows_are_faults()
    {
        var plan = _plan;
        _plan = plan with { Backend = "mram" };
        Assert.That(Fault, Is.EqualTo("there is no backend 'mram'"));
        _plan = plan with { Machine = "q36" };
        Assert.That(Fault, Is.EqualTo("there is no machine 'q36'"));
        _plan = plan with { Boots = [plan.Boots[0] with { Kernel = "debian-0.1" }] };
        Assert.That(Fault, Is.EqualTo("boot 1 boots debian-0.1, which is none of its kernels"));
        _plan = plan with { Kernels = [plan.Kernels[0] with { Release = "none" }] };
        Assert.That(Fault, Does.StartWith("boot 1: "));
    }

    [TestCase(0, 8)]
    [TestCase(int.MaxValue, 8)]
    [TestCase(1, -1)]
    [TestCase(1, int.MaxValue)]
    public void Numbers_that_no_scenario_can_have_are_faults(int cpus, int markers)
    {
        Change(1, step => step is Mark mark ? [mark with { Count = markers }] : [step]);
        _plan = _plan with { Boots = [.. _plan.Boots.Select(boot => boot with { Cpus = cpus })] };
        Assert.That(Fault, Is.Not.Null);
    }

    [Test]
    public void Nor_is_there_an_oops_on_more_processors_than_the_machine_has()
    {
        var request = new AgentRequest.Trigger("lkdtm BUG", "all");
        Change(
            1,
            step => step is Mark mark ? [step, new Oops(mark.Number, "lkdtm-bug", request, "") { Times = 2 }] : [step]
        );
        Assert.That(Fault, Is.EqualTo("boot 1 has 2 oopses at once and cpus: 1"));
        _plan = _plan with { Boots = [.. _plan.Boots.Select(boot => boot with { Cpus = 2 })] };
        Assert.That(Fault, Is.Null);
    }

    [TestCase("", 1)]
    [TestCase("cycle/record-whole/other", 0)]
    [TestCase("cycle/record-whole/other", -1)]
    [TestCase("cycle/record-whole/other", 7)]
    public void A_plan_starts_after_one_of_its_steps(string other, int step)
    {
        Assert.That(_plan.Steps.Count(), Is.EqualTo(7));
        _plan = _plan with { StartsAfter = new StepOfCase(other, step) };
        Assert.That(Fault, Is.EqualTo($"it starts after step {step} of '{other}' and has 7 steps"));
        _plan = _plan with { StartsAfter = new StepOfCase("cycle/record-whole/other", 6) };
        Assert.That(Fault, Is.Null);
    }

    private string? Fault => PlanConsistency.FaultOf(_plan);

    private void Change(int boot, Func<PlanStep, IEnumerable<PlanStep>> how) =>
        _plan = _plan with
        {
            Boots =
            [
                .. _plan.Boots.Select(planned =>
                    planned.Number.Value == boot ? planned with { Steps = [.. planned.Steps.SelectMany(how)] } : planned
                ),
            ],
        };

    private static Expectation Of(int crash) => PlanBench.Records(PlanBench.Panic(crash));
}
