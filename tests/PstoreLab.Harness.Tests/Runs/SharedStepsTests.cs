using PstoreLab.FakeQemu;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Plans;

namespace PstoreLab.Harness.Tests.Runs;

/// <summary>
/// Cells of a scenario that have their first steps in common: what is done once, what each has of it, and who must not
/// share.
/// </summary>
[CancelAfter(120_000)]
public class SharedStepsTests
{
    private static Case First { get; } = FakeLab.Cold with { Id = "cycle/record-whole/first" };

    private static Case Second { get; } = FakeLab.Cold with { Id = "cycle/record-whole/second" };

    private static Case Third { get; } = FakeLab.Cold with { Id = "cycle/record-whole/third" };

    private static Case Damaged { get; } =
        FakeLab.Cold with
        {
            Id = "cycle/record-whole/damaged",
            Steps =
            [
                PlanBench.Boot(),
                PlanBench.Crash(),
                PlanBench.Damage(new Truncate(1, 900)),
                PlanBench.Cold(),
                PlanBench.Expect(),
            ],
        };

    [Test]
    public async Task The_crash_that_all_have_is_made_once_and_each_has_its_evidence()
    {
        using var lab = new FakeLab(new FakeBoot());
        var results = await lab.RunAllAsync(First, Second, Third);
        Assert.That(results.Select(result => (result.Verdict, result.Reason)), Is.All.EqualTo((Verdict.Passed, "")));
        Assert.That(results.Select(result => result.Attempts.Count), Is.All.EqualTo(1));
        Assert.That(lab.Boots, Is.EqualTo(4), "one crash and three readers");
        Assert.That(results.Select(result => result.Nonces.Single()).Distinct().Count(), Is.EqualTo(1));
        Assert.That(Starts(lab, First), Is.Null);
        int step = PlanFile.Read(lab.Run.Case(First.Id).Plan).Boots[0].Steps.Count;
        foreach (var @case in (Case[])[Second, Third])
            Assert.That(Starts(lab, @case), Is.EqualTo(new StepOfCase(First.Id, step)));
        foreach (var result in results)
        {
            var folder = lab.Run.Case(result.Case);
            var cycle = EvidenceJson.Read<CycleLog>(folder.Cycle)!;
            Assert.That(cycle.Boots.Select(boot => boot.Number.Value), Is.EqualTo([1, 2]));
            Assert.That(cycle.Transitions.Select(transition => transition.At), Is.Ordered);
            Assert.That(
                cycle.Transitions.Select(transition => transition.State),
                Is.EqualTo([
                    CycleState.Off,
                    CycleState.Booting,
                    CycleState.Ready,
                    CycleState.Armed,
                    CycleState.Crashing,
                    CycleState.Committed,
                    CycleState.Off,
                    CycleState.Booting,
                    CycleState.Ready,
                    CycleState.Off,
                ])
            );
            Assert.That(Judge.Of(folder).Verdict, Is.EqualTo(Verdict.Passed), "from its folder alone");
            Assert.That(File.ReadAllText(folder.Boot(new BootNumber(1)).Console), Does.Contain(result.Nonces[0]));
            Assert.That(
                File.ReadAllBytes(folder.Store),
                Is.EqualTo(File.ReadAllBytes(folder.Boot(new BootNumber(1)).Store))
            );
        }
    }

    [Test]
    public async Task Which_case_goes_first_depends_on_nothing_but_the_list()
    {
        using var lab = new FakeLab(new FakeBoot());
        File.WriteAllText(Path.Combine(lab.Scratch, "durations.json"), $$"""{"{{First.Id}}": 1, "{{Third.Id}}": 9}""");
        var results = await lab.RunAllAsync(Second, First, Third);
        Assert.That(results.Select(result => result.Case), Is.EqualTo([Second.Id, First.Id, Third.Id]));
        Assert.That(
            ((Case[])[Second, First, Third]).Select(@case => Starts(lab, @case)?.Case),
            Is.EqualTo([null, Second.Id, Second.Id])
        );
    }

    [Test]
    public async Task Each_has_the_first_of_those_whose_steps_are_its_own()
    {
        using var lab = new FakeLab(new FakeBoot());
        var none = new Dictionary<string, string> { ["pstore.compress"] = "none" };
        Case[] cases =
        [
            First,
            Second with
            {
                Parameters = none,
            },
            Third,
            Third with
            {
                Id = "cycle/record-whole/fourth",
                Parameters = none,
            },
        ];
        var results = await lab.RunAllAsync(cases);
        Assert.That(results.Select(result => result.Verdict), Is.All.EqualTo(Verdict.Passed));
        Assert.That(cases.Select(@case => Starts(lab, @case)?.Case), Is.EqualTo([null, null, First.Id, Second.Id]));
        Assert.That(lab.Boots, Is.EqualTo(6));
    }

