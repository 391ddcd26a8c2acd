using PstoreLab.FakeQemu;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Plans;

namespace PstoreLab.Harness.Tests.Runs;

/// <summary>Whole cases with a guest whose capture kernel (crash kernel) boots.</summary>
[CancelAfter(120_000)]
public class CaptureKernelTests
{
    public static IEnumerable<TestCaseData<RestartStep>> BothRestarts =>
        [
            new TestCaseData<RestartStep>(PlanBench.Cold()).SetArgDisplayNames("cold"),
            new TestCaseData<RestartStep>(PlanBench.Warm()).SetArgDisplayNames("warm"),
        ];

    [TestCaseSource(nameof(BothRestarts))]
    public async Task A_crash_kernel_finds_the_dump_and_there_is_no_record(RestartStep restart)
    {
        using var lab = new FakeLab(new FakeBoot());
        var @case = Taken(restart);
        var result = await lab.RunAsync(@case);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
        Assert.That(result.Findings.Select(finding => finding.Layer), Does.Contain("vmcore"));
        Assert.That(lab.Boots, Is.EqualTo(2), "one attempt");
        var boot = lab.Run.Case(@case.Id).Boot(new BootNumber(1));
        Assert.That(
            File.ReadAllText(boot.CrashConsole),
            Does.Contain("elfcorehdr=").And.Not.Contain("pstorelab: mark")
        );
        Assert.That(
            File.ReadAllText(boot.Console),
            Does.Contain($"pstorelab: mark {result.Nonces[0]} 8/8").And.Not.Contain("elfcorehdr=")
        );
        Assert.That(VmcoreSnapshot.Read(boot.Vmcore)!.Size, Is.EqualTo(1000));
        Assert.That(
            EvidenceJson
                .Read<CycleLog>(lab.Run.Case(@case.Id).Cycle)!
                .Transitions.Select(transition => transition.State)
                .Take(7),
            Is.EqualTo([
                CycleState.Off,
                CycleState.Booting,
                CycleState.Ready,
                CycleState.Armed,
                CycleState.Crashing,
                CycleState.Dumping,
                CycleState.Committed,
            ])
        );
    }

    [Test]
    public async Task A_dump_with_another_nonce_fails()
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.DumpsAnotherCrash));
        var result = await lab.RunAsync(Taken(PlanBench.Cold()));
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            result.Reason,
            Does.EndWith(
                $"its kernel log lacks 8 of 8 marker lines with the nonce {result.Nonces[0]}, the first of them 1"
            )
        );
    }

    [TestCase(FakeFault.LosesTheCaptureKernel, "the agent of the capture kernel after `sysrq c`")]
    [TestCase(FakeFault.LosesTheDump, "the capture kernel's answer to `vmcore`")]
    public async Task A_crash_kernel_that_is_lost_fails_and_is_not_tried_again(FakeFault fault, string waited)
    {
        using var lab = new FakeLab(new FakeBoot(fault));
        var result = await lab.RunAsync(Taken(PlanBench.Cold()));
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            result.Reason,
            Does.Contain($"a capture kernel was loaded, and the guest reset while the harness waited for {waited}")
        );
        Assert.That(result.Attempts, Has.Count.EqualTo(1));
    }

    private static Case Taken(RestartStep restart) =>
        PlanBench.Case(
            PlanBench.Boot(options: BootOptions.None with { CaptureKernel = CaptureKernel.Loaded }),
            PlanBench.Crash(),
            restart,
            PlanBench.Expect(
                PlanBench.Records() with
                {
                    Vmcore = new ExpectedVmcore(VmcoreOutcome.Dumped, CrashNumber.Last),
                }
            )
        );
}
