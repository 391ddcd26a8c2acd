using PstoreLab.Harness.Bisection;
using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels;

namespace PstoreLab.Harness.Tests.Scenarios;

/// <summary>
/// A case with kernels that its file does not name, and the cases that compare and bisect make of it.
/// </summary>
public class OtherKernelsTests
{
    private const string Yaml = """
        scenario: whole
        summary: It is whole.
        matrix:
          backend: [ramoops, erst]
          writer: [debian-5.10, debian-6.1]
          reader: ["${writer}", debian-6.12]
        exclude:
          - { backend: erst, reader: ">=7" }
        quick: { writer: debian-5.10 }
        steps:
          - boot: ${writer}
          - crash: sysrq-c
          - restart: { cold: "${reader}" }
        expect:
          records: { type: dmesg }
        known:
          - bug: new-bug
            when: { reader: ">=6.18" }
            instead: { records: none }
          - bug: old-bug
            when: { writer: debian-5.10 }
            instead: { records: none }
        """;

    private ScenarioBench _bench = null!;

    [SetUp]
    public void SetUp()
    {
        _bench = new ScenarioBench();
        // The file's own conditions need cells that they hold for.
        _bench.Write("cycle/whole.yaml", Yaml.Replace("debian-6.12]", "debian-6.12, debian-7.2]"));
    }

    [TearDown]
    public void TearDown() => _bench.Dispose();

    [Test]
    public void A_case_is_made_with_a_kernel_that_the_file_does_not_name_and_its_conditions_hold_for_it()
    {
        var one = _bench.Load("cycle/whole/ramoops-debian-5.10-debian-6.12").Single();

        var made = _bench.Loader.With(
            one,
            new Dictionary<string, string> { ["writer"] = "debian-6.18", ["reader"] = "debian-6.18" }
        )!;

        Assert.That(made.Id, Is.EqualTo("cycle/whole/ramoops-debian-6.18-debian-6.18"));
        Assert.That(made.Kernels, Is.EqualTo(new[] { "debian-6.18" }));
        Assert.That(made.Known.Select(known => known.Bug), Is.EqualTo(new[] { "new-bug" }));
        Assert.That(one.Known.Select(known => known.Bug), Is.EqualTo(new[] { "old-bug" }));
        Assert.That(made.Backend, Is.EqualTo("ramoops"));
    }

    [Test]
    public void The_other_dimensions_stay_as_they_are()
    {
        var one = _bench.Load("cycle/whole/erst-debian-6.1-debian-6.12").Single();
        var made = _bench.Loader.With(one, new Dictionary<string, string> { ["reader"] = "debian-6.18" })!;
        Assert.That(made.Dimensions.Values, Is.EqualTo(new[] { "erst", "debian-6.1", "debian-6.18" }));
    }

    [Test]
    public void What_the_file_excludes_is_not_made()
    {
        var one = _bench.Load("cycle/whole/erst-debian-6.1-debian-6.12").Single();
        Assert.That(_bench.Loader.With(one, new Dictionary<string, string> { ["reader"] = "debian-7.2" }), Is.Null);
    }

    [Test]
    public void A_kernel_that_nobody_knows_is_refused()
    {
        var one = _bench.Load("cycle/whole/erst-debian-6.1-debian-6.12").Single();
        Assert.Throws<UsageException>(() =>
            _bench.Loader.With(one, new Dictionary<string, string> { ["reader"] = "debian-9.9" })
        );
    }

    [Test]
    public void Two_kernels_are_compared_by_each_case_once()
    {
        var pairs = KernelPairs.Of(_bench.Load(), "debian-5.10", "debian-7.2", _bench.Loader);
        Assert.That(
            pairs.Cases.Select(@case => @case.Id),
            Is.EqualTo(
                new[] { "cycle/whole/ramoops-debian-5.10-debian-5.10", "cycle/whole/ramoops-debian-7.2-debian-7.2" }
            )
        );
        Assert.That(
            pairs.LeftOut,
            Is.EqualTo(new[] { "cycle/whole/erst is left out: its file excludes it for debian-7.2" })
        );
    }

    [Test]
    public void A_search_may_change_the_reader_alone()
    {
        var cases = BisectCases.Of(
            "x",
            _bench.Load("cycle/whole/ramoops-debian-6.1-debian-6.12"),
            "reader",
            Kernels("debian-6.12", "debian-6.18", "debian-7.2"),
            _bench.Loader
        );
        Assert.That(cases.Id, Is.EqualTo("cycle/whole/ramoops-debian-6.1"));
        Assert.That(cases.Cases.Values.Select(@case => @case.Dimensions["writer"]), Is.All.EqualTo("debian-6.1"));
    }

    [Test]
    public void Versions_that_the_scenario_excludes_are_not_searched()
    {
        var cases = BisectCases.Of(
            "x",
            _bench.Load("cycle/whole/erst-debian-6.1-debian-6.12"),
            null,
            Kernels("debian-6.1", "debian-6.12", "debian-7.2"),
            _bench.Loader
        );
        Assert.That(cases.Kernels.Select(kernel => kernel.Name), Is.EqualTo(new[] { "debian-6.1", "debian-6.12" }));
        Assert.That(cases.Excluded, Is.EqualTo(new[] { "debian-7.2" }));
    }

    [TestCase("cycle/whole", null, "debian-6.1 debian-6.12", "differ in more than writer, reader")]
    [TestCase(
        "cycle/whole/erst-debian-6.1-debian-6.12",
        "backend",
        "debian-6.1 debian-6.12",
        "unknown kernel dimension 'backend'"
    )]
    [TestCase("cycle/whole/erst-debian-6.1-debian-6.12", null, "debian-6.1", "a search needs two or more")]
    public void What_cannot_be_searched_is_refused(string word, string? vary, string kernels, string expected) =>
        Assert.That(
            Assert
                .Throws<UsageException>(() =>
                    BisectCases.Of(word, _bench.Load(word), vary, Kernels(kernels.Split(' ')), _bench.Loader)
                )!
                .Message,
            Does.Contain(expected)
        );

    [Test]
    public void Another_scenario_or_number_of_runs_is_another_question()
    {
        BisectCases Cases() =>
            BisectCases.Of(
                "x",
                _bench.Load("cycle/whole/ramoops-debian-6.1-debian-6.12"),
                null,
                Kernels("debian-6.1", "debian-6.12"),
                _bench.Loader
            );
        string question = Cases().Question(1, null);
        Assert.That(Cases().Question(1, null), Is.EqualTo(question));
        Assert.That(Cases().Question(2, null), Is.Not.EqualTo(question));
        Assert.That(Cases().Question(1, "tcg"), Is.Not.EqualTo(question));
        _bench.Write("cycle/whole.yaml", Yaml.Replace("debian-6.12]", "debian-6.12, debian-7.2]") + "\n# edited\n");
        Assert.That(Cases().Question(1, null), Is.Not.EqualTo(question));
    }

    private static KernelChoice[] Kernels(params string[] names) =>
        [.. names.Select(name => new KernelChoice(name, null, null, null))];
}
