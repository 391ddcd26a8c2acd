using System.Collections.Concurrent;
using PstoreLab.FakeQemu;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Plans;
using PstoreLab.Harness.Tests.Processes;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Runs;

/// <summary>Whole cases with a fake QEMU: what each fault is called, whose it is, and what it leaves behind.</summary>
[CancelAfter(120_000)]
public class CaseRunnerTests
{
    private static Case TwoWarmCrashes { get; } =
        PlanBench.Case(
            PlanBench.Boot(),
            PlanBench.Crash(),
            PlanBench.Warm(),
            PlanBench.Crash(),
            PlanBench.Warm(),
            PlanBench.Expect(PlanBench.Records(PlanBench.Panic(1), PlanBench.Panic(2)))
        );

    public static IEnumerable<TestCaseData<Case>> BothRestarts =>
        [
            new TestCaseData<Case>(FakeLab.Cold).SetArgDisplayNames("cold"),
            new TestCaseData<Case>(FakeLab.Warm).SetArgDisplayNames("warm"),
        ];

    [TestCaseSource(nameof(BothRestarts))]
    public async Task A_record_that_comes_back_whole_passes(Case @case)
    {
        using var lab = new FakeLab(new FakeBoot());
        var result = await lab.RunAsync(@case);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
        Assert.That(result.Reason, Is.Empty);
        Assert.That(result.Attempts, Has.Count.EqualTo(1));
        Assert.That(result.Nonces, Has.Count.EqualTo(1));
        Assert.That(result.Findings[0].Text, Does.EndWith("whole to the last line, from the beginning of the log"));
        Assert.That(result.Findings[1].Text, Does.StartWith("/sys/fs/pstore is what the store holds: 1 file, "));
        Assert.That(lab.Boots, Is.EqualTo(2));
    }

