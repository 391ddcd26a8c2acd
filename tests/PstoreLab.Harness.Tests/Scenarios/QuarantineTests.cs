using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Scenarios;

/// <summary>The user's own known bugs.</summary>
public sealed class QuarantineTests
{
    private const string Scenario = """
        scenario: whole
        summary: x
        matrix:
          backend: [ramoops, erst]
          kernel: [debian-6.1, debian-6.12]
        steps:
          - boot: ${kernel}
          - crash: sysrq-c
          - restart: cold
        expect: { records: { type: dmesg, reason: Panic } }

        """;

    private const string Entry = """
        known:
          - bug: ours
            cases: cycle/whole/erst-*
            when: { kernel: ">=6.6" }
            ticket: https://bugs.example.org/7
            until: 2026-12-31
            cause: It loses the last part.
            findings:
              - no dmesg record of crash *

        """;

    private static readonly DateOnly Before = new(2026, 12, 31);
    private static readonly DateOnly After = new(2027, 1, 1);

    private readonly ScenarioBench bench = new();

    [SetUp]
    public void WriteTheScenario() => bench.Write("cycle/whole.yaml", Scenario);

    [TearDown]
    public void Remove() => bench.Dispose();

    [Test]
    public void An_entry_excuses_the_cases_and_versions_that_it_names()
    {
        var cases = Load(Entry).AppliedTo(bench.Load(), Before);
        Assert.That(
            cases.Where(@case => @case.Tolerated.Count > 0).Select(@case => @case.Id),
            Is.EqualTo(["cycle/whole/erst-debian-6.12"])
        );
        var tolerated = cases.Single(@case => @case.Tolerated.Count > 0).Tolerated.Single();
        Assert.That((tolerated.Bug, tolerated.Ticket), Is.EqualTo(("ours", "https://bugs.example.org/7")));
        Assert.That(tolerated.Source, Does.EndWith("own.yaml:2:5"));
        Assert.That(tolerated.Names("no dmesg record of crash 1 (Panic)"));
        Assert.That(tolerated.Names("there is no dmesg record of crash 1"), Is.False);
    }

    [TestCase("a*b", "ab", true)]
    [TestCase("a*b", "a\nb", true)]
    [TestCase("a*b*", "a-b-c", true)]
    [TestCase("ab*ba", "aba", false)]
    [TestCase("a*b*c", "a-c-b", false)]
    [TestCase("ab", "abc", false)]
    [TestCase("a.b", "a-b", false)]
    public void A_pattern_is_of_the_whole_text(string pattern, string text, bool matches) =>
        Assert.That(new ToleratedFailure("x", [pattern], "x", "x").Names(text), Is.EqualTo(matches));

    [Test]
    public void An_expired_entry_excuses_nothing_and_is_reported()
    {
        var known = Load(Entry);
        Assert.That(known.Expired(Before), Is.Empty);
        Assert.That(known.AppliedTo(bench.Load(), After).Select(@case => @case.Tolerated), Is.All.Empty);
        Assert.That(
            known.Expired(After).Single(),
            Does.EndWith(
                "own.yaml:2:5: 'ours' expired on 2026-12-31 and excuses nothing any more; see "
                    + "https://bugs.example.org/7, then delete it or give it another day"
            )
        );
    }

    [Test]
    public void An_entry_whose_cases_pass_is_reported()
    {
        var known = Load(Entry.Replace("when: { kernel: \">=6.6\" }", "when: { kernel: \"*\" }"));
        var cases = bench.Load();
        Assert.That(known.Passed(cases, ["cycle/whole/ramoops-debian-6.1"], Before), Is.Empty);
        Assert.That(
            known.Passed(cases, ["cycle/whole/erst-debian-6.1"], Before).Single(),
            Does.EndWith("1 of 2 of its cases passed (cycle/whole/erst-debian-6.1); narrow the entry")
        );
        Assert.That(
            known.Passed(cases, ["cycle/whole/erst-debian-6.1", "cycle/whole/erst-debian-6.12"], Before).Single(),
            Does.EndWith("delete the entry")
        );
    }

    [Test]
    public void Instead_takes_the_place_of_the_last_expectation_with_the_values_of_the_case()
    {
        var known = Load(
            Entry
                .Replace("findings:", "instead: { records: none, console: [\"${backend} is empty\"] }")
                .Replace("      - no dmesg record of crash *\n", "")
        );
        var excused = known.AppliedTo(bench.Load(), Before).Single(@case => @case.Known.Count > 0);
        Assert.That(excused.Known.Single().Instead.Console, Is.EqualTo(["erst is empty"]));
        Assert.That(excused.Known.Single().Ticket, Is.EqualTo("https://bugs.example.org/7"));
    }

    [Test]
    public void The_catalogue_has_it_among_its_bugs()
    {
        var bug = Load(Entry).With([]).Single();
        Assert.That((bug.Name, bug.Component, bug.Cause), Is.EqualTo(("ours", "your own", "It loses the last part.")));
        Assert.That(bug.Affected, Is.EqualTo("cycle/whole/erst-*, kernel >=6.6"));
        Assert.That(bug.Reference, Is.EqualTo(["https://bugs.example.org/7"]));
        Assert.That(bug.Remedy, Does.Contain("2026-12-31"));
    }

    [TestCase(
        "cases: cycle/whole/erst-*",
        "cases: cycle/hole",
        "3:12: no case is 'cycle/hole'; nearest are cycle/whole"
    )]
    [TestCase(
        "kernel: \">=6.6\"",
        "kernl: \">=6.6\"",
        "4:13: unknown dimension 'kernl', expected one of backend, kernel"
    )]
    [TestCase("kernel: \">=6.6\"", "kernel: debian-6.2", "4:21: unknown kernel 'debian-6.2', expected one of")]
    [TestCase("2026-12-31", "31.12.2026", "6:12: found '31.12.2026', expected a day such as 2027-03-31")]
    [TestCase("no dmesg record of crash *", "'*'", "9:9: found the finding '*', which excuses nearly anything")]
    [TestCase("bug: ours", "bug: our bug", "2:10: found the bug 'our bug', expected a name of letters")]
    [TestCase("ticket: https://bugs.example.org/7", "ticket: ''", "5:13: found an empty ticket")]
    [TestCase("    ticket: https://bugs.example.org/7\n", "", "2:5: the key 'ticket' is missing")]
    [TestCase(
        "    findings:",
        "    instead: { records: none }\n    findings:",
        "found instead and findings, expected exactly"
    )]
    [TestCase("known:", "knwon:", "1:1: unknown key 'knwon', expected known; did you mean 'known'?")]
    public void A_slip_of_the_pen_is_reported_with_its_place(string right, string wrong, string fault)
    {
        Assert.That(Entry.Contains(right), "it is there to be replaced");
        Assert.That(
            Assert.Throws<UsageException>(() => Load(Entry.Replace(right, wrong)))!.Message,
            Does.Contain("own.yaml:").And.Contain(fault)
        );
    }

    [Test]
    public void A_name_of_the_catalogue_is_taken()
    {
        bench.Write(
            "cycle/fans.yaml",
            """
            scenario: fans
            summary: x
            bugs:
              - { name: ours, component: fans, affected: all, cause: x, reference: [x], remedy: x, not-shown: x }
            """
        );
        Assert.That(
            Assert.Throws<UsageException>(() => Load(Entry))!.Message,
            Does.Contain("2:10: found the bug 'ours' a second time, or in the catalogue")
        );
    }

    private Quarantine Load(string yaml) => bench.Loader.Quarantine(bench.Write("own.yaml", yaml), bench.Load());
}