    [Test]
    public async Task Nobody_waits_for_the_images_of_one_behind_it_and_those_behind_do_not_wait_for_each_other()
    {
        using var lab = new FakeLab(new FakeBoot());
        var first = new TaskCompletionSource();
        var third = new TaskCompletionSource();
        int asked = 0;
        lab.Images = @case =>
            @case.Id != Second.Id ? Task.CompletedTask
            : Interlocked.Increment(ref asked) == 1 ? first.Task
            : third.Task;
        var results = await lab.RunAllAsync(
            result => (result.Case == First.Id ? first : third).TrySetResult(),
            First,
            Second,
            Third
        );
        Assert.That(results.Select(result => result.Verdict), Is.All.EqualTo(Verdict.Passed));
        Assert.That(lab.Boots, Is.EqualTo(4));
    }

    [Test]
    public async Task One_that_is_run_by_itself_starts_after_one_that_has_ended()
    {
        using var lab = new FakeLab(new FakeBoot());
        var runner = lab.CaseRunner;
        await runner.RunAsync(First, CancellationToken.None);
        await runner.RunAsync(Second, CancellationToken.None);
        Assert.That(Starts(lab, Second)?.Case, Is.EqualTo(First.Id));
        Assert.That(lab.Boots, Is.EqualTo(3));
    }

    [TestCase("cycle.json")]
    [TestCase("plan.json")]
    [TestCase("boot-1/store")]
    [TestCase("boot-1/console.log")]
    [TestCase("evidence.sha256")]
    [TestCase("")]
    public async Task Where_the_evidence_of_the_first_is_gone_the_next_carries_out_all_of_its_steps(string file)
    {
        using var lab = new FakeLab(new FakeBoot());
        var runner = lab.CaseRunner;
        await runner.RunAsync(First, CancellationToken.None);
        string gone = Path.Combine(lab.Run.Case(First.Id).Root, file);
        if (file.Length > 0)
            File.Delete(gone);
        else
            Directory.Delete(gone, recursive: true);
        var result = await runner.RunAsync(Second, CancellationToken.None);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
        Assert.That(result.Attempts, Has.Count.EqualTo(1));
        Assert.That(Starts(lab, Second), Is.Null);
        Assert.That(lab.Boots, Is.EqualTo(4));
    }

    [Test]
    public async Task What_a_capture_kernel_and_a_command_left_in_the_shared_steps_belongs_to_each()
    {
        using var lab = new FakeLab(new FakeBoot());
        var @case = First with
        {
            Steps =
            [
                PlanBench.Boot(options: BootOptions.None with { CaptureKernel = CaptureKernel.Loaded }),
                PlanBench.Expect(PlanBench.Records()),
                PlanBench.Crash(),
                PlanBench.Cold(),
                PlanBench.Expect(
                    PlanBench.Records() with
                    {
                        Vmcore = new ExpectedVmcore(VmcoreOutcome.Dumped, CrashNumber.Last),
                    }
                ),
            ],
        };
        var results = await lab.RunAllAsync(@case, @case with { Id = Second.Id });
        Assert.That(
            results.Select(result => (result.Verdict, result.Reason, result.Attempts.Count)),
            Is.All.EqualTo((Verdict.Passed, "", 1))
        );
        Assert.That(lab.Boots, Is.EqualTo(3));
        var folder = lab.Run.Case(Second.Id);
        Assert.That(VmcoreSnapshot.Read(folder.Boot(new BootNumber(1)).Vmcore), Is.Not.Null);
        Assert.That(Directory.Exists(folder.Records(new InspectionNumber(1))));
    }

    [Test]
    public async Task What_the_first_did_to_its_store_behind_them_is_no_part_of_the_shared_steps()
    {
        using var lab = new FakeLab(new FakeBoot());
        var results = await lab.RunAllAsync(
            Damaged,
            Damaged with
            {
                Id = Second.Id,
                Steps =
                [
                    .. Damaged.Steps.Select(step => step is DamageStep ? PlanBench.Damage(new Truncate(1, 0)) : step),
                ],
            }
        );
        Assert.That(Starts(lab, Second)?.Case, Is.EqualTo(Damaged.Id));
        byte[] Of(Case @case) => File.ReadAllBytes(lab.Run.Case(@case.Id).Boot(new BootNumber(1)).DamagedStore);
        Assert.That(Of(Second).SequenceEqual(Of(Damaged)), Is.False);
        Assert.That(results.Select(result => result.Attempts.Count), Is.All.EqualTo(1));
        Assert.That(lab.Boots, Is.EqualTo(3));
    }

