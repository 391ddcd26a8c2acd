using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Oracle;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>What kernels report of themselves while a case runs.</summary>
public class KernelDiagnosticsTests
{
    private const string Warning = "WARNING: CPU: 0 PID: 1 at fs/pstore/inode.c:333 pstore_mkfile+0x12/0x345";

    private CaseEvidence _case = null!;

    [SetUp]
    public void TakeARealCase() => _case = new CaseEvidence();

    [TearDown]
    public void PutItAway() => _case.Dispose();

    [TestCase(
        "------------[ cut here ]------------",
        Warning,
        "---[ end trace 0000000000000000 ]---",
        TestName = "{m}(WARN)"
    )]
    [TestCase("UBSAN: array-index-out-of-bounds in fs/pstore/ram_core.c:255:3", TestName = "{m}(UBSAN)")]
    [TestCase("BUG: KASAN: slab-out-of-bounds in persistent_ram_save_old+0x1/0x2 [ramoops]", TestName = "{m}(KASAN)")]
    [TestCase(
        "WARNING: possible circular locking dependency detected",
        "Call Trace:",
        " erst_write+0x1/0x2",
        TestName = "{m}(lockdep)"
    )]
    [TestCase(
        "rcu: INFO: rcu_preempt self-detected stall on CPU",
        "Call Trace:",
        " psz_kmsg_read+0x1/0x2",
        TestName = "{m}(RCU)"
    )]
    [TestCase(
        "INFO: task systemd-pstore:99 blocked for more than 120 seconds.",
        "Call Trace:",
        " pstore_unlink+0x1/0x2",
        TestName = "{m}(hung task)"
    )]
    [TestCase(
        "BUG: unable to handle page fault for address: 0",
        "RIP: 0010:efi_pstore_read+0x1/0x2",
        TestName = "{m}(oops)"
    )]
    public async Task A_report_with_a_function_of_pstore_fails_the_case(params string[] report)
    {
        Say(report);
        Assert.That(
            await _case.FaultAsync(),
            Does.StartWith("boot 2 reported \"").And.EndsWith("with a function of pstore or a backend in it")
        );
    }

