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

    private async Task<string> FindingAsync()
    {
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Passed), judgement.Reason);
        return judgement.Findings[0].Text;
    }
}
