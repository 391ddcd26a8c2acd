using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Reports.Coverage;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Scenarios;

namespace PstoreLab.Harness.Tests.Reports.Coverage;

/// <summary>What a cell of the coverage table says, from cases and results that are nothing but names.</summary>
public class CoverageTableTests
{
    private const string Features = """
        features:
          - name: panic
            title: a panic | whole
            documented: ramoops.rst
            without: { efi: no such thing here, "<6.0": came later }
          - name: rare
            title: rare
            documented: nowhere
            elsewhere: one is enough
        """;

    private ScenarioBench _bench = null!;

    [SetUp]
    public void MakeAFolder() => _bench = new ScenarioBench();

    [TearDown]
    public void DeleteTheFolder() => _bench.Dispose();

    [TestCase(Verdict.Passed, "", CoverageState.Passed, "")]
    [TestCase(Verdict.Known, "a-bug", CoverageState.Known, "a-bug")]
    [TestCase(
        Verdict.Unsupported,
        "debian-6.1 (6.1.0) was built without CONFIG_X, which it needs",
        CoverageState.Unsupported,
        "CONFIG_X"
    )]
    [TestCase(Verdict.Unsupported, "there is no OVMF", CoverageState.Unsupported, "there is no OVMF")]
    [TestCase(Verdict.Failed, "broken", CoverageState.Failed, "family/s/erst")]
    [TestCase(Verdict.Infra, "QEMU is gone", CoverageState.Failed, "family/s/erst")]
    [TestCase(Verdict.Internal, "it broke", CoverageState.Failed, "family/s/erst")]
    public void A_case_gives_its_cell_its_verdict(Verdict verdict, string reason, CoverageState state, string why)
    {
        var cell = Cell(Table([Case("erst")], Result("family/s/erst", verdict, reason)), "panic", "erst", "debian-6.1");
        Assert.That((cell.State, cell.Cases, cell.Why), Is.EqualTo((state, 1, why)));
    }

    [Test]
    public void The_worst_of_several_counts_and_of_two_results_of_a_case_the_newer()
    {
        Case[] cases = [Case("erst"), Case("erst", "t")];
        Assert.That(
            Cell(
                Table(cases, Result("family/s/erst"), Result("family/t/erst", Verdict.Unsupported, "no CONFIG_X")),
                "panic",
                "erst",
                "debian-6.1"
            ).State,
            Is.EqualTo(CoverageState.Passed)
        );
        Assert.That(
            Cell(Table(cases, Result("family/s/erst")), "panic", "erst", "debian-6.1").State,
            Is.EqualTo(CoverageState.NotRun)
        );
        var mended = Table(
            cases,
            Result("family/s/erst", Verdict.Failed, "broken"),
            Result("family/t/erst"),
            Result("family/s/erst", hour: 2)
        );
        Assert.That(Cell(mended, "panic", "erst", "debian-6.1").State, Is.EqualTo(CoverageState.Passed));
    }

    [TestCase("panic", "efi", "debian-6.1", CoverageState.Excused, "no such thing here")]
    [TestCase("panic", "erst", "debian-5.10", CoverageState.Excused, "came later")]
    [TestCase("panic", "erst", "debian-7.2", CoverageState.Empty, "no case, and no reason given")]
    [TestCase("rare", "erst", "debian-7.2", CoverageState.Excused, "one is enough")]
    public void Where_there_is_no_case_there_is_a_reason_or_a_hole(
        string feature,
        string backend,
        string kernel,
        CoverageState state,
        string why
    )
    {
        var cell = Cell(Table([Case("erst")], Result("family/s/erst")), feature, backend, kernel);
        Assert.That((cell.State, cell.Cases, cell.Why), Is.EqualTo((state, 0, why)));
    }

