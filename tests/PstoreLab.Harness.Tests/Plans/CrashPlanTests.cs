using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Scripts;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Plans;

/// <summary>What crashes of several kinds make of a plan.</summary>
public class CrashPlanTests
{
    private const string Lkdtm =
        PlanBench.Config
        + "CONFIG_LKDTM=y\nCONFIG_VMAP_STACK=y\nCONFIG_DETECT_HUNG_TASK=y\nCONFIG_SOFTLOCKUP_DETECTOR=y\n"
        + "CONFIG_X86_MCE=y\n";

    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeAFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _folder.Dispose();

    [Test]
    public void What_a_crash_needs_of_the_command_line_is_there_at_its_own_boot_and_no_other()
    {
        var plan = Plan(
            PlanBench.Boot(),
            Crash("nmi"),
            PlanBench.Cold(),
            Crash("lkdtm-bug", survived: false),
            PlanBench.Cold(),
            Crash("sysrq-c"),
            PlanBench.Cold(),
            PlanBench.Expect()
        );
        string[] lines = [.. plan.Steps.OfType<PowerOn>().Select(on => After(on.Machine, "-append"))];
        Assert.That(
            lines.Select(line => line.Contains(" unknown_nmi_panic", StringComparison.Ordinal)),
            Is.EqualTo([true, false, false, false])
        );
        Assert.That(
            lines.Select(line => line.Contains(" oops=panic", StringComparison.Ordinal)),
            Is.EqualTo([false, true, false, false])
        );
    }

    [Test]
    public void What_a_scenario_says_itself_wins()
    {
        var plan = Plan(
            PlanBench.Boot(options: PlanBench.With("watchdog_thresh", "10")),
            Crash("lkdtm-soft-lockup"),
            PlanBench.Cold(),
            PlanBench.Expect()
        );
        Assert.That(plan.Boots[0].Parameters["watchdog_thresh"], Is.EqualTo("10"));
    }

    [TestCase("nmi", TriggerSource.Monitor, CrashEnd.Reset, null)]
    [TestCase("mce", TriggerSource.Monitor, CrashEnd.Reset, null)]
    [TestCase("sysrq-c", TriggerSource.Agent, CrashEnd.Reset, null)]
    [TestCase("reboot", TriggerSource.Agent, CrashEnd.Reset, "reboot: Restarting system")]
    [TestCase("halt", TriggerSource.Agent, CrashEnd.Halt, "reboot: System halted")]
    [TestCase("poweroff", TriggerSource.Agent, CrashEnd.PowerOff, "reboot: Power down")]
    public void A_way_says_who_does_it_and_how_it_ends(string trigger, TriggerSource cause, CrashEnd end, string? last)
    {
        var crash = Plan(PlanBench.Boot(), Crash(trigger), PlanBench.Cold(), PlanBench.Expect())
            .Steps.OfType<Crash>()
            .Single();
        Assert.That(
            (crash.Request is null, crash.MonitorCommand is null, crash.End, crash.LastLine),
            Is.EqualTo((cause == TriggerSource.Monitor, cause == TriggerSource.Agent, end, last))
        );
    }

    [Test]
    public void A_fatal_oops_is_a_panic_and_a_bound_one_names_its_processor()
    {
        var two = BootOptions.None with { Cpus = 2 };
        var plan = Plan(
            PlanBench.Boot(options: two),
            Crash("lkdtm-bug", processor: "all"),
            Crash("lkdtm-bug", survived: false, processor: "1"),
            PlanBench.Cold(),
            PlanBench.Expect()
        );
        Assert.That(
            plan.Steps.OfType<Oops>().Single(),
            Has.Property("Request")
                .EqualTo(new AgentRequest.Trigger("lkdtm BUG", "all"))
                .And.Property("ConsolePattern")
                .EqualTo("---[ end trace")
                .And.Property("Times")
                .EqualTo(2)
        );
        Assert.That(
            plan.Steps.OfType<Crash>().Single(),
            Has.Property("Request")
                .EqualTo(new AgentRequest.Trigger("lkdtm BUG", "1"))
                .And.Property("ConsolePattern")
                .EqualTo("Kernel panic - not syncing")
        );
        var machine = plan.Steps.OfType<PowerOn>().First().Machine;
        Assert.That(After(machine, "-smp"), Is.EqualTo("2"));
        Assert.That(plan.StoreOptionsOf(plan.Boots[0]).Cpus, Is.EqualTo(2));
    }

    [Test]
    public void A_drawn_power_cut_begins_with_the_sign_of_its_crash_and_each_has_a_point_of_its_own()
    {
        PowerCutStep cut = new(PlanBench.Line(12), null, "sysrq-c", 8, Seed: 7);
        var cuts = Plan(PlanBench.Boot(), cut, PlanBench.Cold(), cut, PlanBench.Cold(), PlanBench.Expect())
            .Steps.OfType<CutPower>()
            .ToList();
        Assert.That(cuts.Select(one => one.After), Has.All.EqualTo("Kernel panic - not syncing"));
        Assert.That(cuts.Select(one => one.Point), Is.EqualTo([CutPoint.Draw(7, 1), CutPoint.Draw(7, 2)]));
    }