    /// <summary>Runs of before named the other case there, and not in the plan.</summary>
    [Test]
    public async Task A_cycle_that_says_who_has_begun_it_is_judged()
    {
        using var lab = new FakeLab(new FakeBoot());
        await lab.RunAsync(First);
        var folder = lab.Run.Case(First.Id);
        string text = File.ReadAllText(folder.Cycle);
        File.WriteAllText(folder.Cycle, text.Replace("\"reason\": null,", "\"reason\": null, \"begunBy\": \"a/b/c\","));
        Assert.That(File.ReadAllText(folder.Cycle), Is.Not.EqualTo(text));
        await EvidenceSeal.WriteAsync(PlanFile.Read(folder.Plan), folder, CancellationToken.None);
        Assert.That(Judge.Of(folder).Verdict, Is.EqualTo(Verdict.Passed));
    }

    [Test]
    public async Task What_one_does_to_its_store_afterwards_is_not_seen_by_another()
    {
        using var lab = new FakeLab(new FakeBoot());
        var results = await lab.RunAllAsync(Damaged, First);
        Assert.That(
            results.Select(result => result.Verdict),
            Is.EqualTo([Verdict.Failed, Verdict.Passed]),
            results[1].Reason
        );
        Assert.That(lab.Boots, Is.EqualTo(3));
        Assert.That(File.Exists(lab.Run.Case(First.Id).Boot(new BootNumber(1)).DamagedStore), Is.False);
        Assert.That(
            File.ReadAllBytes(lab.Run.Case(Damaged.Id).Boot(new BootNumber(1)).DamagedStore),
            Is.Not.EqualTo(File.ReadAllBytes(lab.Run.Case(First.Id).Boot(new BootNumber(1)).Store))
        );
    }

    public static IEnumerable<TestCaseData<Case>> Independent =>
        [
            new TestCaseData<Case>(First.Repeated(2)).SetArgDisplayNames("a repetition"),
            new TestCaseData<Case>(
                Second with
                {
                    Source = Second.Source with { File = "scenarios/cycle/another.yaml" },
                }
            ).SetArgDisplayNames("another scenario"),
            new TestCaseData<Case>(
                Second with
                {
                    Parameters = new Dictionary<string, string> { ["pstore.compress"] = "none" },
                }
            ).SetArgDisplayNames("other parameters"),
            new TestCaseData<Case>(FakeLab.Warm with { Id = Second.Id }).SetArgDisplayNames(
                "one machine from first to last"
            ),
        ];

    [TestCaseSource(nameof(Independent))]
    public async Task What_is_to_be_independent_or_begins_otherwise_boots_by_itself(Case other)
    {
        using var lab = new FakeLab(new FakeBoot());
        var results = await lab.RunAllAsync(First, other);
        Assert.That(
            results.Select(result => result.Verdict),
            Is.All.EqualTo(Verdict.Passed),
            string.Join('\n', results.Select(result => result.Reason))
        );
        Assert.That(lab.Boots, Is.EqualTo(4));
        Assert.That(Starts(lab, First), Is.Null);
        Assert.That(Starts(lab, other), Is.Null);
    }

