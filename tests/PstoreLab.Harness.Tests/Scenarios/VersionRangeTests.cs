using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Scenarios;

/// <summary>
/// What a range in <c>when</c>, <c>quick</c>, <c>exclude</c> and <c>--filter</c> says of kernels, to the last number.
/// </summary>
public sealed class VersionRangeTests
{
    private const string Fixed = ">=5.11,<5.15.132";

    [TestCase("linux-6.1.52", "<6.1.53", ExpectedResult = true)]
    [TestCase("linux-6.1.53", "<6.1.53", ExpectedResult = false)]
    [TestCase("linux-6.1.176-1", "<6.1.53", ExpectedResult = false)]
    [TestCase("linux-6.1.52", ">=6.1.53", ExpectedResult = false)]
    [TestCase("mine-6.2-rc1", "<6.1.53", ExpectedResult = false)]
    // The catalogue's kernels are the newest of their series, whatever that is today.
    [TestCase("debian-6.1", "<6.1.53", ExpectedResult = false)]
    [TestCase("debian-6.1", "<=6.1.53", ExpectedResult = false)]
    [TestCase("debian-6.1", ">=6.1.53", ExpectedResult = true)]
    [TestCase("debian-6.1", ">6.1.53", ExpectedResult = true)]
    [TestCase("debian-6.1", "<6.12.1", ExpectedResult = true)]
    [TestCase("debian-6.12", "<6.1.53", ExpectedResult = false)]
    [TestCase("debian-6.1", "<=6.1", ExpectedResult = true)]
    [TestCase("debian-6.1", "<6.2", ExpectedResult = true)]
    [TestCase("debian-6.1", Fixed, ExpectedResult = false)]
    [TestCase("linux-5.15.131", Fixed, ExpectedResult = true)]
    public bool A_range_holds_to_the_patch_level(string name, string range) => Match(range).Matches(name);

    [TestCase("mine", "6.1.40-custom", ExpectedResult = true)]
    [TestCase("mine", "6.1.53", ExpectedResult = false)]
    [TestCase("mine-6.1", "6.1.40", ExpectedResult = true)]
    [TestCase("mine", null, ExpectedResult = false)]
    public bool What_the_kernel_says_of_itself_counts_more_than_its_name(string name, string? release) =>
        Match("<6.1.53").Matches(name, release);

    [TestCase("linux-5.10.194", ExpectedResult = true)]
    [TestCase("linux-5.10.195", ExpectedResult = false)]
    [TestCase("linux-5.15.131", ExpectedResult = true)]
    [TestCase("linux-5.15.132", ExpectedResult = false)]
    public bool Ranges_of_a_list_are_alternatives(string name) =>
        ValueMatch
            .Parse([">=5.5,<5.10.195", Fixed], message => throw new InvalidOperationException(message))
            .Matches(name);

    [TestCase("6.1.40", 1)]
    [TestCase("6.1.53", 0)]
    public void A_condition_of_a_scenario_knows_the_version_of_a_kernel_that_was_brought_along(
        string release,
        int known
    )
    {
        using var bench = new ScenarioBench();
        bench.Write(
            "bugs/old.yaml",
            """
            scenario: old
            summary: One sentence.
            backend: ramoops
            matrix: { kernel: [debian-6.1] }
            steps:
              - boot: ${kernel}
              - crash: sysrq-c
              - restart: cold
            expect: { records: none }
            known:
              - bug: any
                when: { kernel: [">=5.5,<5.10.195", ">=5.16,<6.1.53"] }
                instead: { records: none }
            """
        );
        var vocabulary = ScenarioBench.Vocabulary with
        {
            Kernels = [.. ScenarioBench.Vocabulary.Kernels, "mine"],
            InPlace = ["mine"],
            KernelVersions = new Dictionary<string, string> { ["mine"] = release },
        };
        var @case = new ScenarioLoader(bench.Folder, vocabulary).Load([]).Single();
        Assert.That((@case.Dimensions["kernel"], @case.Known.Count), Is.EqualTo(("mine", known)));
    }

    private static ValueMatch Match(string range) =>
        ValueMatch.Parse(range, message => throw new InvalidOperationException(message));
}
