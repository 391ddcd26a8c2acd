using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Scripts;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Plans;

/// <summary>Kernel parameters that a user adds to a case.</summary>
public class AppendedPlanTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeAFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _folder.Dispose();

    [Test]
    public void They_are_on_the_command_line_of_every_boot_and_in_all_that_tells_of_it()
    {
        var plan = PlanOf("erst", "slub_debug=FZ");
        Assert.That(
            plan.Steps.OfType<PowerOn>().Select(on => on.Machine.Single(word => word.StartsWith("console="))),
            Has.Exactly(2).Items.And.All.EndsWith(" slub_debug=FZ")
        );
        Assert.That(plan.Boots.Select(boot => boot.Parameters["slub_debug"]), Is.All.EqualTo("FZ"));
        Assert.That(plan.Appended, Is.EqualTo("slub_debug=FZ"));
        Assert.That(PlanText.Of(plan), Does.Contain("\n  appended slub_debug=FZ\n"));
        Assert.That(
            ReproScript.Write(plan),
            Does.Contain("\n# appended to every kernel's command line: slub_debug=FZ\n")
        );
    }

    [Test]
    public void Cases_with_other_ones_share_no_steps()
    {
        var (one, other) = (With("slub_debug=FZ"), With("slub_debug=P"));
        Assert.That(
            SharedSteps.Of(one, PlanBench.Plan(one, _folder))!.Key,
            Is.Not.EqualTo(SharedSteps.Of(other, PlanBench.Plan(other, _folder))!.Key)
                .And.EqualTo(SharedSteps.Of(one, PlanBench.Plan(one, _folder))!.Key)
        );

        static Case With(string appended) =>
            PlanBench.Case(PlanBench.Boot(), PlanBench.Crash(), PlanBench.Cold(), PlanBench.Expect()) with
            {
                Appended = AppendedParameters.Parse(appended),
            };
    }

    [Test]
    public void One_of_a_module_goes_to_it() =>
        Assert.That(
            PlanBench.BringUps(PlanOf("ramoops", "ramoops.ecc=1")),
            Has.Some.Contains("ramoops.ecc=1").Or.Some.Contains(" ecc=1")
        );

    [Test]
    public void One_of_a_module_with_a_blank_cannot_go_there() =>
        Assert.That(
            () => PlanOf("ramoops", "ramoops.dyndbg=\"func ramoops_probe +p\""),
            Throws.TypeOf<UsageException>().With.Message.Contains("ramoops.dyndbg")
        );

    [TestCase("erst", "panic=5", "for every guest")]
    [TestCase("erst", "printk.devkmsg=off", "for every guest")]
    [TestCase("ramoops", "ramoops.mem-address=0", "by the backend's store")]
    [TestCase("erst", "pstore.kmsg_bytes=1", "by the scenario (")]
    [TestCase("erst", "pstore.compress=none", "by the scenario (")]
    public void What_is_set_already_is_refused(string backend, string appended, string owner)
    {
        var @case = CaseOf(backend, appended) with
        {
            Parameters = new Dictionary<string, string> { ["pstore.kmsg_bytes"] = "4096" },
        };
        Assert.That(
            () => Planner.Check(@case),
            Throws.TypeOf<UsageException>().With.Message.Contains($"is set {owner}")
        );
    }

    [Test]
    public void What_nobody_sets_is_not() =>
        Assert.That(() => Planner.Check(CaseOf("ramoops", "slub_debug=FZ ramoops.ecc=1")), Throws.Nothing);

    private Plan PlanOf(string backend, string appended) =>
        PlanBench.Plan(
            PlanBench.Case(backend, PlanBench.Boot(), PlanBench.Crash(), PlanBench.Cold(), PlanBench.Expect()) with
            {
                Appended = AppendedParameters.Parse(appended),
            },
            _folder
        );

    private static Case CaseOf(string backend, string appended) =>
        PlanBench.Case(
            backend,
            PlanBench.Boot(),
            PlanBench.Crash(),
            PlanBench.Cold(options: PlanBench.With("pstore.compress", "zstd")),
            PlanBench.Expect()
        ) with
        {
            Appended = AppendedParameters.Parse(appended),
        };
}
