using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>What a power cut leaves: whole, shown as broken, or nothing; and never a wrong text.</summary>
public class PowerCutJudgementTests
{
    private CaseEvidence _case = null!;

    [SetUp]
    public void TakeARealCase()
    {
        _case = new CaseEvidence();
        _case.Record = CaseEvidence.WholePanic with { Reason = null, Content = RecordContent.WholeOrBroken };
    }

    [TearDown]
    public void PutItAway() => _case.Dispose();

    [Test]
    public async Task All_of_it() => Assert.That(await FindingAsync(), Does.StartWith("whole: "));

    [Test]
    public async Task Nothing_of_it()
    {
        _case.Records.Clear();
        Assert.That(await FindingAsync(), Does.StartWith("absent: "));
    }

    [Test]
    public async Task Only_its_newest_part_which_is_written_first()
    {
        _case.Records.Remove(CaseEvidence.Older);
        Assert.That(await FindingAsync(), Does.StartWith("whole: "));
    }

    // Whose it is nobody can tell: its markers were in the part that is gone.
    [Test]
    public async Task Not_only_its_older_part()
    {
        _case.Records.Remove(CaseEvidence.Newest);
        Assert.That(await _case.FaultAsync(), Does.StartWith("a record nobody expected: "));
    }

    [Test]
    public async Task Not_a_text_with_a_wrong_line()
    {
        _case.Damage(CaseEvidence.Newest, text => text.Replace("sysrq: Trigger a crash", "sysrq: Trigger a flash"));
        Assert.That(await _case.FaultAsync(), Does.Contain("passes for a good record").And.Contain("flash"));
    }

    [Test]
    public async Task Not_a_text_that_ends_too_early()
    {
        _case.Damage(CaseEvidence.Newest, text => text[..(text.LastIndexOf('\n', text.Length - 10) + 1)]);
        Assert.That(await _case.FaultAsync(), Does.Contain("passes for a good record"));
    }

    // A crash that the backend keeps nothing of, or one that never came, would pass for fifty lost records.
    [Test]
    public async Task A_cut_needs_something_to_cut_off([Values] bool begun)
    {
        _case.Records.Clear();
        _case.Meanwhile =
        [
            new CutPower(
                CaseEvidence.First,
                new AgentRequest.Trigger("crash"),
                "sysrq: Trigger a crash",
                new CutPoint(null, 30)
            ),
        ];
        _case.Cycle = _case.Cycle! with
        {
            StoreBegun = new Dictionary<CrashNumber, bool> { [CaseEvidence.First] = begun },
        };
        if (begun)
            Assert.That(await FindingAsync(), Does.StartWith("absent: "));
        else
            Assert.That(
                await _case.FaultAsync(),
                Is.EqualTo("power cut in crash 1: the store never began to change, so nothing was cut off")
            );
    }

    [Test]
    public async Task What_there_is_of_it_is_told_in_a_sentence()
    {
        var judgement = await _case.JudgeAsync();
        Assert.That(
            judgement.Findings[0],
            Is.EqualTo(
                new Finding(
                    true,
                    "pstorefs",
                    $"whole: {CaseEvidence.Newest} and 1 more part: 26718 bytes, 398 lines in 2 parts",
                    "cycle.yaml:17:12"
                )
            )
        );
        _case.Records.Clear();
        Assert.That(await FindingAsync(), Is.EqualTo("absent: nothing of crash 1"));
    }

    [Test]
    public async Task A_wrong_text_that_the_kernel_does_not_undo_is_shown_as_broken()
    {
        _case.Records.Remove(CaseEvidence.Older);
        _case.Damage(CaseEvidence.Newest, text => text.Replace("sysrq: Trigger a crash", "sysrq: Trigger a flash"));
        _case.LeaveCompressed();
        Assert.That(await FindingAsync(), Is.EqualTo($"broken, and shown as that: {CaseEvidence.Newest}.enc.z"));
    }

    [TestCase(1, true)]
    [TestCase(0, false)]
    public async Task A_wrong_text_with_blocks_beyond_repair_is_shown_as_broken(int lost, bool held)
    {
        _case.Records.Remove(CaseEvidence.Older);
        _case.Damage(
            CaseEvidence.Newest,
            text =>
                text.Replace("sysrq: Trigger a crash", "sysrq: Trigger a flash")
                + $"\nECC: 3 Corrected bytes, {lost} unrecoverable blocks\n"
        );
        if (held)
            Assert.That(await FindingAsync(), Is.EqualTo($"broken, and shown as that: {CaseEvidence.Newest}"));
        else
            Assert.That(await _case.FaultAsync(), Does.Contain("passes for a good record"));
    }

    [Test]
    public async Task All_that_is_wrong_with_a_text_that_passes_for_a_good_one_is_said()
    {
        _case.Records["dmesg-erst-7710738641726734339"] = _case
            .Records[CaseEvidence.Older]
            .Replace("Panic#1 Part2", "Panic#1 Part3");
        _case.Records.Remove(CaseEvidence.Older);
        _case.Damage(CaseEvidence.Newest, text => text.Replace("sysrq: Trigger a crash", "sysrq: Trigger a flash"));
        Assert.That(
            await _case.FaultAsync(),
            Does.Match(
                "of crash 1, in which the power was cut, passes for a good record: [^;]*part 2 missing[^;]*; "
                    + "line [0-9]+ of [0-9]+ differs"
            )
        );
    }

    [Test]
    public async Task What_the_console_cannot_tell_of_it_is_ours()
    {
        _case.BeforeTheCrash = [new RunInGuest(1, "true", 0, "cycle.yaml:3:5")];
        await File.WriteAllTextAsync(_case.Folder.Run(1), "0\n");
        foreach (int mark in (int[])[2, 4])
        {
            int at = _case.Console.IndexOf($"{CaseEvidence.Nonce} {mark}/8", StringComparison.Ordinal);
            int line = _case.Console.LastIndexOf('\n', at) + 1;
            _case.Console = _case.Console.Insert(line, $"[    3.490000] forged {mark}\r\n");
        }

        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Infra));
        Assert.That(
            judgement.Reason,
            Is.EqualTo(
                $"{CaseEvidence.Newest} and 1 more part cannot be judged: the console has the line \"[3.490000] forged "
                    + "2\", which is the kernel's or that of a program in the guest: the record does not have it; the "
                    + "console has the line \"[3.490000] forged 4\", which is the kernel's or that of a program in the "
                    + "guest: the record does not have it"
            )
        );
    }

    [Test]
    public async Task A_cut_in_a_write_is_told()
    {
        var cut = new CutPower(CaseEvidence.First, null, null, new CutPoint(null, 30));
        _case.Meanwhile = [cut];
        _case.Cycle = _case.Cycle! with
        {
            StoreBegun = new Dictionary<CrashNumber, bool> { [CaseEvidence.First] = true },
        };
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        Assert.That(
            judgement.Findings,
            Does.Contain(new Finding(true, "store", $"power cut in crash 1: {cut.Point}", ""))
        );
    }

    private async Task<string> FindingAsync()
    {
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        return judgement.Findings[0].Text;
    }
}
