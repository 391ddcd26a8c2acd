using System.Text.RegularExpressions;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Tests.Scenarios;

namespace PstoreLab.Harness.Tests;

/// <summary>The lists of CONTRIBUTING.md: which files a new thing of each kind is made of.</summary>
public partial class ContributingTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(ScenarioBench.Root, "CONTRIBUTING.md"));

    [TestCase("A backend")]
    [TestCase("A crash trigger")]
    [TestCase("A scenario")]
    [TestCase("A machine")]
    [TestCase("A plan step")]
    public void Every_file_that_a_list_names_exists(string kind)
    {
        Assert.That(Files(Text, kind), Has.Count.GreaterThan(2), "they were found");
        Assert.That(Missing(Text, kind), Is.Empty);
    }

    [Test]
    public void There_is_no_other_list()
    {
        Assert.That(
            Heading().Matches(Text).Select(heading => heading.Groups["kind"].Value),
            Is.EqualTo(["A backend", "A crash trigger", "A scenario", "A machine", "A plan step"])
        );
    }

    [Test]
    public void A_file_that_does_not_exist_is_reported()
    {
        const string made = "harness/PstoreLab.Harness/Backends/DrumBackend.cs";
        string text = Text.Replace("### A backend\n", $"### A backend\n\n- `{made}`: its own file.\n");
        Assert.That(Missing(text, "A backend"), Is.EqualTo([made]));
        Assert.That(Missing(text, "A machine"), Is.Empty, "it is in no other list");
    }

    [TestCase("A backend", typeof(IBackend))]
    [TestCase("A crash trigger", typeof(ICrashTrigger))]
    [TestCase("A machine", typeof(IMachine))]
    [TestCase("A plan step", typeof(PlanStep))]
    public void Each_of_a_kind_has_its_own_file_and_its_line_in_the_catalogue(string kind, Type type)
    {
        var types = type.Assembly.GetTypes().Where(one => one.IsAssignableTo(type) && !one.IsAbstract).ToList();
        Assert.That(types, Is.Not.Empty, "they were found");
        var files = Files(Text, kind);
        Assert.That(types.Select(one => $"{one.Name}.cs"), Does.Contain(Path.GetFileName(files[0])), "the example");
        Assert.That(Unlisted(files, types), Is.Empty);
    }

    [Test]
    public void What_has_no_file_or_no_line_is_reported()
    {
        Assert.That(
            Unlisted(Files(Text, "A backend"), [typeof(NmiCrash)]),
            Is.EqualTo(["NmiCrash has no file in Backends", "NmiCrash has no line in BackendCatalogue.cs"])
        );
    }

    [Test]
    public void An_architecture_has_its_own_file_beside_the_machines()
    {
        var architectures = typeof(IArchitecture)
            .Assembly.GetTypes()
            .Where(one => one.IsAssignableTo(typeof(IArchitecture)) && !one.IsInterface)
            .Select(one => $"harness/PstoreLab.Harness/Machines/{one.Name}.cs");
        Assert.That(Files(Text, "A machine"), Is.SupersetOf(architectures));
    }

    [Test]
    public void A_scenario_is_a_file_of_its_family_and_covers_what_the_second_file_lists()
    {
        var files = Files(Text, "A scenario");
        string features = File.ReadAllText(Path.Combine(ScenarioBench.Root, files[1]));
        string[] scenarios = Directory.GetFiles(
            Path.Combine(ScenarioBench.Root, files[0].Split('/')[0]),
            "*.yaml",
            SearchOption.AllDirectories
        );
        var covered = scenarios.SelectMany(file => Covered(File.ReadAllText(file))).Distinct().ToList();
        Assert.That(scenarios, Does.Contain(Path.Combine(ScenarioBench.Root, files[0])));
        Assert.That(covered, Has.Count.GreaterThan(5), "they were found");
        Assert.That(covered.Where(name => !features.Contains($"- name: {name}\n")), Is.Empty);
    }

    /// <summary>What a list names, in its order.</summary>
    private static List<string> Files(string text, string kind)
    {
        var section = Regex.Match(text, $@"^### {kind}\n(?<list>[^#]*)", RegexOptions.Multiline);
        return [.. Entry().Matches(section.Groups["list"].Value).Select(entry => entry.Groups["file"].Value)];
    }

    private static IEnumerable<string> Missing(string text, string kind) =>
        Files(text, kind).Where(file => !File.Exists(Path.Combine(ScenarioBench.Root, file)));

    private static IEnumerable<string> Unlisted(List<string> files, IEnumerable<Type> types)
    {
        string folder = Path.GetDirectoryName(Path.Combine(ScenarioBench.Root, files[0]))!;
        string catalogue = File.ReadAllText(Path.Combine(ScenarioBench.Root, files[1]));
        foreach (var type in types)
        {
            if (!File.Exists(Path.Combine(folder, $"{type.Name}.cs")))
                yield return $"{type.Name} has no file in {Path.GetFileName(folder)}";
            if (!Regex.IsMatch(catalogue, $@"(?:new |\.\. |typeof\(){type.Name}\b"))
                yield return $"{type.Name} has no line in {Path.GetFileName(files[1])}";
        }
    }

    private static IEnumerable<string> Covered(string scenario) =>
        Regex
            .Match(scenario, @"^covers: \[?(?<names>[^\]#\n]*)", RegexOptions.Multiline)
            .Groups["names"]
            .Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"^### (?<kind>.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^- `(?<file>[^`]+)`: ", RegexOptions.Multiline)]
    private static partial Regex Entry();
}
