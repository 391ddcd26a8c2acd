using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Scenarios;

public sealed class BugCatalogueTests
{
    private const string Described = """
        bugs:
          - name: slow-fans
            component: fans
            affected: all
            cause: They turn slowly.
            reference: [CVE-2042-1, commit 0123456789ab]
            remedy: Blow.

        """;

    private const string Steps = """
        backend: ramoops
        matrix: { kernel: [debian-6.1] }
        steps:
          - boot: ${kernel}
          - crash: sysrq-c
          - restart: cold
        expect: { records: { type: dmesg, reason: Panic } }

        """;

    private const string Known = """
        known:
          - bug: slow-fans
            when: { kernel: "*" }
            instead: { records: none }

        """;

    private readonly ScenarioBench bench = new();

    [TearDown]
    public void Remove() => bench.Dispose();

    [Test]
    public void A_bug_is_described_once_and_shown_by_all_that_know_it()
    {
        Write("bugs/fans", Described + Steps + Known);
        Write("layout/other", Steps + Known);
        var bug = bench.Loader.Bugs().Single();
        Assert.That(
            (bug.Name, bug.Component, bug.Affected, bug.Cause, bug.Remedy, bug.NotShown),
            Is.EqualTo(("slow-fans", "fans", "all", "They turn slowly.", "Blow.", (string?)null))
        );
        Assert.That(bug.Reference, Is.EqualTo(new[] { "CVE-2042-1", "commit 0123456789ab" }));
        Assert.That(bug.ShownBy, Is.EqualTo(new[] { "bugs/fans", "layout/other" }));
        Assert.That(bug.Source.Line, Is.EqualTo(4));
    }

    [Test]
    public void A_file_may_describe_a_bug_and_have_no_case()
    {
        Write("bugs/fans", Described);
        Write("layout/other", Steps);
        Assert.That(bench.Loader.Bugs().Single().ShownBy, Is.Empty);
        Assert.That(bench.Load().Select(c => c.Scenario), Is.EqualTo(new[] { "other" }));
        Assert.That(
            bench.FailureOf("bugs/fans"),
            Is.EqualTo("found no case in bugs/fans, which only describes bugs; see `pstorelab list --bugs`")
        );
    }

    [Test]
    public void A_file_without_steps_and_bugs_is_refused()
    {
        Write("bugs/fans", "");
        Assert.That(bench.FailureOf("bugs/fans"), Does.Contain("the key 'steps' is missing, expected steps"));
    }

    [Test]
    public void A_bug_that_is_known_and_not_described_is_refused()
    {
        Write("bugs/fans", Described.Replace("slow-fans", "slow-fan") + Steps + Known);
        Assert.That(
            Complaint(),
            Does.EndWith("bugs/fans.yaml:18:10: unknown bug 'slow-fans', expected slow-fan; did you mean 'slow-fan'?")
        );
    }

    [Test]
    public void A_bug_that_is_described_twice_is_refused()
    {
        Write("bugs/fans", Described);
        Write("bugs/more", Described);
        Assert.That(
            Complaint(),
            Does.Contain(
                    "bugs/more.yaml:4:5: found the bug 'slow-fans' a second time, expected one "
                        + "description; the other is at "
                )
                .And.EndWith("bugs/fans.yaml:4:5")
        );
    }

    [Test]
    public void A_name_chooses_one_and_a_wrong_name_is_refused()
    {
        Write("bugs/fans", Described);
        Assert.That(Bug.Named(["slow-fans"], bench.Loader.Bugs()), Has.Count.EqualTo(1));
        Assert.That(
            Assert.Throws<UsageException>(() => Bug.Named(["slow-fens"], bench.Loader.Bugs()))!.Message,
            Does.Contain("did you mean 'slow-fans'?")
        );
    }

    private string Complaint() => Assert.Throws<UsageException>(() => bench.Loader.Bugs())!.Message;

    private void Write(string name, string yaml) =>
        bench.Write($"{name}.yaml", $"scenario: {Path.GetFileName(name)}\nsummary: One sentence.\n{yaml}");
}
