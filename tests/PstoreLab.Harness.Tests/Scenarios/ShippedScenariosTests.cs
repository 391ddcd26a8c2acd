using PstoreLab.Harness.Archiving;
using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Reports.Coverage;
using PstoreLab.Harness.Rootfs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Scenarios;

public sealed class ShippedScenariosTests
{
    private const string Rewrite = "PSTORELAB_REWRITE_SCHEMA";

    private static string Folder => Path.Combine(ScenarioBench.Root, "scenarios");

    /// <summary>With the kernels and the systemd guests that are shipped, too.</summary>
    private static IReadOnlyList<Feature> Features { get; } =
        Feature.Load(Path.Combine(ScenarioBench.Root, "scenarios", "features.yaml"));

    private static Vocabulary Vocabulary { get; } =
        ScenarioBench.Vocabulary with
        {
            Crashes = [.. CrashCatalogue.All.Select(crash => crash.Name)],
            Survived = [.. CrashCatalogue.All.Where(crash => crash.Survived).Select(crash => crash.Name)],
            Features = [.. Features.Select(feature => feature.Name)],
            Kernels = KernelCatalogue.Load(Path.Combine(ScenarioBench.Root, "images", "kernels.yaml")).Names,
            SystemdGuests = [.. RootfsCatalogue.Load(Path.Combine(ScenarioBench.Root, "images", "rootfs.yaml")).Names],
        };

    private static IReadOnlyList<Case> Load(params string[] words) =>
        new ScenarioLoader(Folder, Vocabulary).Load(words);

    [Test]
    public void Every_shipped_scenario_is_right() => Assert.That(Load().Select(c => c.Id), Is.Unique.And.Not.Empty);

    [Test]
    public void Every_family_has_a_quick_case() =>
        Assert.That(
            Load().GroupBy(c => c.Family).Where(family => !family.Any(c => c.Quick)).Select(family => family.Key),
            Is.Empty
        );

    [TestCase("archive/record-archived", 10, 1)]
    [TestCase("bugs/pmsg-lost-across-6.2", 16, 1)]
    [TestCase("layout/address-zone-down", 5, 1)]
    [TestCase("bugs/header-written-into-a-record", 5, 0)]
    [TestCase("bugs/larger-efi-records-hidden", 6, 1)]
    [TestCase("layout/efi-record-size-raised", 9, 0)]
    [TestCase("cycle/record-whole", 30, 6)]
    [TestCase("cycle/erase-frees", 6, 1)]
    [TestCase("cycle/two-crashes", 4, 1)]
    [TestCase("bugs/unread-record-overwritten", 5, 1)]
    [TestCase("bugs/efi-backend-renamed", 8, 1)]
    [TestCase("cycle/ramoops-ecc", 12, 1)]
    [TestCase("upgrade/record-read", 243, 2)]
    [TestCase("upgrade/oops-read", 49, 2)]
    [TestCase("compression/record-read", 126, 6)]
    [TestCase("compression/record-read-in-parts", 40, 1)]
    [TestCase("compression/changed-back", 14, 1)]
    [TestCase("compression/falls-back", 25, 1)]
    [TestCase("bugs/decompression-failed-after-upgrade", 12, 1)]
    [TestCase("control/no-crash", 6, 1)]
    [TestCase("control/power-cut-before-commit", 3, 1)]
    public void A_shipped_scenario_has_the_cells_it_promises(string scenario, int cells, int quick)
    {
        var cases = Load(scenario);
        Assert.That((cases.Count, cases.Count(c => c.Quick)), Is.EqualTo((cells, quick)));
    }

    // One that matches every line would be the cause of everything.
    [Test]
    public void No_message_of_the_catalogue_is_in_an_ordinary_line()
    {
        string[] lines =
        [
            "",
            "pstore: Using crash dump compression: deflate",
            "systemd-pstore.service: Deactivated successfully.",
        ];
        var bugs = new ScenarioLoader(Folder, Vocabulary).Bugs();
        Assert.That(bugs.Count(bug => bug.Messages.Count > 0), Is.GreaterThan(15));
        foreach (var (bug, message) in bugs.SelectMany(bug => bug.Messages.Select(message => (bug, message))))
        {
            Assert.That(message.Text.Trim('*', ' '), Has.Length.GreaterThan(10), bug.Name);
            Assert.That(lines.Any(message.Matches), Is.False, $"{bug.Name}: {message}");
        }
    }

    [Test]
    public void Every_known_bug_is_described_and_every_described_one_is_known_somewhere_or_says_why_not()
    {
        // What is known and not described is refused by Bugs() itself (BugCatalogueTests).
        var bugs = new ScenarioLoader(Folder, Vocabulary).Bugs();
        Assert.That(
            bugs.Where(bug => bug.ShownBy.Count == 0 && bug.NotShown is null).Select(bug => bug.Name),
            Is.Empty
        );
        Assert.That(
            bugs.Select(bug => Path.GetDirectoryName(Path.GetRelativePath(Folder, bug.Source.File))),
            Is.All.EqualTo("bugs")
        );
    }

    [Test]
    public void Every_known_fault_of_an_archiver_is_described() =>
        Assert.That(
            KnownArchiverFaults.All.Select(fault => fault.Id),
            Is.SubsetOf(new ScenarioLoader(Folder, Vocabulary).Bugs().Select(bug => bug.Name))
        );

    [Test]
    public void No_documented_feature_is_without_a_case_or_a_reason_on_any_backend_and_kernel()
    {
        var table = CoverageTable.Of(Features, [.. Vocabulary.Backends], [.. Vocabulary.Kernels], Load(), []);
        Assert.That(
            table
                .Cells.Where(cell => cell.State == CoverageState.Empty)
                .Select(cell => $"{cell.Feature} {cell.Backend} {cell.Kernel}"),
            Is.Empty
        );
        Assert.That(
            Features.Where(feature => feature.Elsewhere is null).Select(feature => feature.Name),
            Is.SubsetOf(Load().SelectMany(@case => @case.Covers)),
            "a feature that no case shows anywhere"
        );
    }

    [Test]
    public void The_negative_control_of_the_tests_is_a_right_scenario()
    {
        var path = Path.Combine(
            ScenarioBench.Root,
            "tests",
            "PstoreLab.Scenarios",
            "Fixtures",
            "expects-record-after-no-crash.yaml"
        );
        Assert.That(Load(path).Single().Id, Is.EqualTo("Fixtures/expects-record-after-no-crash"));
    }

    [Test]
    public void The_shipped_schema_is_what_the_types_say()
    {
        var path = Path.Combine(Folder, "scenario.schema.json");
        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
            File.WriteAllText(path, ScenarioSchema.Generate());
        Assert.That(
            File.Exists(path) ? File.ReadAllText(path) : "",
            Is.EqualTo(ScenarioSchema.Generate()),
            $"rewrite it with: {Rewrite}=1 dotnet test tests/PstoreLab.Harness.Tests --filter "
                + $"{nameof(ShippedScenariosTests)}"
        );
    }
}
