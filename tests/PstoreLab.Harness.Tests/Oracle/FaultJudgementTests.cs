using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>A kernel that fails as a catalogued bug does is known, and nothing else is covered by it.</summary>
public class FaultJudgementTests
{
    private const string Seen = "kernel BUG at mm/usercopy.c:99!";

    private CaseEvidence _case = null!;

    [SetUp]
    public void Make()
    {
        _case = new CaseEvidence();
        _case.Known =
        [
            new PlannedKnownBug(
                "a-bug",
                _case.Expected with
                {
                    Records = null,
                    FailsWith = "kernel BUG at mm/usercopy",
                }
            ),
        ];
    }

    [TearDown]
    public void Delete() => _case.Dispose();

    [TestCase(Seen, 2, ExpectedResult = Verdict.Known)]
    [TestCase("BUG: unable to handle page fault", 2, ExpectedResult = Verdict.Failed)]
    [TestCase(Seen, 1, ExpectedResult = Verdict.Failed)]
    public async Task<Verdict> It_is_known_where_it_fails_at_that_boot_and_says_that(string line, int boot)
    {
        Fail(line, boot);
        return (await _case.JudgeAsync()).Verdict;
    }

    [Test]
    public async Task A_damage_before_it_of_which_nothing_was_kept_makes_it_infra()
    {
        Fail(Seen, 2);
        _case.Meanwhile = [new DamageStore(1, new Truncate(1, 300))];
        var judgement = await _case.JudgeAsync();
        Assert.That(
            (judgement.Verdict, judgement.Reason),
            Is.EqualTo((Verdict.Infra, $"the evidence {_case.Folder.Damage(1)} is missing"))
        );
    }

    [Test]
    public async Task A_kernel_that_does_not_fail_so_is_not_known()
    {
        _case.DamageShown(CaseEvidence.Newest, text => text[..^100]);
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Failed));
    }

    private void Fail(string line, int boot) =>
        _case.Cycle = _case.Cycle! with
        {
            Ending = CycleEnding.Product,
            Reason = "it failed",
            Fault = new GuestFault(GuestFaultKind.Report, new BootNumber(boot), 4, "it failed", [line], false),
        };
}
