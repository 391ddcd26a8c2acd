using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
using PstoreLab.Records;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>Records of real machines, by the log of their serial consoles.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class FieldJudgeTests
{
    private static readonly string[] Log =
    [
        "<5>[    0.000000] Linux version 6.6.30-rockchip (builder@board) #1 SMP",
        .. Enumerable.Range(1, 40).Select(line => $"<6>[    1.{line:000000}] driver {line}: probed"),
        "<4>[    9.000001] board: a regulator is late",
        "<0>[    9.100000] Kernel panic - not syncing: sysrq triggered crash",
        "<4>[    9.100100] CPU: 0 PID: 1 Comm: sh",
    ];

    private const string AfterTheDump =
        "[    9.100200] ---[ end Kernel panic - not syncing: sysrq triggered crash ]---\n";

    [TestCase("")]
    [TestCase("[2026-11-30 12:00:01.123] ")]
    [TestCase("2026-11-30T12:00:01.123456Z ")]
    [TestCase("Nov 30 12:00:01 ")]
    [TestCase("12:00:01 ")]
    [TestCase("[1234.567890 0.000123] ")]
    public void A_whole_record_passes_with_whatever_a_logger_put_before_the_lines(string prefix)
    {
        string console = "\x1b[2JU-Boot 2026.01\n" + Console(Log) + AfterTheDump + "U-Boot 2026.01\n";
        string logged = string.Concat(console.Split('\n')[..^1].Select(line => $"{prefix}\x1b[0m{line}\r\n"));
        var finding = Judge(logged, Dump(Log[20..])).Single();
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Passed), string.Join("; ", finding.Texts));
        Assert.That(finding.Dump, Is.EqualTo("Panic#1 of efi_pstore"));
        Assert.That(finding.Texts[0], Does.StartWith("whole: 24 lines from [1.000020] to [9.100100], 24 of them"));
    }

    [Test]
    public void Lines_that_the_record_lacks_at_its_end_are_named()
    {
        var finding = Judge(Console(Log) + AfterTheDump, Dump(Log[20..^2])).Single();
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(finding.Texts[0], Does.StartWith("the last 2 lines ").And.Contain("CPU: 0 PID: 1 Comm: sh"));
    }

    [Test]
    public void A_line_that_the_record_lacks_in_its_middle_is_named_where_nobody_else_writes()
    {
        var finding = Judge(Console(Log), Dump([.. Log[20..30], .. Log[31..]])).Single();
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(finding.Texts[0], Does.Contain("driver 30: probed"));
    }

    [Test]
    public void Where_programs_write_too_it_may_be_theirs()
    {
        string console = Console(Log).Replace("[    9.000001]", "login: \n[    9.000001]", StringComparison.Ordinal);
        var finding = Judge(console, Dump([.. Log[20..30], .. Log[31..]])).Single();
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(finding.Texts[0], Does.Contain("driver 30: probed"));
        Assert.That(Judge(console, Dump(Log[20..])).Single().Verdict, Is.EqualTo(Verdict.Passed));
    }

    [Test]
    public void A_quiet_console_shows_less_than_the_record_has()
    {
        // quiet: only warnings and worse, until the panic.
        string console = Console([.. Log.Where(line => line[1] < '5')]);
        var finding = Judge(console, Dump(Log[20..])).Single();
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Passed), string.Join("; ", finding.Texts));
        Assert.That(finding.Texts[0], Does.Contain("24 lines").And.Contain(" 3 of them on the console"));
        var lost = Judge(console, Dump([.. Log[20..^3], .. Log[^2..]])).Single();
        Assert.That(lost.Verdict, Is.EqualTo(Verdict.Failed), "a warning is missing");
        Assert.That(lost.Texts[0], Does.Contain("a regulator is late"));
    }

    [Test]
    public void Of_several_boots_the_right_one_is_found()
    {
        string[] other = [.. Log.Select(line => line.Replace("driver", "module", StringComparison.Ordinal))];
        string console = Console(other) + AfterTheDump + Console(Log) + AfterTheDump;
        Assert.That(Judge(console, Dump(Log[20..])).Single().Verdict, Is.EqualTo(Verdict.Passed));
        var both = Judge(console, Dump(other[20..]));
        Assert.That(both.Select(finding => finding.Verdict), Is.EqualTo(new[] { Verdict.Passed, Verdict.Failed }));
        Assert.That(
            both[1].Texts[0],
            Does.Contain("Kernel panic - not syncing: sysrq triggered crash").And.EndWith("no record is of that boot")
        );
    }

    [Test]
    public void A_record_of_no_boot_of_the_console_is_not_judged()
    {
        string[] other = [.. Log.Select(line => line.Replace('1', '7'))];
        var findings = Judge(Console(Log[..^3]), Dump(other[20..]));
        Assert.That(findings.Single().Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(findings[0].Texts[0], Does.StartWith("the console has no boot that it is of"));
    }

    [Test]
    public void A_logger_that_ended_before_the_kernel_blames_nobody()
    {
        var finding = Judge(Console(Log[..^3]), Dump(Log[20..])).Single();
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(
            finding.Texts,
            Is.EqualTo(["the console ends with \"driver 40: probed\", and the record has 3 more lines"])
        );
        var lost = Judge(Console(Log[..^3]), Dump([.. Log[20..30], .. Log[31..]])).Single();
        Assert.That(lost.Verdict, Is.EqualTo(Verdict.Failed), "what it shows must be there all the same");
    }

    // Both lack the end: nobody can say that nothing is missing.
    [Test]
    public void A_dump_of_a_panic_without_one_on_the_console_is_not_whole()
    {
        var finding = Judge(Console(Log[..^3]), Dump(Log[20..^3])).Single();
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(finding.Texts, Is.EqualTo(["the console of that boot shows no panic: it may end too early"]));
    }

    [Test]
    public void A_dump_of_an_oops_without_its_end_on_the_console_is_not_whole()
    {
        var finding = Judge(Console(Log[..^2]), Dump(Log[20..^3], "Oops")).Single();
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(finding.Texts, Is.EqualTo(["the console does not show the end of that oops"]));
    }

    [Test]
    public void Of_another_reason_nothing_on_the_console_says_where_it_is_dumped()
    {
        Assert.That(
            Judge(Console(Log[..^2]), Dump(Log[20..^2], "Shutdown")).Single().Verdict,
            Is.EqualTo(Verdict.Passed)
        );
        var finding = Judge(Console(Log[..^2]), Dump(Log[20..^4], "Shutdown")).Single();
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(finding.Texts[0], Does.StartWith("the console goes on behind it"));
    }

    [Test]
    public void A_log_without_times_is_compared_by_its_lines()
    {
        string[] timeless = [.. Log.Select(line => line[..3] + line[18..])];
        string console = Console(timeless) + "---[ end Kernel panic - not syncing: sysrq triggered crash ]---\n";
        var finding = Judge(console, Dump(timeless[20..])).Single();
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Passed), string.Join("; ", finding.Texts));
        Assert.That(finding.Texts[0], Does.StartWith("whole: 24 lines, 24 of them on the console"));
        Assert.That(Judge(console, Dump(timeless[20..^1])).Single().Verdict, Is.EqualTo(Verdict.Failed));
    }

    [Test]
    public void A_logger_that_was_started_late_shows_what_the_record_must_have()
    {
        var finding = Judge(Console(Log[25..]) + AfterTheDump, Dump(Log[20..])).Single();
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Passed), string.Join("; ", finding.Texts));
        Assert.That(finding.Texts[0], Does.Contain("24 lines").And.Contain("19 of them on the console"));
        var lost = Judge(Console(Log[25..]) + AfterTheDump, Dump([.. Log[20..30], .. Log[31..]])).Single();
        Assert.That(lost.Verdict, Is.EqualTo(Verdict.Failed));
    }

    [TestCase("")]
    [TestCase("U-Boot 2026.01\nlogin: root\n")]
    public void A_console_that_cannot_be_read_blames_nobody(string console)
    {
        var finding = Judge(console, Dump(Log)).Single();
        Assert.That((finding.Verdict, finding.Dump), Is.EqualTo((Verdict.Infra, "the console")));
        Assert.That(finding.Texts[0], Does.Contain("no line with a time of the kernel's"));
    }

    [Test]
    public void A_panic_without_a_record_is_a_failure()
    {
        var finding = FieldJudge.Judge(Console(Log), []).Single();
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(FieldJudge.Judge(Console(Log[..^2]), []), Is.Empty);
    }

    [Test]
    public void Missing_parts_are_named_and_what_is_there_is_compared()
    {
        var dump = Reassembly.Assemble([
            Part(1, "Panic#1 Part1\n" + string.Join('\n', Log[30..]) + "\n"),
            Part(3, "Panic#1 Part3\n" + string.Join('\n', Log[5..15]) + "\n"),
        ]);
        var finding = FieldJudge.Judge(Console(Log), dump).Single();
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(finding.Texts, Is.EqualTo(new[] { "part 2 missing" }));
    }

    [Test]
    public void An_oops_ends_at_its_end_marker_and_the_kernel_goes_on()
    {
        string[] log =
        [
            .. Log[..30],
            "<1>[    5.000000] BUG: kernel NULL pointer dereference, address: 0000000000000000",
            "<4>[    5.000100] ---[ end trace 0000000000000000 ]---",
            .. Log[30..^2],
        ];
        Assert.That(Judge(Console(log), Dump(log[20..32], "Oops")).Single().Verdict, Is.EqualTo(Verdict.Passed));
        var cut = Judge(Console(log), Dump(log[20..31], "Oops")).Single();
        Assert.That(cut.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(cut.Texts[0], Does.Contain("the last 1 lines").And.Contain("end trace"));
    }

    // A part that is not looked at could lack any line.
    [Test]
    public void All_parts_are_compared()
    {
        IReadOnlyList<Dump> Of(params string[] second) =>
            Reassembly.Assemble([
                Part(1, "Panic#1 Part1\n" + string.Join('\n', Log[30..]) + "\n"),
                Part(2, "Panic#1 Part2\n" + string.Join('\n', second) + "\n"),
                Part(3, "Panic#1 Part3\n" + string.Join('\n', Log[5..15]) + "\n"),
            ]);
        Assert.That(FieldJudge.Judge(Console(Log), Of(Log[15..30])).Single().Verdict, Is.EqualTo(Verdict.Passed));
        var finding = FieldJudge.Judge(Console(Log), Of([.. Log[15..20], .. Log[21..30]])).Single();
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(finding.Texts.Single(), Does.Contain("driver 20: probed"));
    }

    [Test]
    public void Two_records_of_one_panic_are_both_of_it()
    {
        IReadOnlyList<Dump> both = [.. Dump(Log[20..]), .. Dump(Log[25..])];
        Assert.That(
            Judge(Console(Log) + AfterTheDump, both).Select(finding => finding.Verdict),
            Is.EqualTo(new[] { Verdict.Passed, Verdict.Passed })
        );
    }

    // They say what machine it is, and not which boot.
    [Test]
    public void Lines_of_time_zero_make_no_boot()
    {
        string[] early = [.. Enumerable.Range(1, 30).Select(line => $"<6>[    0.000000] BIOS-e820: range {line}")];
        string[] other = [.. Log[1..].Select(line => line.Replace("00", "17", StringComparison.Ordinal))];
        string[] console = [Log[0], .. early, .. Log[1..]];
        var finding = Judge(Console(console), Dump([.. early, .. other]))[0];
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Infra), string.Join("; ", finding.Texts));
        Assert.That(finding.Texts[0], Does.StartWith("the console has no boot that it is of"));
        Assert.That(Judge(Console(console), Dump(console[1..]))[0].Verdict, Is.EqualTo(Verdict.Passed));
    }

    [Test]
    public void A_dump_without_a_line_is_none()
    {
        var finding = FieldJudge.Judge(Console(Log), Reassembly.Assemble([Part(1, "Panic#1 Part1\n\n\n")]))[0];
        Assert.That(
            (finding.Verdict, finding.Texts[0]),
            Is.EqualTo((Verdict.Failed, "there is no line in it that can be read"))
        );
    }

    [Test]
    public void What_the_record_lacks_before_the_first_common_line_is_named()
    {
        // It begins earlier, by a line that the console does not show, and lacks those between.
        string[] record = ["<7>[    1.000002] a debugging line of which the console shows none", .. Log[20..]];
        var finding = Judge(Console(Log) + AfterTheDump, Dump(record)).Single();
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(
            finding.Texts[0],
            Does.StartWith("the console has ").And.EndWith("and the record, which begins earlier, does not")
        );
        string shared = Console(Log).Replace("[    9.000001]", "login: \n[    9.000001]", StringComparison.Ordinal);
        Assert.That(Judge(shared, Dump(record)).Single().Verdict, Is.EqualTo(Verdict.Infra));
    }

    [TestCase(4, true)]
    [TestCase(3, false)]
    public void What_most_lines_begin_with_is_a_loggers(int prefixed, bool taken)
    {
        string log = string.Concat(
            Enumerable.Range(1, 5).Select(line => (line <= prefixed ? "12:00:01 " : "") + $"line {line}\n\n")
        );
        Assert.That(SerialLog.Cleaned(log).Contains("12:00:01", StringComparison.Ordinal), Is.EqualTo(!taken));
        Assert.That(SerialLog.Cleaned(log), Does.Contain("line 5"));
    }

    [TestCase("[    0.000000] Linux version 6.6.30 (builder@board) #1 SMP")]
    [TestCase("[    0.000000][    T0] Linux version 6.6.30 (builder@board) #1 SMP")]
    [TestCase(
        "[    0.000000] Linux version 6.1.0-50-amd64 (a@b) (gcc) #1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-01-01)"
    )]
    public void A_boot_begins_with_its_banner(string banner)
    {
        var boots = SerialLog.Boots($"{banner}\n[    1.000000] one\n{banner}\n[    1.000000] two\n");
        Assert.That(boots, Has.Count.EqualTo(2));
        Assert.That(boots[1].Text, Does.Contain("two").And.Not.Contain("one"));
        Assert.That(boots, Is.All.Matches<BootConsole>(boot => boot is { IsShared: true, Cpus: > 1 }));
    }

    private static string Console(IEnumerable<string> log) => string.Concat(log.Select(line => line[3..] + "\n"));

    private static DumpPart Part(int number, string content) =>
        DumpPart.Parse(RecordName.Parse($"dmesg-efi_pstore-17000000000{number}001"), RecordText.ToBytes(content));

    private static IReadOnlyList<Dump> Dump(IEnumerable<string> lines, string reason = "Panic") =>
        Reassembly.Assemble([Part(1, $"{reason}#1 Part1\n{string.Join('\n', lines)}\n")]);

    private static IReadOnlyList<FieldFinding> Judge(string console, IReadOnlyList<Dump> dumps) =>
        FieldJudge.Judge(console, dumps);
}