    [TestCaseSource(nameof(BothRestarts))]
    public async Task A_record_without_its_newest_line_fails(Case @case)
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.LosesTheNewestLine));
        var result = await lab.RunAsync(@case);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(result.Reason, Does.Contain("the last 1 lines").And.Contain("Kernel Offset: disabled"));
        Assert.That(result.Attempts, Has.Count.EqualTo(1), "the product's failures are not tried again");
    }

    [TestCaseSource(nameof(BothRestarts))]
    public async Task A_record_that_never_comes_fails(Case @case)
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.LosesTheRecord));
        var result = await lab.RunAsync(@case);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            result.Reason,
            Does.Contain($"no dmesg record of crash 1 (nonce {result.Nonces[0]})").And.Contain("is empty")
        );
        Assert.That(lab.Boots, Is.EqualTo(2), "one attempt");
    }

    [Test]
    public async Task A_crash_that_nothing_was_expected_of_fails_when_it_leaves_a_record()
    {
        using var lab = new FakeLab(new FakeBoot());
        var result = await lab.RunAsync(
            FakeLab.Cold with
            {
                Steps = [.. FakeLab.Cold.Steps.SkipLast(1), PlanBench.Expect(PlanBench.Records())],
            }
        );
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(result.Reason, Does.Contain("a record nobody expected").And.Contain("(of crash 1)"));
    }

    [Test]
    public async Task A_crash_that_never_comes_to_its_end_is_the_fault_of_the_kernel()
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.HangsInPanic));
        var result = await lab.RunOutAsync(FakeLab.Cold, 5, "triggered crash ]---");
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            result.Reason,
            Does.StartWith("Crashing (boot 1): the kernel printed \"Kernel panic - not syncing\" and never reset")
                .And.Contain("60 s")
        );
        Assert.That(result.Attempts, Has.Count.EqualTo(1));
        Assert.That(Cycle(lab).Ending, Is.EqualTo(CycleEnding.Product));
    }

    [Test]
    public async Task A_kernel_that_was_told_to_crash_and_did_not_begin_to_is_no_fault_of_the_product()
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.IgnoresTheCrash));
        var result = await lab.RunOutAsync(FakeLab.Cold, 5, "8/8");
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(result.Reason, Does.StartWith("Crashing (boot 1): waited 60 s for the reset after `sysrq c`"));
    }

    [TestCase(
        FakeFault.HangsInBoot,
        2,
        "initmem) memory: 2796K",
        "Booting (boot 1): waited 90 s for the agent to come up; the console's last line was \"[    0.001003] Freeing"
    )]
    [TestCase(
        FakeFault.PrintsNothing,
        2,
        "",
        "Booting (boot 1): waited 90 s for the agent to come up; the console is empty"
    )]
    [TestCase(
        FakeFault.NeverDials,
        1,
        "",
        "Booting (boot 1): waited 90 s for QEMU to connect its channels; the console is empty"
    )]
    public async Task A_guest_that_is_stuck_before_it_has_come_to_pstore_is_infra_when_its_time_is_up(
        FakeFault fault,
        int limit,
        string last,
        string reason
    )
    {
        using var lab = new FakeLab(new FakeBoot(fault));
        var result = await lab.RunOutAsync(FakeLab.Cold, limit, last);
        AssertInfra(lab, result, reason);
    }

    [TestCase(
        FakeFault.EndsAtOnce,
        "Booting (boot 1): QEMU ended at once with exit code 1: qemu-system-x86_64: -device acpi-erst"
    )]
    [TestCase(
        FakeFault.EndsAfterDialling,
        "Booting (boot 1): QEMU ended at once with exit code 1: qemu: could not load kernel 'debian-6.1.vmlinux'"
    )]
    [TestCase(
        FakeFault.Dies,
        "Ready (boot 1): while the harness waited for the answer to `mount`, QEMU ended (exit code 137)"
    )]
    public async Task A_QEMU_that_fails_by_itself_is_infra(FakeFault fault, string reason)
    {
        using var lab = new FakeLab(new FakeBoot(fault));
        AssertInfra(lab, await lab.RunAsync(FakeLab.Cold), reason);
    }

    [TestCase(
        FakeFault.Refuses,
        "Ready (boot 1): the guest could not `mount`: mount: mounting pstore on /sys/fs/pstore failed: No such device"
    )]
    [TestCase(
        FakeFault.OopsesInPstore,
        "Ready (boot 1): while the harness waited for the answer to `mount`, the console showed what no "
            + "step asked for: [    0.003009] BUG: KASAN: slab-out-of-bounds in ramoops_pstore_read+0x1a/0x200 "
            + "[ramoops]"
    )]
    public async Task What_pstore_itself_does_fails_at_once(FakeFault fault, string reason)
    {
        using var lab = new FakeLab(new FakeBoot(fault), new FakeBoot());
        AssertFailed(lab, await lab.RunAsync(FakeLab.Cold), reason, attempts: 1);
        Assert.That(Cycle(lab).Fault!.InPstore, Is.EqualTo(fault == FakeFault.OopsesInPstore));
    }

    [TestCaseSource(nameof(BothRestarts))]
    public async Task A_kernel_that_oopses_at_the_backend_fails_when_it_does_so_twice(Case @case)
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.Oopses));
        AssertFailed(
            lab,
            await lab.RunAsync(@case),
            "Ready (boot 1): while the harness waited for the answer to `mount`, the console showed what no "
                + "step asked for: [    0.003009] BUG: unable to handle page fault",
            attempts: 2
        );
    }

    [TestCaseSource(nameof(BothRestarts))]
    public async Task A_kernel_that_resets_at_the_backend_fails_when_it_does_so_twice(Case @case)
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.ResetsByItself));
        AssertFailed(lab, await lab.RunAsync(@case), "the guest reset by itself", attempts: 2);
    }

    [Test]
    public async Task A_kernel_that_is_stuck_at_the_backend_fails_when_it_is_so_twice()
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.FallsSilent));
        AssertFailed(
            lab,
            await lab.RunOutAsync(FakeLab.Cold, 3, "as init process"),
            "Ready (boot 1): waited 45 s for the answer to `mount`; the console's last line was",
            attempts: 2
        );
    }

    [TestCase(FakeFault.Oopses)]
    [TestCase(FakeFault.ResetsByItself)]
    public async Task What_does_not_come_again_from_the_same_store_was_chance(FakeFault fault)
    {
        using var lab = new FakeLab(new FakeBoot(), new FakeBoot(fault), new FakeBoot());
        var result = await lab.RunAsync(FakeLab.Cold);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
        Assert.That(result.Attempts.Select(attempt => attempt.Verdict), Is.EqualTo([Verdict.Infra, Verdict.Passed]));
        Assert.That(result.Attempts[0].Reason, Does.EndWith("; it did not do so again from the same store"));
        Assert.That(lab.Boots, Is.EqualTo(3), "the crash was not made again");
        var (first, again) = (new CaseFolder(lab.Run.In(result.Attempts[0].Folder)), lab.Run.Case(result.Case));
        Assert.That(
            File.ReadAllBytes(again.Boot(new BootNumber(1)).Store),
            Is.EqualTo(File.ReadAllBytes(first.Boot(new BootNumber(1)).Store))
        );
        Assert.That(Judge.Of(again).Verdict, Is.EqualTo(Verdict.Passed), "from its folder alone");
    }

    [Test]
    public async Task Two_ends_that_differ_are_chance_both_and_the_case_is_done_from_the_ground_up()
    {
        using var lab = new FakeLab(
            new FakeBoot(),
            new FakeBoot(FakeFault.Oopses),
            new FakeBoot(FakeFault.ResetsByItself),
            new FakeBoot()
        );
        var result = await lab.RunAsync(FakeLab.Cold);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
        Assert.That(
            result.Attempts.Select(attempt => attempt.Verdict),
            Is.EqualTo([Verdict.Infra, Verdict.Infra, Verdict.Passed])
        );
        Assert.That(lab.Boots, Is.EqualTo(5));
    }

    [Test]
    public async Task A_kernel_that_does_not_boot_over_the_store_of_a_crash_fails_when_it_does_not_twice()
    {
        using var lab = new FakeLab(new FakeBoot(), new FakeBoot(FakeFault.HangsInBoot));
        AssertFailed(
            lab,
            await lab.RunOutAsync(FakeLab.Cold, 8, "initmem) memory: 2796K", boot: 2, again: 2),
            "Booting (boot 2): waited 90 s for the agent to come up",
            attempts: 2
        );
        Assert.That(lab.Boots, Is.EqualTo(3), "the crash was not made again");
    }

    [Test]
    public async Task A_console_that_never_ends_is_cut_and_told()
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.Floods), new FakeBoot());
        var result = await lab.RunAsync(FakeLab.Cold);
        Assert.That(result.Attempts[0].Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(
            result.Attempts[0].Reason,
            Does.Contain("the console printed more than 32 MiB").And.Length.LessThan(1000)
        );
        Assert.That(
            new FileInfo(lab.Run.In(result.Attempts[0].Folder + "/boot-1/console.log")).Length,
            Is.LessThan(33 << 20)
        );
    }

    [TestCase(FakeFault.Floods, "sysrq", Description = "in a state in which nobody waits for it")]
    [TestCase(FakeFault.FloodsAndAnswers, "records", Description = "behind the last wait")]
    public async Task A_console_that_was_cut_is_never_the_fault_of_the_kernel(FakeFault fault, string at)
    {
        using var lab = new FakeLab(
            new FakeBoot(fault, at == "sysrq" ? at : "none"),
            new FakeBoot(at == "records" ? fault : FakeFault.None, at),
            new FakeBoot()
        );
        var result = await lab.RunAsync(FakeLab.Cold);
        Assert.That(result.Attempts[0].Verdict, Is.EqualTo(Verdict.Infra), result.Attempts[0].Reason);
        Assert.That(
            result.Attempts[0].Reason,
            Does.Contain("the console printed more than 32 MiB").And.Contain("boot-")
        );
    }

    [Test]
    public async Task An_answer_without_an_end_is_the_fault_of_the_guest()
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.AnswersWithoutEnd), new FakeBoot());
        AssertFailed(
            lab,
            await lab.RunAsync(FakeLab.Cold),
            "Ready (boot 1): the guest's answer to `mount` is longer than 64 MiB and was not taken",
            attempts: 1
        );
        Assert.That(
            new FileInfo(lab.Run.Case(FakeLab.Cold.Id).Boot(new BootNumber(1)).Agent).Length,
            Is.LessThan(129 << 20)
        );
    }

    [Test]
    public async Task The_words_of_a_QEMU_that_fails_are_told_in_short()
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.EndsWithManyWords));
        var result = await lab.RunAsync(FakeLab.Cold);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(result.Reason, Does.Contain("QEMU ended at once with exit code 1: ").And.Length.LessThan(5 << 10));
        Assert.That(
            new FileInfo(lab.Run.Case(FakeLab.Cold.Id).Boot(new BootNumber(1)).Qemu).Length,
            Is.LessThan(5 << 20)
        );
    }

    [Test]
    public async Task A_QEMU_that_is_given_up_does_not_live_on()
    {
        // The lab itself looks for what was left behind.
        using var lab = new FakeLab(new FakeBoot(FakeFault.LeavesTheMonitor));
        var result = await lab.RunOutAsync(FakeLab.Cold, 1, "the monitor is left");
        AssertInfra(
            lab,
            result,
            "Booting (boot 1): waited 90 s for QEMU to connect its channels; the console is empty"
        );
    }

    [Test]
    public async Task No_exception_of_a_guest_that_has_ended_is_left_to_the_garbage_collector()
    {
        var unobserved = new ConcurrentBag<Exception>();
        EventHandler<UnobservedTaskExceptionEventArgs> keep = (_, fault) => unobserved.Add(fault.Exception);
        TaskScheduler.UnobservedTaskException += keep;
        try
        {
            using (var lab = new FakeLab(new FakeBoot()))
                await lab.RunAsync(FakeLab.Cold);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.That(unobserved.SelectMany(all => ((AggregateException)all).InnerExceptions), Is.Empty);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= keep;
        }
    }

    [Test]
    public async Task Another_kernel_than_the_one_that_was_asked_for_is_infra()
    {
        using var lab = new FakeLab(new FakeBoot { Release = "6.1.0-49-amd64" });
        AssertInfra(
            lab,
            await lab.RunAsync(FakeLab.Cold),
            "boot 1 runs 6.1.0-49-amd64 where debian-6.1 is 6.1.0-50-amd64"
        );
    }

    [TestCase(FakeFault.GarblesTheAnswer, "mount")]
    [TestCase(FakeFault.GarblesTheAnswer, "mark")]
    [TestCase(FakeFault.MishearsTheRequest, "mount")]
    [TestCase(FakeFault.MishearsTheRequest, "records")]
    public async Task A_damaged_message_is_asked_for_again(FakeFault fault, string at)
    {
        using var lab = new FakeLab(new FakeBoot(fault, at));
        var result = await lab.RunAsync(FakeLab.Cold);
        Assert.That(result.Attempts, Has.Count.EqualTo(1), result.Reason);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
    }

    [TestCase(FakeFault.ResetsTwice)]
    [TestCase(FakeFault.LeavesALineOpen)]
    [TestCase(FakeFault.None)]
    public async Task Warm_restarts_in_a_row_are_told_apart(FakeFault fault)
    {
        using var lab = new FakeLab(new FakeBoot(fault));
        var result = await lab.RunAsync(TwoWarmCrashes);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
        Assert.That(lab.Boots, Is.EqualTo(3), "one attempt, one machine");
        for (var boot = 1; boot <= 3; boot++)
        {
            var console = File.ReadAllText(lab.Run.Case(TwoWarmCrashes.Id).Boot(new BootNumber(boot)).Console);
            Assert.That(console, Does.StartWith("[    0.000000] Linux version"));
            Assert.That(console.Split("Linux version"), Has.Length.EqualTo(2), $"boot {boot} has lines of another");
        }
    }

    [Test]
    public async Task A_store_is_kept_before_the_next_boot_of_the_same_machine_has_touched_it()
    {
        using var lab = new FakeLab(new FakeBoot(), new FakeBoot(FakeFault.ErasesTheStoreFirst));
        await lab.RunAsync(FakeLab.Warm);
        var folder = lab.Run.Case(FakeLab.Warm.Id);
        Assert.That(Live(folder.Boot(new BootNumber(1)).Store), Is.EqualTo(1));
        Assert.That(Live(folder.Store), Is.Zero, "the next boot has erased it");
    }

    [Test]
    public async Task A_store_is_kept_before_a_machine_that_has_outlived_its_reset_has_touched_it()
    {
        using var lab = new FakeLab(new FakeBoot(), new FakeBoot(), new FakeBoot(FakeFault.ErasesTheStoreFirst));
        Step[] steps =
        [
            .. FakeLab.Warm.Steps,
            PlanBench.Crash(),
            PlanBench.Cold(),
            PlanBench.Expect(PlanBench.Records(PlanBench.Panic(1), PlanBench.Panic(2))),
        ];
        var result = await lab.RunAsync(FakeLab.Warm with { Steps = steps });
        Assert.That(Live(lab.Run.Case(FakeLab.Warm.Id).Boot(new BootNumber(2)).Store), Is.EqualTo(2), result.Reason);
    }

    [Test]
    public async Task A_power_cut_behind_a_warm_boot_cuts_that_boot_and_not_the_next()
    {
        using var lab = new FakeLab(new FakeBoot(), new FakeBoot(), new FakeBoot(FakeFault.ErasesTheStoreFirst));
        // The guest is done long before.
        int seed = Enumerable.Range(0, 10_000).First(seed => CutPoint.Draw(seed, 2).Microseconds > 200_000);
        var cut = new PowerCutStep(PlanBench.Line(12), null, "sysrq-c", 4, seed);
        var result = await lab.RunAsync(
            PlanBench.Case(
                PlanBench.Boot(),
                PlanBench.Crash(),
                PlanBench.Warm(),
                cut,
                PlanBench.Cold(),
                PlanBench.Expect(PlanBench.Records(PlanBench.Panic(1), PlanBench.Panic(2)))
            )
        );
        Assert.That(Live(lab.Run.Case(FakeLab.Warm.Id).Boot(new BootNumber(2)).Store), Is.EqualTo(2), result.Reason);
    }

    [Test]
    public async Task A_retry_that_passes_is_shown_beside_what_was_wrong_before()
    {
        using var lab = new FakeLab(new FakeBoot(FakeFault.Dies), new FakeBoot());
        var result = await lab.RunAsync(FakeLab.Cold);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
        Assert.That(result.Attempts.Select(attempt => attempt.Verdict), Is.EqualTo([Verdict.Infra, Verdict.Passed]));
        Assert.That(result.Attempts[0].Folder, Is.EqualTo("cases/cycle/record-whole/erst.attempt-1"));
        Assert.That(result.Attempts[1].Folder, Is.EqualTo(result.Folder).And.EqualTo("cases/cycle/record-whole/erst"));
    }

    [Test]
    public async Task A_passed_case_leaves_all_its_evidence()
    {
        using var lab = new FakeLab(new FakeBoot());
        await lab.RunAsync(FakeLab.Cold);
        var folder = lab.Run.Case(FakeLab.Cold.Id);
        string[] files = Directory.GetFiles(folder.Root, "*", SearchOption.AllDirectories);
        Assert.That(
            files.Select(file => Path.GetRelativePath(folder.Root, file)),
            Is.EquivalentTo([
                "plan.json",
                "cycle.json",
                "verdict.json",
                "evidence.sha256",
                "repro.sh",
                "store",
                "store.before",
                "debian-6.1.vmlinux",
                "debian-6.1.initramfs",
                "boot-1/console.log",
                "boot-1/agent.log",
                "boot-1/qmp.log",
                "boot-1/qemu.log",
                "boot-1/command.txt",
                "boot-1/store",
                "boot-2/console.log",
                "boot-2/agent.log",
                "boot-2/qmp.log",
                "boot-2/qemu.log",
                "boot-2/command.txt",
                "records-1/dmesg-erst-7710738641726734337",
            ])
        );
        Assert.That(File.ReadAllBytes(folder.StoreBefore), Is.All.Zero);
        Assert.That(
            File.ReadAllBytes(folder.Boot(new BootNumber(1)).Store),
            Is.EqualTo(File.ReadAllBytes(folder.Store))
        );
    }

    [Test]
    public async Task The_states_of_a_cold_cycle_are_gone_through_in_order()
    {
        using var lab = new FakeLab(new FakeBoot());
        await lab.RunAsync(FakeLab.Cold);
        Assert.That(
            Cycle(lab).Transitions.Select(transition => transition.State),
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
    }

    [TestCase(FakeFault.HangsInBoot)]
    [TestCase(FakeFault.NeverDials)]
    [TestCase(FakeFault.IgnoresTheCrash)]
    public async Task A_cancelled_case_leaves_no_process(FakeFault fault)
    {
        using var lab = new FakeLab(new FakeBoot(fault));
        using var cancellation = new CancellationTokenSource();
        var running = lab.CaseRunner.RunAsync(FakeLab.Cold, cancellation.Token);
        await Eventually.Holds("the guest's start", () => File.Exists(Path.Combine(lab.Scratch, "boots")));
        await cancellation.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => running);
    }

    [Test]
    public async Task A_healthy_restart_leaves_no_record()
    {
        using var lab = new FakeLab(new FakeBoot());
        var none = PlanBench.Expect(PlanBench.Records());
        foreach (var restart in new[] { PlanBench.Warm(), PlanBench.Cold() })
        {
            var @case = PlanBench.Case(PlanBench.Boot(), PlanBench.Crash("none"), restart, none);
            var result = await lab.RunAsync(@case with { Id = $"cycle/{restart.Kind}" });
            Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
        }
    }

    [Test]
    public async Task A_power_cut_before_the_record_is_written_leaves_none()
    {
        using var lab = new FakeLab(new FakeBoot());
        var cut = new PowerCutStep(PlanBench.Line(12), null, "none", 4);
        var result = await lab.RunAsync(
            PlanBench.Case(PlanBench.Boot(), cut, PlanBench.Cold(), PlanBench.Expect(PlanBench.Records()))
        );
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
    }

    [Test]
    public async Task A_crash_may_be_the_last_step()
    {
        using var lab = new FakeLab(new FakeBoot());
        var result = await lab.RunAsync(
            PlanBench.Case(PlanBench.Boot(), PlanBench.Expect(PlanBench.Records()), PlanBench.Crash())
        );
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
    }

    private static int Live(string store) =>
        StoreFormats
            .Get(StoreKind.Erst)
            .Decode(File.ReadAllBytes(store), StoreOptions.None)
            .Records.Count(record => record.State == RecordState.Live);

    private static CycleLog Cycle(FakeLab lab) => EvidenceJson.Read<CycleLog>(lab.Run.Case(FakeLab.Cold.Id).Cycle)!;

    private static void AssertFailed(FakeLab lab, CaseResult result, string reason, int attempts)
    {
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Failed), result.Reason);
        Assert.That(result.Reason, Does.Contain(reason).And.Contain("/boot-").And.Contain("the console"));
        Assert.That(
            result.Attempts.Select(attempt => attempt.Verdict),
            Is.EqualTo(Enumerable.Repeat(Verdict.Failed, attempts))
        );
        Assert.That(result.Attempts.Select(attempt => attempt.Folder), Is.Unique);
        Assert.That(Cycle(lab).Ending, Is.EqualTo(CycleEnding.Product));
    }

    private static void AssertInfra(FakeLab lab, CaseResult result, string reason)
    {
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Infra), result.Reason);
        Assert.That(result.Reason, Does.Contain(reason).And.Contain("boot-1").And.Contain("the console"));
        Assert.That(
            result.Attempts.Select(attempt => attempt.Verdict),
            Is.EqualTo([Verdict.Infra, Verdict.Infra, Verdict.Infra])
        );
        foreach (var attempt in result.Attempts)
            Assert.That(
                File.Exists(lab.Run.In(attempt.Folder + "/boot-1/console.log")) || attempt.Reason.Contains("is empty"),
                attempt.Folder
            );
        Assert.That(result.Attempts.Select(attempt => attempt.Folder), Is.Unique);
    }
}