    [Test]
    public async Task Where_the_first_does_not_come_so_far_at_once_it_tries_again_alone_and_serves_the_others()
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.Dies), new FakeBoot());
        var results = await lab.RunAllAsync(First, Second);
        Assert.That(
            results.Select(result => (result.Verdict, result.Attempts.Count)),
            Is.EqualTo([(Verdict.Passed, 2), (Verdict.Passed, 1)]),
            string.Join('\n', results.Select(result => result.Reason))
        );
        Assert.That(Starts(lab, Second)?.Case, Is.EqualTo(First.Id));
        Assert.That(lab.Boots, Is.EqualTo(4), "the boot that failed, a case of two boots, and a reader");
    }

    [TestCase(FakeFault.Refuses, Verdict.Failed, 1)]
    [TestCase(FakeFault.Dies, Verdict.Infra, 3)]
    public async Task Where_the_first_never_comes_so_far_the_next_carries_out_all_of_its_steps(
        FakeFault fault,
        Verdict verdict,
        int attempts
    )
    {
        using var lab = new FakeLab([.. Enumerable.Repeat(new FakeBoot(fault), attempts), new FakeBoot()]);
        var results = await lab.RunAllAsync(First, Second);
        Assert.That(
            results.Select(result => (result.Verdict, result.Attempts.Count)),
            Is.EqualTo([(verdict, attempts), (Verdict.Passed, 1)]),
            string.Join('\n', results.Select(result => result.Reason))
        );
        Assert.That(Starts(lab, Second), Is.Null);
        Assert.That(lab.Boots, Is.EqualTo(attempts + 2));
    }

    [TestCase(FakeFault.Dies, Verdict.Passed, 2, 5, Description = "tried again, alone")]
    [TestCase(FakeFault.OopsesInPstore, Verdict.Failed, 1, 3)]
    public async Task Where_the_first_fails_later_the_shared_steps_still_serve_the_others(
        FakeFault fault,
        Verdict verdict,
        int attempts,
        int boots
    )
    {
        using var lab = new FakeLab(new FakeBoot(), new FakeBoot(fault), new FakeBoot());
        var results = await lab.RunAllAsync(First, Second);
        Assert.That(
            results.Select(result => (result.Verdict, result.Attempts.Count)),
            Is.EqualTo([(verdict, attempts), (Verdict.Passed, 1)]),
            string.Join('\n', results.Select(result => result.Reason))
        );
        Assert.That(Starts(lab, Second)?.Case, Is.EqualTo(First.Id));
        Assert.That(lab.Boots, Is.EqualTo(boots));
        foreach (var result in results)
            Assert.That(Judge.Of(lab.Run.Case(result.Case)).Verdict, Is.EqualTo(result.Verdict));
    }

    [Test]
    public async Task Where_one_that_started_behind_another_fails_its_boot_is_done_again_from_there()
    {
        using var lab = new FakeLab(
            new FakeBoot(),
            new FakeBoot(),
            new FakeBoot(FakeFault.ResetsByItself),
            new FakeBoot()
        );
        var results = await lab.RunAllAsync(First, Second);
        Assert.That(
            results.Select(result => (result.Verdict, result.Attempts.Count)),
            Is.EqualTo([(Verdict.Passed, 1), (Verdict.Passed, 2)])
        );
        Assert.That(Starts(lab, Second)?.Case, Is.EqualTo(First.Id), "of the first attempt, whose store it has");
        Assert.That(lab.Boots, Is.EqualTo(4));
    }

    [Test]
    public async Task One_that_is_tried_again_shares_nothing()
    {
        using var lab = new FakeLab(new FakeBoot(), new FakeBoot(), new FakeBoot(FakeFault.Dies), new FakeBoot());
        var results = await lab.RunAllAsync(First, Second);
        Assert.That(
            results.Select(result => (result.Verdict, result.Attempts.Count)),
            Is.EqualTo([(Verdict.Passed, 1), (Verdict.Passed, 2)])
        );
        Assert.That(Starts(lab, Second), Is.Null);
        Assert.That(lab.Boots, Is.EqualTo(5));
        Assert.That(results[1].Nonces, Is.Not.EqualTo(results[0].Nonces));
    }

    [Test]
    public void Fresh_boots_and_nonces_make_no_other_steps_and_the_kernel_of_the_reader_does_so_only_by_its_frontends()
    {
        using var scratch = new ScratchFolder();
        var @case = PlanBench.Case(
            "ramoops",
            PlanBench.Boot(),
            PlanBench.Crash(),
            PlanBench.Cold("debian-7.2"),
            PlanBench.Expect()
        );
        var images = PlanBench.Images(scratch);
        var frontends = new Dictionary<string, BootImage>(images.Kernels)
        {
            ["debian-7.2"] = PlanBench.Images(scratch, PlanBench.Config + "CONFIG_PSTORE_PMSG=y\n").Kernels[
                "debian-7.2"
            ],
        };
        Assert.That(KeyOf(images, "1", fresh: true), Is.EqualTo(KeyOf(images, "2", fresh: false)));
        Assert.That(
            KeyOf(images with { Kernels = frontends }, "1", fresh: false),
            Is.Not.EqualTo(KeyOf(images, "1", false))
        );

        string KeyOf(GuestImages images, string nonce, bool fresh) =>
            SharedSteps.Of(@case, Planner.Plan(@case, images, "tcg", () => nonce, freshBoots: fresh))!.Key;
    }

    private static StepOfCase? Starts(FakeLab lab, Case @case) =>
        PlanFile.Read(lab.Run.Case(@case.Id).Plan).StartsAfter;
}