    [Test]
    public void The_table_is_open_where_nobody_can_answer_and_its_text_says_so()
    {
        var table = Table([Case("erst")], Result("family/s/erst", Verdict.Known, "a-bug"));
        Assert.That(table.Open.Select(cell => (cell.Backend, cell.Kernel)), Is.EqualTo([("erst", "debian-7.2")]));
        string text = CoverageMarkdown.Of(table, "Made for a test.");
        Assert.That(text, Does.Contain("| `panic` | erst | — [1] | known [2] | **EMPTY** [3] |\n"));
        Assert.That(
            text,
            Does.Contain("\n2. known bug: a-bug\n").And.Contain("| `panic` | a panic \\| whole | ramoops.rst |\n")
        );
        Assert.That(text, Does.Contain("12 cells: 1 known, 10 without a case, for a reason, 1 empty\n"));
    }

    [Test]
    public void What_a_guest_said_is_no_markup_of_the_table()
    {
        string evil = "\u001b]0;x\u0007\n# no title\n<img src=x> [a](b) \u202e `c` *d* | e";
        string text = CoverageMarkdown.Of(
            Table([Case("erst")], Result("family/s/erst", Verdict.Unsupported, evil)),
            "Made for a test."
        );
        Assert.That(
            text,
            Does.Contain(
                @"unsupported: \\x1b\]0;x\\x07 # no title \<img src=x> \[a\](b) \\u{202e} \`c\` \*d\* \| e" + "\n"
            )
        );
        Assert.That(text.Where(character => char.IsControl(character) && character != '\n'), Is.Empty);
    }

    [Test]
    public void A_feature_that_is_listed_twice_is_refused()
    {
        string path = _bench.Write("features.yaml", Features + "\n  - { name: rare, title: x, documented: y }\n");
        Assert.That(
            () => Feature.Load(path),
            Throws
                .TypeOf<UsageException>()
                .With.Message.Contains("features.yaml:10:5: found the feature 'rare' a second time")
        );
    }

    [Test]
    public void A_scenario_that_covers_what_nobody_knows_is_refused()
    {
        string path = _bench.Write("family/s.yaml", Yaml("erst", "s").Replace("covers: panic", "covers: panics"));
        Assert.That(
            () =>
                new ScenarioLoader(_bench.Folder, ScenarioBench.Vocabulary with { Features = ["panic"] }).Load([path]),
            Throws
                .TypeOf<UsageException>()
                .With.Message.Contains(
                    "family/s.yaml:3:9: unknown feature 'panics', expected panic; did you mean 'panic'?"
                )
                .Or.Message.Contains("did you mean 'panic'?")
        );
    }

    private Case Case(string backend, string name = "s") =>
        new ScenarioLoader(_bench.Folder, ScenarioBench.Vocabulary with { Features = ["panic"] })
            .Load([_bench.Write($"family/{name}.yaml", Yaml(backend, name))])
            .Single();

    private static string Yaml(string backend, string name) =>
        $"scenario: {name}\nsummary: x.\ncovers: panic\nmatrix: {{ backend: {backend} }}\nsteps: [ {{ boot: "
        + $"debian-6.1 }} ]\nexpect: {{ console: x }}\n";

    private CoverageTable Table(IReadOnlyList<Case> cases, params CaseResult[] results) =>
        CoverageTable.Of(
            Feature.Load(_bench.Write("features.yaml", Features)),
            ["erst", "efi"],
            ["debian-5.10", "debian-6.1", "debian-7.2"],
            cases,
            [new RunResults("run", "/run", results)]
        );

    private static CoverageCell Cell(CoverageTable table, string feature, string backend, string kernel) =>
        table.Cells.Single(cell => (cell.Feature, cell.Backend, cell.Kernel) == (feature, backend, kernel));

    private static CaseResult Result(
        string @case,
        Verdict verdict = Verdict.Passed,
        string reason = "",
        int hour = 1
    ) =>
        new(
            @case,
            verdict,
            reason,
            new Dictionary<string, string>(),
            "erst",
            "tcg",
            [],
            [],
            new DateTimeOffset(2026, 11, 22, hour, 0, 0, TimeSpan.Zero),
            1,
            new Dictionary<string, double>(),
            [],
            [],
            "cases"
        );
}
