using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Scenarios;

/// <summary>A kernel that the user brings along in the place of those that scenarios name.</summary>
public sealed class SubstitutionTests
{
    private ScenarioBench _bench = null!;

    [SetUp]
    public void SetUp()
    {
        _bench = new ScenarioBench();
        _bench.Write(
            "cycle/whole.yaml",
            """
            scenario: whole
            summary: x
            matrix: { backend: [ramoops, erst], kernel: [debian-5.10, debian-6.1] }
            quick: { kernel: debian-6.1, backend: erst }
            steps: [ { boot: "${kernel}" } ]
            expect: { records: none }
            """
        );
        _bench.Write(
            "upgrade/reads.yaml",
            """
            scenario: reads
            summary: x
            backend: erst
            matrix: { writer: [debian-5.10, debian-6.1], reader: ["${writer}", debian-7.2] }
            steps: [ { boot: "${writer}" }, { crash: sysrq-c }, { restart: { cold: "${reader}" } } ]
            expect: { records: none }
            """
        );
        _bench.Write(
            "control/fixed.yaml",
            """
            scenario: fixed
            summary: x
            backend: erst
            steps: [ { boot: debian-6.1 } ]
            expect: { records: none }
            """
        );
    }

    [TearDown]
    public void TearDown() => _bench.Dispose();

    [Test]
    public void Without_one_nothing_changes() =>
        Assert.That(Load([]), Has.Exactly(9).Items.And.All.Property("InPlaceOf").Empty);

    [Test]
    public void It_takes_the_place_of_each_kernel_once()
    {
        var cases = Load(["mine"], "cycle/whole");
        Assert.That(
            cases.Select(@case => @case.Id),
            Is.EqualTo(new[] { "cycle/whole/ramoops-mine", "cycle/whole/erst-mine" })
        );
        Assert.That(cases.Select(@case => @case.Kernels.Single()), Is.All.EqualTo("mine"));
        Assert.That(
            cases.Select(@case => @case.Quick),
            Is.EqualTo(new[] { false, true }),
            "as the cell that it takes the place of"
        );
    }

    [Test]
    public void Of_a_pair_it_is_the_one_the_other_and_both() =>
        Assert.That(
            Load(["mine"], "upgrade").Select(@case => @case.Id["upgrade/reads/".Length..]),
            Is.EquivalentTo(new[] { "mine-mine", "mine-debian-7.2", "debian-5.10-mine", "debian-6.1-mine" })
        );

    [Test]
    public void Two_of_them_meet_each_other() =>
        Assert.That(
            Load(["old", "new"], "upgrade").Select(@case => @case.Id["upgrade/reads/".Length..]),
            Is.EquivalentTo(
                new[]
                {
                    "old-old",
                    "new-new",
                    "old-new",
                    "new-old",
                    "old-debian-7.2",
                    "new-debian-7.2",
                    "debian-5.10-old",
                    "debian-5.10-new",
                    "debian-6.1-old",
                    "debian-6.1-new",
                }
            )
        );

    [TestCase("cycle/whole/erst-debian-6.1", "cycle/whole/erst-mine")]
    [TestCase("cycle/whole/erst-mine", "cycle/whole/erst-mine")]
    [TestCase(
        "upgrade/reads/debian-6.1-debian-7.2",
        "upgrade/reads/mine-debian-7.2 upgrade/reads/mine-mine upgrade/reads/debian-6.1-mine"
    )]
    public void A_case_may_be_named_as_it_was_or_as_it_is(string word, string expected) =>
        Assert.That(Load(["mine"], word).Select(@case => @case.Id), Is.EquivalentTo(expected.Split(' ')));

    [Test]
    public void A_scenario_that_fixes_its_kernel_is_left_out()
    {
        Assert.That(Load(["mine"]).Select(@case => @case.Family), Does.Not.Contain("control").And.Contain("cycle"));
        Assert.That(
            Failure(["mine"], "control"),
            Is.EqualTo("no place for mine among the cases chosen: none has a dimension 'kernel', 'writer' or 'reader'")
        );
    }

