using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Oracle;
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

    [Test]
    public async Task What_it_failed_of_and_as_what_it_is_known_are_both_said()
    {
        Fail(Seen, 2);
        var judgement = await _case.JudgeAsync();
        Assert.That(
            judgement.Findings,
            Is.EqualTo([
                new Finding(false, "cycle", "it failed", ""),
                new Finding(true, "cycle", "boot 2 failed as catalogued: it failed", ""),
            ])
        );
        Assert.That(judgement.Reason, Is.EqualTo("a-bug"));
    }

    [Test]
    public async Task One_line_of_its_report_is_enough()
    {
        Fail(Seen, 2);
        var fault = _case.Cycle!.Fault! with { Report = ["before", Seen, "after"] };
        _case.Cycle = _case.Cycle with { Fault = fault };
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Known));
    }

    [Test]
    public async Task A_fault_at_a_boot_that_the_plan_does_not_have_is_infra()
    {
        Fail(Seen, 3);
        var judgement = await _case.JudgeAsync();
        Assert.That(
            (judgement.Verdict, judgement.Reason),
            Is.EqualTo(
                (Verdict.Infra, $"the evidence {_case.Folder.Cycle} does not have the boot in which the kernel failed")
            )
        );
    }

    [Test]
    public async Task Nothing_is_asked_of_the_boot_that_failed()
    {
        Fail(Seen, 2);
        await _case.JudgeAsync();
        Directory.Delete(_case.Folder.Boot(new BootNumber(2)).Root, recursive: true);
        Directory.Delete(_case.Folder.Records(new InspectionNumber(1)), recursive: true);
        Assert.That(Judge.Of(_case.Folder).Verdict, Is.EqualTo(Verdict.Known));
    }

    [Test]
    public async Task All_that_the_boots_before_must_have_left_is()
    {
        Fail(Seen, 2);
        await _case.JudgeAsync();
        string store = _case.Folder.Boot(new BootNumber(1)).Store;
        File.Delete(store);
        var judgement = Judge.Of(_case.Folder);
        Assert.That(
            (judgement.Verdict, judgement.Reason),
            Is.EqualTo((Verdict.Infra, $"the evidence {store} is missing"))
        );
    }

    [TestCase("0\n", Verdict.Known)]
    [TestCase("1\n", Verdict.Failed)]
    public async Task It_excuses_nothing_that_was_wrong_before(string answer, Verdict expected)
    {
        Fail(Seen, 2);
        _case.BeforeTheCrash = [new RunInGuest(1, "true", 0, "cycle.yaml:3:4")];
        await File.WriteAllTextAsync(_case.Folder.Run(1), answer);
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_fault_without_a_reason_is_a_fault()
    {
        Fail("BUG: unable to handle page fault", 2);
        _case.Cycle = _case.Cycle! with { Reason = null };
        Assert.That((await _case.JudgeAsync()).Findings, Is.EqualTo([new Finding(false, "cycle", "", "")]));
    }

    [Test]
    public async Task No_bug_is_seen_where_nothing_is_looked_at()
    {
        Fail(Seen, 2);
        await _case.JudgeAsync();
        var evidence = new AttemptEvidence(PlanFile.Read(_case.Folder.Plan), _case.Cycle!, _case.Folder);
        Assert.That(FaultJudge.Judge(evidence, []).Verdict, Is.EqualTo(Verdict.Failed));
    }

    private void Fail(string line, int boot) =>
        _case.Cycle = _case.Cycle! with
        {
            Ending = CycleEnding.Product,
            Reason = "it failed",
            Fault = new GuestFault(GuestFaultKind.Report, new BootNumber(boot), 4, "it failed", [line], false),
        };
}
