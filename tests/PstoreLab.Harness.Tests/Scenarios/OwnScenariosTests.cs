using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Scenarios;

/// <summary>The user's own scenarios and kernels, beside the shipped ones.</summary>
public sealed class OwnScenariosTests
{
    private const string Scenario = """
        scenario: NAME
        summary: x
        matrix: { kernel: [debian-6.1] }
        backend: erst
        steps:
          - boot: ${kernel}
          - crash: sysrq-c
          - restart: cold
        expect: { records: { type: dmesg, reason: Panic } }

        """;

    private readonly ScenarioBench shipped = new();
    private readonly ScenarioBench own = new();

    [SetUp]
    public void Write()
    {
        shipped.Write("cycle/whole.yaml", Scenario.Replace("NAME", "whole"));
        own.Write("board/whole.yaml", Scenario.Replace("NAME", "whole"));
        own.Write("cycle/torn.yaml", Scenario.Replace("NAME", "torn"));
    }

    [TearDown]
    public void Remove()
    {
        shipped.Dispose();
        own.Dispose();
    }

    [TestCase("board", "board/whole/debian-6.1")]
    [TestCase("cycle", "cycle/whole/debian-6.1 cycle/torn/debian-6.1")]
    [TestCase("cycle/torn", "cycle/torn/debian-6.1")]
    public void They_are_named_like_those_that_are_shipped(string word, string cases) =>
        Assert.That(Loader().Load([word]).Select(@case => @case.Id), Is.EqualTo(cases.Split(' ')));

    [Test]
    public void All_are_both() => Assert.That(Loader().Load([]), Has.Count.EqualTo(3));

    [Test]
    public void A_bug_that_one_describes_is_in_the_catalogue()
    {
        own.Write(
            "bugs/ours.yaml",
            """
            scenario: ours
            summary: x
            bugs:
              - { name: ours, component: fans, affected: all, cause: x, reference: [x], remedy: x, not-shown: x }
            """
        );
        Assert.That(Loader().Bugs().Select(bug => bug.Name), Is.EqualTo(["ours"]));
    }

    [Test]
    public void A_name_that_is_taken_is_refused()
    {
        own.Write("cycle/whole.yaml", Scenario.Replace("NAME", "whole"));
        Assert.That(
            Refusal(),
            Does.Contain("cycle/whole.yaml:1:1: there is a scenario 'cycle/whole' already (").And.Contain("call yours")
        );
    }

    [Test]
    public void A_folder_without_scenarios_is_refused()
    {
        using var empty = new ScratchFolder();
        Assert.That(
            Assert
                .Throws<UsageException>(() =>
                    new ScenarioLoader(shipped.Folder, ScenarioBench.Vocabulary, empty.Path).Load([])
                )!
                .Message,
            Does.EndWith("found no scenario, expected FAMILY/SCENARIO.yaml")
        );
        Assert.That(
            Assert
                .Throws<UsageException>(() =>
                    new ScenarioLoader(shipped.Folder, ScenarioBench.Vocabulary, "/nowhere").Load([])
                )!
                .Message,
            Does.StartWith("there is no folder /nowhere")
        );
    }

    [Test]
    public void A_mistake_in_one_has_its_place()
    {
        own.Write("board/whole.yaml", Scenario.Replace("NAME", "whole").Replace("crash:", "crsh:"));
        Assert.That(Refusal(), Does.Contain("board/whole.yaml:7:5: unknown key 'crsh'"));
    }

    [Test]
    public void Kernels_of_ones_own_stand_beside_the_shipped_ones()
    {
        using var folder = new ScratchFolder();
        string shippedList = folder.Write("kernels.yaml", "kernels:\n  a: {suite: trixie, package: x}\n");
        string ownList = folder.Write("own.yaml", "kernels:\n  b: {suite: bookworm, package: y}\n");
        var catalogue = KernelCatalogue.Load(shippedList);
        Assert.That(catalogue.WithFile(ownList).Names, Is.EqualTo(["a", "b"]));
        Assert.That(catalogue.WithFile(null).Names, Is.EqualTo(["a"]));
        string taken = folder.Write(
            "taken.yaml",
            "kernels:\n  b: {suite: bookworm, package: y}\n  a: {suite: sid, package: y}\n"
        );
        Assert.That(
            Assert.Throws<UsageException>(() => catalogue.WithFile(taken))!.Message,
            Does.Contain("taken.yaml:3:3: there is a kernel 'a' in the catalogue already")
        );
    }

    private ScenarioLoader Loader() => new(shipped.Folder, ScenarioBench.Vocabulary, own.Folder);

    private string Refusal() => Assert.Throws<UsageException>(() => Loader().Load([]))!.Message;
}