    [Test]
    public void The_power_is_cut_of_a_kernel_that_goes_on_after_its_oops()
    {
        PowerCutStep cut = new(PlanBench.Line(12), null, "lkdtm-bug", 8, Seed: 7);
        var plan = Plan(PlanBench.Boot(), cut, PlanBench.Cold(), PlanBench.Expect());
        Assert.That(plan.Boots[0].Parameters, Does.Not.ContainKey("oops"));
        Assert.That(plan.Steps.OfType<CutPower>().Single().After, Is.EqualTo("---[ end trace"));
    }

    [Test]
    public void A_kernel_without_what_a_crash_needs_is_unsupported()
    {
        var fault = Assert.Throws<UnsupportedException>(() =>
            PlanBench.Plan(
                PlanBench.Case(PlanBench.Boot(), Crash("lkdtm-bug"), PlanBench.Cold(), PlanBench.Expect()),
                _folder
            )
        );
        Assert.That(
            fault!.Message,
            Is.EqualTo("debian-6.1 (6.1.0-50-amd64) was built without CONFIG_LKDTM, which the crash 'lkdtm-bug' needs")
        );
    }

    [TestCase("off")]
    // The kernel reads no further.
    [TestCase("offline")]
    public void A_kernel_that_takes_no_marker_lines_is_unsupported(string value)
    {
        var closed = PlanBench.Boot(options: PlanBench.With("printk.devkmsg", value));
        string fault =
            $"scenarios/cycle/record-whole.yaml:12:5: printk.devkmsg={value} closes /dev/kmsg, where the marker lines "
            + "of a crash are written; leave it out, or set it to on or ratelimit";
        Step[] after = [PlanBench.Cold(), PlanBench.Expect()];
        foreach (
            var step in (Step[])[Crash("sysrq-c"), Crash("none"), new PowerCutStep(PlanBench.Line(12), null, "none", 4)]
        )
            Assert.That(
                () => Plan([closed, step, .. after]),
                Throws.TypeOf<UnsupportedException>().With.Message.EqualTo(fault)
            );
        Assert.That(
            () => Plan(closed, PlanBench.Cold(), PlanBench.Expect(PlanBench.Records())),
            Throws.Nothing,
            "no crash, no marker lines"
        );
    }

    [TestCase("on")]
    [TestCase("ratelimit")]
    public void A_kernel_that_takes_some_lines_from_everybody_takes_marker_lines(string value) =>
        Assert.That(
            () =>
                Plan(
                    PlanBench.Boot(options: PlanBench.With("printk.devkmsg", value)),
                    Crash("sysrq-c"),
                    PlanBench.Cold(),
                    PlanBench.Expect()
                ),
            Throws.Nothing
        );

    [TestCase("halt")]
    [TestCase("poweroff")]
    public void A_machine_that_is_off_does_not_come_up_warm(string trigger) =>
        Assert.That(
            () => Plan(PlanBench.Boot(), Crash(trigger), PlanBench.Warm(), PlanBench.Expect()),
            Throws
                .TypeOf<UsageException>()
                .With.Message.EndsWith("there is no machine left for a warm boot; use `restart: cold`")
        );

    [Test]
    public void A_fault_of_the_machine_is_bound_to_no_processor() =>
        Assert.That(
            () =>
                Plan(
                    PlanBench.Boot(options: BootOptions.None with { Cpus = 2 }),
                    Crash("nmi", processor: "1"),
                    PlanBench.Cold(),
                    PlanBench.Expect()
                ),
            Throws.TypeOf<UsageException>().With.Message.Contains("the crash 'nmi' comes from the machine")
        );

    [Test]
    public void A_script_tells_the_monitor_what_the_run_told_it()
    {
        string script = ReproScript.Write(
            Plan(PlanBench.Boot(), Crash("mce"), PlanBench.Cold(), Crash("halt"), PlanBench.Cold(), PlanBench.Expect())
        );
        Assert.That(
            script,
            Does.Contain("\nmonitor 'mce -b 0 1 0xbe00000000800400 0x5 0x1234 0x8c'\n")
                .And.Contain("-mon chardev=monitor")
        );
        Assert.That(script, Does.Contain("\nshown 'reboot: System halted'; sleep 1; kill"));
    }

    private static string After(IReadOnlyList<string> words, string word) =>
        words.SkipWhile(other => other != word).ElementAt(1);

    private static CrashStep Crash(string trigger, bool? survived = null, string? processor = null) =>
        new(PlanBench.Line(12), trigger, 8, survived ?? CrashCatalogue.Get(trigger).Survived, Processor: processor);

    private Plan Plan(params Step[] steps) => PlanBench.Plan(PlanBench.Case(steps), _folder, Lkdtm);
}