    [Test]
    public void A_scenario_that_names_it_itself_runs_as_it_stands()
    {
        _bench.Write(
            "own/both.yaml",
            """
            scenario: both
            summary: x
            backend: erst
            matrix: { kernel: [mine, debian-6.1] }
            steps: [ { boot: "${kernel}" } ]
            expect: { records: none }
            """
        );
        Assert.That(
            Load(["mine"], "own").Select(@case => @case.Id),
            Is.EqualTo(new[] { "own/both/mine", "own/both/debian-6.1" })
        );
        Assert.That(Failure([], "own"), Does.Contain("mine"), "which is no kernel without it");
    }

    [Test]
    public void Conditions_on_versions_know_it_by_its_name()
    {
        _bench.Write(
            "own/ranges.yaml",
            """
            scenario: ranges
            summary: x
            matrix: { backend: [erst, ramoops], kernel: [debian-6.1, debian-7.2] }
            exclude: [ { backend: ramoops, kernel: ">=6.6" } ]
            steps: [ { boot: "${kernel}" } ]
            expect: { records: none }
            known: [ { bug: b, when: { kernel: ">=6.6" }, instead: { records: none } } ]
            """
        );
        Assert.That(
            Load(["mine-6.9"], "own").Single(),
            Has.Property("Id").EqualTo("own/ranges/erst-mine-6.9").And.Property("Known").Count.EqualTo(1)
        );
        Assert.That(Load(["mine-6.2"], "own"), Has.Exactly(2).Items.And.All.Property("Known").Empty);
    }

    [Test]
    public void Filters_see_it_in_its_place()
    {
        Assert.That(
            CaseFilter.Parse(["reader=mine", "writer=debian-*"]).Apply(Load(["mine"], "upgrade")),
            Has.Exactly(2).Items
        );
        Assert.That(CaseFilter.Parse(["kernel=mine"]).Apply(Load(["mine"], "cycle")), Has.Exactly(2).Items);
    }

    [Test]
    public void A_kernel_of_the_catalogue_takes_the_place_of_the_others()
    {
        Assert.That(
            Chosen("debian-6.1").Load(["cycle"]).Select(@case => @case.Id),
            Is.EqualTo(new[] { "cycle/whole/ramoops-debian-6.1", "cycle/whole/erst-debian-6.1" }),
            "though the scenario names it among others"
        );
        Assert.That(
            Chosen("debian-7.2").Load(["cycle/whole/erst-debian-5.10"]).Select(@case => @case.Id),
            Is.EqualTo(new[] { "cycle/whole/erst-debian-7.2" }),
            "and where it does not"
        );
        Assert.That(
            Chosen("debian-6.1").Load(["upgrade"]).Select(@case => @case.Id["upgrade/reads/".Length..]),
            Is.EquivalentTo(new[] { "debian-6.1-debian-6.1", "debian-6.1-debian-7.2", "debian-5.10-debian-6.1" })
        );
    }

    [Test]
    public void A_scenario_that_fixes_its_kernel_runs_where_it_is_that_one()
    {
        Assert.That(
            Chosen("debian-6.1").Load(["control"]).Select(@case => @case.Id),
            Is.EqualTo(new[] { "control/fixed" })
        );
        Assert.That(
            () => Chosen("debian-7.2").Load(["control"]),
            Throws.InstanceOf<PstoreLab.Harness.Faults.UsageException>()
        );
    }

    private ScenarioLoader Chosen(string kernel) =>
        new(_bench.Folder, ScenarioBench.Vocabulary with { InPlace = [kernel], CataloguedInPlace = [kernel] });

    private IReadOnlyList<Case> Load(string[] kernels, params string[] words) => LoaderWith(kernels).Load(words);

    private string Failure(string[] kernels, params string[] words) =>
        Assert.Throws<PstoreLab.Harness.Faults.UsageException>(() => LoaderWith(kernels).Load(words))!.Message;

    private ScenarioLoader LoaderWith(string[] kernels) =>
        new(
            _bench.Folder,
            ScenarioBench.Vocabulary with
            {
                Kernels = [.. ScenarioBench.Vocabulary.Kernels, .. kernels],
                InPlace = kernels,
            }
        );
}
