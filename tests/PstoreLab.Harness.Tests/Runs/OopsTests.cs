using PstoreLab.FakeQemu;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Plans;

namespace PstoreLab.Harness.Tests.Runs;

/// <summary>Whole cases with a guest that oopses on request, and survives.</summary>
[CancelAfter(120_000)]
public class OopsTests
{
    private static ExpectedRecord Oops { get; } = PlanBench.Panic(1) with { Reason = "Oops" };

    private static Case Survived { get; } =
        PlanBench.Case(
            PlanBench.Boot(),
            PlanBench.Crash("oops"),
            PlanBench.Cold(),
            PlanBench.Expect(PlanBench.Records(Oops))
        );

    public static IEnumerable<TestCaseData<RestartStep>> BothRestarts =>
        [
            new TestCaseData<RestartStep>(PlanBench.Cold()).SetArgDisplayNames("cold"),
            new TestCaseData<RestartStep>(PlanBench.Warm()).SetArgDisplayNames("warm"),
        ];

    [TestCaseSource(nameof(BothRestarts))]
    public async Task An_oops_leaves_a_record_that_ends_with_its_trace(RestartStep restart)
    {
        using var lab = new FakeLab(new FakeBoot());
        var @case = PlanBench.Case(
            PlanBench.Boot(),
            PlanBench.Crash("oops"),
            restart,
            PlanBench.Expect(PlanBench.Records(Oops))
        );
        var result = await lab.RunAsync(@case);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
        Assert.That(result.Findings[0].Text, Does.EndWith("whole to the last line, from the beginning of the log"));
        Assert.That(lab.Boots, Is.EqualTo(2), "one attempt");
        var console = File.ReadAllText(lab.Run.Case(@case.Id).Boot(new BootNumber(1)).Console);
        Assert.That(
            console.TrimEnd(),
            Does.Contain("---[ end trace").And.EndsWith("[pstorelab_oops]"),
            "it said more than is in the record"
        );
    }

    [TestCaseSource(nameof(BothRestarts))]
    public async Task A_guest_that_oopsed_can_panic_all_the_same(RestartStep restart)
    {
        using var lab = new FakeLab(new FakeBoot());
        var result = await lab.RunAsync(
            PlanBench.Case(
                PlanBench.Boot(),
                PlanBench.Crash("oops"),
                PlanBench.Crash(),
                restart,
                PlanBench.Expect(PlanBench.Records(Oops, PlanBench.Panic(2)))
            )
        );
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
        Assert.That(result.Nonces, Has.Count.EqualTo(2));
        Assert.That(lab.Boots, Is.EqualTo(2));
    }

    [Test]
    public async Task Two_oopses_of_one_boot_are_told_apart()
    {
        using var lab = new FakeLab(new FakeBoot());
        var result = await lab.RunAsync(
            PlanBench.Case(
                PlanBench.Boot(),
                PlanBench.Crash("oops"),
                PlanBench.Crash("oops"),
                PlanBench.Cold(),
                PlanBench.Expect(PlanBench.Records(Oops, Oops with { Crash = new CrashNumber(2) }))
            )
        );
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
    }

    [Test]
    public async Task A_store_that_is_looked_at_in_the_boot_of_the_oops_shows_what_was_there_when_it_was_mounted()
    {
        using var lab = new FakeLab(new FakeBoot());
        var result = await lab.RunAsync(
            PlanBench.Case(
                PlanBench.Boot(),
                PlanBench.Crash("oops"),
                PlanBench.Expect(PlanBench.Records()),
                PlanBench.Cold(),
                PlanBench.Expect(PlanBench.Records(Oops))
            )
        );
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
    }

    [Test]
    public async Task An_oops_of_which_nothing_was_written_fails()
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.LosesTheOops));
        var result = await lab.RunAsync(Survived);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            result.Reason,
            Does.Contain($"no dmesg record of crash 1 (nonce {result.Nonces[0]})").And.Contain("is empty")
        );
        Assert.That(result.Attempts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_oops_that_never_ends_fails_and_names_what_was_waited_for()
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.NeverEndsTheOops));
        var result = await lab.RunOutAsync(Survived, 6, "Call Trace:");
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(result.Attempts, Has.Count.EqualTo(2), "it may be chance, and was not");
        Assert.That(
            result.Reason,
            Does.StartWith(
                    "Crashing (boot 1): waited 60 s for \"---[ end trace\" on the console; the console's last line was"
                )
                .And.Contain("Call Trace:")
        );
    }

    [Test]
    public async Task An_oops_that_nobody_asked_for_is_trouble_though_one_was_asked_for_before()
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.Oopses, "erase"));
        var result = await lab.RunAsync(
            PlanBench.Case(
                PlanBench.Boot(),
                PlanBench.Crash("oops"),
                new EraseStep(PlanBench.Line(14), "*"),
                PlanBench.Cold(),
                PlanBench.Expect(PlanBench.Records())
            )
        );
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            result.Reason,
            Does.Contain(
                    "while the harness waited for the answer to `erase *`, the console showed what no step asked for: "
                )
                .And.Contain("unable to handle page fault")
        );
    }

    [Test]
    public async Task A_panic_that_an_oops_becomes_is_no_oops_that_was_survived()
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.ResetsByItself, "oops"));
        var result = await lab.RunAsync(Survived);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            result.Reason,
            Does.StartWith(
                "Crashing (boot 1): while the harness waited for the answer to `oops`, the guest reset by itself"
            )
        );
    }

    [Test]
    public async Task The_states_of_a_survived_crash_are_gone_through_in_order()
    {
        using var lab = new FakeLab(new FakeBoot());
        await lab.RunAsync(
            PlanBench.Case(
                PlanBench.Boot(),
                PlanBench.Crash("oops"),
                PlanBench.Crash(),
                PlanBench.Cold(),
                PlanBench.Expect(PlanBench.Records(Oops, PlanBench.Panic(2)))
            )
        );
        Assert.That(
            EvidenceJson
                .Read<CycleLog>(lab.Run.Case(Survived.Id).Cycle)!
                .Transitions.Select(transition => transition.State),
            Is.EqualTo([
                CycleState.Off,
                CycleState.Booting,
                CycleState.Ready,
                CycleState.Armed,
                CycleState.Crashing,
                CycleState.Committed,
                CycleState.Armed,
                CycleState.Crashing,
                CycleState.Committed,
                CycleState.Off,
                CycleState.Booting,
                CycleState.Ready,
                CycleState.Off,
            ])
        );
    }
}
