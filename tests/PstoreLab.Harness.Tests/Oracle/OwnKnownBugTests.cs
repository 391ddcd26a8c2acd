using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Oracle;

/// <summary>What a user's own list of known bugs excuses.</summary>
public class OwnKnownBugTests
{
    private const string Ticket = "https://bugs.example.org/7";

    private CaseEvidence _case = null!;

    [SetUp]
    public void TakeARealCase() => _case = new CaseEvidence();

    [TearDown]
    public void PutItAway() => _case.Dispose();

    [TestCase("no dmesg record of crash 1*", Verdict.Known)]
    [TestCase("*record of crash*", Verdict.Known)]
    [TestCase("no dmesg record of crash 2*", Verdict.Failed)]
    [TestCase("dmesg record of crash 1", Verdict.Failed)]
    public async Task A_finding_that_is_named_is_excused(string pattern, Verdict expected)
    {
        _case.Tolerated = [Tolerated(pattern, "*acpi-erst store*", "*of the store*")];
        _case.Records.Clear();
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(expected), Broken(judgement));
        if (expected == Verdict.Known)
        {
            Assert.That(judgement.Reason, Is.EqualTo("lost-in-our-tree"));
            Assert.That(judgement.Findings.Select(finding => finding.Text), Has.Some.Contains(Ticket));
            Assert.That(judgement.Findings.Any(finding => !finding.Held), "what is broken stays to be seen");
        }
    }

    [Test]
    public async Task One_finding_beside_it_makes_it_a_failure()
    {
        _case.Expected = _case.Expected with { Console = ["never said"] };
        _case.Tolerated = [Tolerated("boot 2 never said \"never said\"")];
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Known));
        _case.Expected = _case.Expected with { Console = ["never said", "neither said"] };
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Failed));
    }

    [Test]
    public async Task Two_bugs_do_not_share_a_failure()
    {
        _case.Expected = _case.Expected with { Console = ["never said", "neither said"] };
        _case.Tolerated = [Tolerated("boot 2 never said \"never*"), Tolerated("boot 2 never said \"neither*")];
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Failed));
    }

    [Test]
    public async Task A_case_that_passes_passes()
    {
        _case.Tolerated = [Tolerated("no dmesg record of crash 1*")];
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Passed));
        _case.Tolerated = null;
        _case.Known = [Instead];
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Passed));
        _case.Known = [Instead with { Ticket = null }];
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Failed), "of the catalogue it must show");
        _case.Known = [Instead, Instead with { Bug = "catalogued", Ticket = null }];
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Failed), "it does not weaken the other");
    }

    [Test]
    public async Task What_is_there_instead_is_known_with_its_ticket()
    {
        _case.Known = [Instead];
        _case.Expected = _case.Expected with { Console = ["never said"] };
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Known), judgement.Reason);
        Assert.That(judgement.Findings.Select(finding => finding.Text), Has.Some.Contains(Ticket));
        _case.Known = [Instead with { Instead = Instead.Instead with { Console = ["nor this"] } }];
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Failed));
    }

    [Test]
    public async Task A_command_is_excused_only_where_it_is_named()
    {
        _case.Meanwhile = [new RunInGuest(1, "test", 0, "bugs.yaml:9:5")];
        File.WriteAllText(_case.Folder.Run(1), "1\nno\n");
        _case.Tolerated = [Tolerated("boot 2 never said*")];
        Assert.That((await _case.JudgeAsync()).Verdict, Is.EqualTo(Verdict.Failed));
        _case.Tolerated = [Tolerated("`test` ended with exit code 1*")];
        var judgement = await _case.JudgeAsync();
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Known), Broken(judgement));
    }

    private static PlannedKnownBug Instead { get; } =
        new("ours", new Expectation(new SourceLocation("own.yaml", 3, 5), [CaseEvidence.WholePanic], [], []))
        {
            Ticket = Ticket,
        };

    private static ToleratedFailure Tolerated(params string[] findings) =>
        new("lost-in-our-tree", findings, Ticket, "own.yaml:3:5");

    private static string Broken(Judgement judgement) =>
        string.Join('\n', judgement.Findings.Where(finding => !finding.Held).Select(finding => finding.Text));
}
