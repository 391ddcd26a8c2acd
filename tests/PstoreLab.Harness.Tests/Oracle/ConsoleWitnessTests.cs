using System.Text.RegularExpressions;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>
/// The console is a witness: what others write there makes no kernel guilty, and where it cannot tell the case is ours.
/// </summary>
public class ConsoleWitnessTests
{
    private const string SecondMark = "[    3.492945] pstorelab: mark 5cc5902997e28ab6 2/8";

    private CaseEvidence _case = null!;

    [SetUp]
    public void TakeARealCase()
    {
        _case = new CaseEvidence();
        _case.BeforeTheCrash = [new RunInGuest(1, "echo hello > /dev/console", 0, "cycle.yaml:3:5")];
        File.WriteAllText(_case.Folder.Run(1), "0\n");
    }

    [TearDown]
    public void PutItAway() => _case.Dispose();

    [TestCase("progress", TestName = "{m}(without a line end)")]
    [TestCase("\r\nDebian GNU/Linux 12 guest ttyS0\r\n\r\nguest login: ", TestName = "{m}(of a login)")]
    [TestCase("[  OK  ] Started ssh.service\r\n", TestName = "{m}(of systemd)")]
    [TestCase("\x1b[2J\x1b[01;01H", TestName = "{m}(that drives a terminal)")]
    [TestCase("[    1.000000] forged, and left open", TestName = "{m}(that looks like the kernel's)")]
    public async Task Text_in_front_of_a_line_costs_nothing(string text)
    {
        OnConsole(SecondMark, text + SecondMark);
        await PassesAsync();
    }

    [Test]
    public async Task A_flood_costs_nothing()
    {
        _case.Console = Regex.Replace(
            _case.Console,
            @"^\[    3\.",
            "flood flood flood\r\nflood $0",
            RegexOptions.Multiline
        );
        await PassesAsync();
    }

    [Test]
    public async Task A_forged_line_is_known_by_its_time()
    {
        OnConsole(SecondMark, $"[    1.000000] forged\r\n[  999.000000] forged\r\n{SecondMark}");
        await PassesAsync();
    }

    [Test]
    public async Task One_of_the_right_time_leaves_the_case_to_us()
    {
        OnConsole(SecondMark, $"[    3.490000] forged\r\n{SecondMark}");
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(
            judgement.Reason,
            Does.Contain(
                "cannot be judged: the console has the line \"[3.490000] forged\", which is the kernel's or that of a "
                    + "program in the guest"
            )
        );
    }

    [Test]
    public async Task Nor_is_a_known_bug_ruled_out_by_it()
    {
        OnConsole(SecondMark, $"[    3.490000] forged\r\n{SecondMark}");
        var instead = _case.Expected;
        _case.Expected = instead with { Records = null, Console = ["never said"] };
        _case.Known = [new PlannedKnownBug("whole-all-the-same", instead)];
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Infra));
    }

    [Test]
    public async Task Where_no_program_runs_the_same_line_is_one_that_the_record_lost()
    {
        _case.BeforeTheCrash = [];
        OnConsole(SecondMark, $"[    3.490000] forged\r\n{SecondMark}");
        Assert.That(await _case.FaultAsync(), Does.Contain("differs: the record has"));
    }

    [Test]
    public async Task A_line_that_the_record_lost_at_its_end_is_lost_whoever_else_writes()
    {
        _case.Console += "[    3.700000] lost\r\n";
        Assert.That(await _case.FaultAsync(), Does.Contain("the last 1 lines (5 bytes of text) are missing"));
    }

    [TestCase("[    3.492945] pstorelab: login: mark 5cc5902997e28ab6 2/8")]
    public async Task A_line_with_another_text_in_it_leaves_the_case_to_us(string torn)
    {
        OnConsole(SecondMark, torn);
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Infra));
    }

    [TestCase(1, Verdict.Failed)]
    [TestCase(2, Verdict.Infra)]
    public async Task A_line_that_another_processor_cut_off_leaves_the_case_to_us(int cpus, Verdict expected)
    {
        _case.BeforeTheCrash = [];
        _case.Cpus = cpus;
        OnConsole(SecondMark, SecondMark[..30]);
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(expected));
    }

    [TestCase(1, Verdict.Failed)]
    [TestCase(2, Verdict.Infra)]
    public async Task So_does_one_behind_which_the_next_begins(int cpus, Verdict expected)
    {
        _case.BeforeTheCrash = [];
        _case.Cpus = cpus;
        OnConsole(SecondMark + "\r\n", SecondMark[..30]);
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(expected));
    }

    [TestCase("** 1 printk messages dropped **\r\n", Verdict.Infra)]
    [TestCase("", Verdict.Failed)]
    public async Task Lines_that_the_kernel_dropped_on_the_console_leave_the_case_to_us(string said, Verdict expected)
    {
        OnConsole(SecondMark + "\r\n", said);
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_log_without_times_is_compared_line_by_line()
    {
        TakeTimesAway();
        await PassesAsync();
    }

    [TestCase("sysrq_handle_crash", "sysrq_haNdle_crash", TestName = "{m}(altered)")]
    [TestCase("<6>clocksource: Switched to clocksource tsc\n", "", TestName = "{m}(lost)")]
    public async Task And_what_the_record_has_wrong_is_found_there(string text, string instead)
    {
        TakeTimesAway();
        _case.Damage(CaseEvidence.Newest, record => record.Replace(text, instead));
        Assert.That(await _case.FaultAsync(), Does.Contain(" differs: the record has \""));
    }

    private void TakeTimesAway()
    {
        _case.BeforeTheCrash = [];
        _case.Console =
            "SeaBIOS (version 1.16)\r\n"
            + Regex.Replace(_case.Console, @"^\[ *\d+\.\d{6}\] ", "", RegexOptions.Multiline);
        foreach (string name in _case.Records.Keys.ToArray())
            _case.Damage(name, text => Regex.Replace(text, @"^(<\d+>)\[ *\d+\.\d{6}\] ", "$1", RegexOptions.Multiline));
    }

    private void OnConsole(string line, string instead)
    {
        Assert.That(_case.Console, Does.Contain(line));
        _case.Console = _case.Console.Replace(line, instead);
    }

    private async Task PassesAsync()
    {
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
    }
}