    [Test]
    public async Task So_does_one_of_the_kernel_that_dies_while_it_writes()
    {
        _case.Console = _case.Console.Replace(
            "[    3.605353]  </TASK>",
            $"[    3.605353]  </TASK>\r\n[    3.605354] {Warning}\r\n[    3.605355] ---[ end trace 0 ]---"
        );
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Findings.Single(finding => finding.Layer == "console").Held, Is.False);
    }

    [Test]
    public async Task So_does_an_oops_of_the_writer_in_the_panic_that_was_asked_for()
    {
        _case.Console = _case.Console.Replace(
            "[    3.605353]  </TASK>",
            "[    3.605353]  </TASK>\r\n[    3.605354] BUG: kernel NULL pointer dereference, address: 0\r\n"
                + "[    3.605355] RIP: 0010:pstore_dump+0x1/0x2"
        );
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Findings.Single(finding => finding.Layer == "console").Held, Is.False);
    }

    [Test]
    public async Task A_warning_from_elsewhere_is_a_remark()
    {
        const string Elsewhere = "WARNING: CPU: 0 PID: 1 at mm/page_alloc.c:333 __alloc_pages+0x12/0x345";
        Say(Elsewhere, " ? pstore_dump+0x1/0x2", "---[ end trace 0000000000000000 ]---");
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        Assert.That(
            judgement.Findings.Select(finding => finding.Text),
            Does.Contain($"remark: boot 2 reported \"{Elsewhere}\", not in pstore")
        );
    }

    [Test]
    public async Task An_oops_from_elsewhere_that_nobody_asked_for_is_ours()
    {
        Say("BUG: kernel NULL pointer dereference, address: 0", "RIP: 0010:kmem_cache_alloc+0x1/0x2");
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(judgement.Reason, Does.EndWith("which no step asked for"));
    }

    [TestCase(2, Verdict.Passed)]
    [TestCase(1, Verdict.Infra)]
    public async Task As_many_oopses_are_asked_for_as_processors_that_oops(int times, Verdict verdict)
    {
        var crash = new CrashNumber(2);
        _case.Cpus = 2;
        _case.BeforeTheCrash =
        [
            new Mark(crash, "0123456789abcdef", 1),
            new Oops(crash, "lkdtm-bug", new AgentRequest.Trigger("lkdtm BUG", "all"), "---[ end trace")
            {
                Times = times,
            },
        ];
        const string Report =
            "[    3.400002] kernel BUG at drivers/misc/lkdtm/bugs.c:105!\r\n"
            + "[    3.400003] ---[ end trace 0000000000000000 ]---\r\n";
        int marker = _case.Console.IndexOf($"pstorelab: mark {CaseEvidence.Nonce}", StringComparison.Ordinal);
        int line = _case.Console.LastIndexOf('\n', marker) + 1;
        _case.Console = _case.Console.Insert(
            line,
            $"[    3.400001] pstorelab: mark 0123456789abcdef 1/1\r\n{Report}{Report}"
        );
        var judgement = await _case.JudgeAsync();
        Assert.That(
            judgement.Findings.Where(finding => finding.Layer == "console").Select(finding => finding.IsOurs),
            verdict == Verdict.Passed ? Is.Empty : Is.EqualTo([true])
        );
    }

    [Test]
    public async Task A_report_that_is_expected_is_none_too_many()
    {
        Say(Warning);
        _case.Expected = _case.Expected with { Console = ["fs/pstore/inode.c:333"] };
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
    }

    [Test]
    public async Task So_is_one_of_the_kernel_that_died_and_it_must_be_there()
    {
        _case.Expected = _case.Expected with { Reports = ["fs/pstore/inode.c:333"] };
        Assert.That(await _case.FaultAsync(), Is.EqualTo("no kernel reported \"fs/pstore/inode.c:333\""));
        _case.Console = _case.Console.Replace(
            "[    3.605353]  </TASK>",
            $"[    3.605353]  </TASK>\r\n[    3.606064] Kernel Offset: disabled\r\n[    3.707354] {Warning}\r\n"
        );
        Assert.That(
            (await _case.JudgeAsync()).Findings.Select(finding => finding.Text),
            Does.Contain($"boot 1 reported \"{Warning}\", as expected").And.None.StartsWith("no kernel reported")
        );
    }

    [TestCase("WARNING: CPU: 0 PID: 1 at mm/page_alloc.c:333 __alloc_pages+0x12/0x345", "mm/page_alloc.c:333", 1)]
    [TestCase(Warning, "fs/pstore/ram.c", 2)]
    public async Task A_report_that_is_expected_is_of_pstore_and_says_that(string line, string text, int faults)
    {
        Say(line);
        _case.Expected = _case.Expected with { Reports = [text] };
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            judgement.Findings.Where(finding => !finding.Held).Select(finding => finding.Text),
            Does.Contain($"no kernel reported \"{text}\"").And.Exactly(faults).Items
        );
    }

    [Test]
    public async Task A_capture_kernel_with_a_report_of_pstore_fails_the_case()
    {
        CaptureKernelSays(Warning);
        Assert.That(
            await _case.FaultAsync(),
            Is.EqualTo(
                $"the capture kernel of boot 1 reported \"{Warning}\", with a function of pstore or a backend in it"
            )
        );
    }

    [Test]
    public async Task One_that_dies_elsewhere_was_loaded_for_a_crash()
    {
        CaptureKernelSays("BUG: kernel NULL pointer dereference, address: 0", "RIP: 0010:kmem_cache_alloc+0x1/0x2");
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        Assert.That(judgement.Findings.Select(finding => finding.Layer), Does.Not.Contain("console"));
    }

    [Test]
    public async Task An_oops_is_not_asked_for_where_no_marker_line_shows_where_the_crash_begins()
    {
        _case.BeforeTheCrash = [new Mark(new CrashNumber(2), "0123456789abcdef", 1)];
        _case.Console = _case.Console.Insert(
            _case.Console.IndexOf("[    3.", StringComparison.Ordinal),
            "[    3.000000] BUG: kernel NULL pointer dereference, address: 0\r\n"
                + "[    3.000001] RIP: 0010:kmem_cache_alloc+0x1/0x2\r\n"
                + "[    3.000002] ---[ end trace 0000000000000000 ]---\r\n"
        );
        Assert.That(
            (await _case.JudgeAsync()).Findings.Single(finding => finding.Layer == "console"),
            Is.EqualTo(
                new Finding(
                    false,
                    "console",
                    "boot 1 reported \"BUG: kernel NULL pointer dereference, address: 0\", which no step asked for",
                    ""
                )
                {
                    IsOurs = true,
                }
            )
        );
    }

    [Test]
    public async Task An_oops_is_asked_for_from_the_first_line_on()
    {
        _case.Console = $"pstorelab: mark {CaseEvidence.Nonce} 1/8\r\n" + _case.Console;
        _case.Console = _case.Console.Insert(
            _case.Console.IndexOf("[    3.", StringComparison.Ordinal),
            "[    3.000000] BUG: kernel NULL pointer dereference, address: 0\r\n"
                + "[    3.000002] ---[ end trace 0000000000000000 ]---\r\n"
        );
        Assert.That((await _case.JudgeAsync()).Findings.Select(finding => finding.Layer), Does.Not.Contain("console"));
    }

    [Test]
    public async Task An_oops_whose_end_is_not_shown_goes_on_to_the_end()
    {
        var crash = new CrashNumber(2);
        _case.BeforeTheCrash =
        [
            new Mark(crash, "0123456789abcdef", 1),
            new Oops(crash, "lkdtm-bug", new AgentRequest.Trigger("lkdtm BUG"), "---[ end trace"),
        ];
        _case.Console = _case.Console.Insert(
            _case.Console.IndexOf("[    3.", StringComparison.Ordinal),
            "[    3.000000] pstorelab: mark 0123456789abcdef 1/1\r\n"
                + "[    3.000001] kernel BUG at drivers/misc/lkdtm/bugs.c:105!\r\n"
        );
        Assert.That((await _case.JudgeAsync()).Findings.Select(finding => finding.Layer), Does.Not.Contain("console"));
    }

    [TestCase(true, "boot 2 reported \"{0}\", as expected")]
    [TestCase(false, "boot 2 reported \"{0}\", with a function of pstore or a backend in it")]
    public async Task A_report_is_a_finding_of_the_console(bool named, string text)
    {
        Say(Warning);
        if (named)
            _case.Expected = _case.Expected with { Console = ["fs/pstore/inode.c:333"] };
        Assert.That(
            (await _case.JudgeAsync()).Findings,
            Does.Contain(new Finding(named, "console", string.Format(text, Warning), ""))
        );
    }

    [Test]
    public async Task So_is_a_remark()
    {
        const string Elsewhere = "WARNING: CPU: 0 PID: 1 at mm/page_alloc.c:333 __alloc_pages+0x12/0x345";
        Say(Elsewhere);
        Assert.That(
            (await _case.JudgeAsync()).Findings,
            Does.Contain(new Finding(true, "console", $"remark: boot 2 reported \"{Elsewhere}\", not in pstore", ""))
        );
    }

    [TestCase("pstorelab: mark 0123456789abcdef 1/8")]
    [TestCase("------------[ cut here ]------------")]
    [TestCase("WARNING: CPU: 0 PID: 1 at mm/slub.c:1 kfree+0x1/0x2")]
    public async Task A_report_ends_where_something_else_begins(string line)
    {
        Say("WARNING: CPU: 0 PID: 1 at mm/page_alloc.c:333 __alloc_pages+0x12/0x345", line);
        Assert.That((await ReportsAsync())[0].Lines, Has.Count.EqualTo(1));
    }

    [TestCase(118, true)]
    [TestCase(119, false)]
    public async Task A_report_without_an_end_has_120_lines(int between, bool inPstore)
    {
        Say([
            "WARNING: CPU: 0 PID: 1 at mm/page_alloc.c:333 __alloc_pages+0x12/0x345",
            .. Enumerable.Repeat(" kfree+0x1/0x2", between),
            " pstore_dump+0x1/0x2",
        ]);
        Assert.That((await ReportsAsync())[0].IsInPstore, Is.EqualTo(inPstore));
    }

    private async Task<KernelDiagnostic[]> ReportsAsync()
    {
        await _case.JudgeAsync();
        var plan = PlanFile.Read(_case.Folder.Plan);
        return
        [
            .. KernelDiagnostic.In(
                [.. ConsoleEntry.ParseAll(_case.ConsoleAfter)],
                MachineCatalogue.Get(plan.Machine).Architecture
            ),
        ];
    }

    private void CaptureKernelSays(params string[] lines)
    {
        _case.BootsCaptureKernel = true;
        var boot = _case.Folder.Boot(new BootNumber(1));
        Directory.CreateDirectory(boot.Root);
        File.WriteAllText(boot.CrashConsole, string.Concat(lines.Select(line => $"[    1.000000] {line}\r\n")));
    }

    private void Say(params string[] lines) =>
        _case.ConsoleAfter += string.Concat(lines.Select(line => $"[    1.000000] {line}\r\n"));
}
