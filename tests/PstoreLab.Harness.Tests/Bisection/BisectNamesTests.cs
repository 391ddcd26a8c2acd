using PstoreLab.Harness.Bisection;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Scenarios;

namespace PstoreLab.Harness.Tests.Bisection;

/// <summary>A search takes every name of a case that a search prints.</summary>
public class BisectNamesTests
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
            matrix: { writer: [debian-5.10, debian-6.1], reader: [debian-6.1] }
            steps: [ { boot: "${writer}" }, { crash: sysrq-c }, { restart: { cold: "${reader}" } } ]
            expect: { records: none }
            """
        );
    }

    [TearDown]
    public void TearDown() => _bench.Dispose();

    [TestCase(
        "cycle/whole/erst",
        ExpectedResult = "erst-debian-5.10 erst-debian-6.1",
        Description = "the report's title"
    )]
    [TestCase("cycle/whole/erst-debian-6.1", ExpectedResult = "erst-debian-6.1")]
    [TestCase("cycle/whole/erst-debian-6.1+2", ExpectedResult = "erst-debian-6.1", Description = "a repetition")]
    [TestCase("cycle/whole/erst-debian-7.2", ExpectedResult = "erst-debian-5.10 erst-debian-6.1")]
    [TestCase("upgrade/reads/debian-6.1", ExpectedResult = "debian-5.10-debian-6.1 debian-6.1-debian-6.1")]
    [TestCase(
        "cycle/whole",
        ExpectedResult = "ramoops-debian-5.10 ramoops-debian-6.1 erst-debian-5.10 erst-debian-6.1"
    )]
    public string A_name_means(string word) => string.Join(' ', Named(word).Select(@case => @case.Id.Split('/')[2]));

    [Test]
    public void What_it_never_prints_is_refused() =>
        Assert.That(
            () => Named("cycle/whole/efi"),
            Throws
                .TypeOf<UsageException>()
                .With.Message.StartsWith("unknown family, scenario or case 'cycle/whole/efi'")
        );

    private IReadOnlyList<Case> Named(string word) =>
        BisectCases.Named(
            word,
            [new KernelChoice("debian-5.10", null, null, null), new KernelChoice("debian-7.2", null, null, null)],
            _bench.Loader
        );
}
