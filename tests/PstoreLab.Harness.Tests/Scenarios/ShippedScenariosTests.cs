using PstoreLab.Harness.Images;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Scenarios;

public sealed class ShippedScenariosTests
{
    private const string Rewrite = "PSTORELAB_REWRITE_SCHEMA";

    private static string Folder => Path.Combine(ScenarioBench.Root, "scenarios");

    /// <summary>With the kernels and the systemd guests that are shipped, too.</summary>
    private static Vocabulary Vocabulary { get; } = ScenarioBench.Vocabulary with
    {
        Kernels = KernelCatalogue.Load(Path.Combine(ScenarioBench.Root, "images", "kernels.yaml")).Names,
        SystemdGuests = [.. RootfsCatalogue.Load(Path.Combine(ScenarioBench.Root, "images", "rootfs.yaml")).Names],
    };

    private static IReadOnlyList<Case> Load(params string[] words) => new ScenarioLoader(Folder, Vocabulary).Load(words);

    [Test]
    public void Every_shipped_scenario_is_right() => Assert.That(Load().Select(c => c.Id), Is.Unique.And.Not.Empty);

    [Test]
    public void Every_family_has_a_quick_case() =>
        Assert.That(Load().GroupBy(c => c.Family).Where(family => !family.Any(c => c.Quick)).Select(family => family.Key), Is.Empty);

    [TestCase("archive/record-archived", 10, 2)]
    [TestCase("layout/zone-order", 16, 1)]
    [TestCase("layout/address-zone-down", 5, 1)]
    [TestCase("layout/address-page-up", 5, 0)]
    [TestCase("layout/efi-record-size-lowered", 6, 0)]
    [TestCase("layout/efi-record-size-raised", 9, 0)]
    [TestCase("cycle/record-whole", 30, 6)]
    [TestCase("cycle/erase-frees", 6, 1)]
    [TestCase("cycle/two-crashes", 4, 1)]
    [TestCase("cycle/ramoops-overwrites", 2, 1)]
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

    [Test]
    public void The_negative_control_of_the_tests_is_a_right_scenario()
    {
        var path = Path.Combine(ScenarioBench.Root, "tests", "PstoreLab.Scenarios", "Fixtures", "expects-record-after-no-crash.yaml");
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
            $"rewrite it with: {Rewrite}=1 dotnet test tests/PstoreLab.Harness.Tests --filter {nameof(ShippedScenariosTests)}");
    }
}
