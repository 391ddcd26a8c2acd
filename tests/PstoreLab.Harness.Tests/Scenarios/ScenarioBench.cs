using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Scenarios;

/// <summary>A folder of scenarios that a test writes itself, gone afterwards.</summary>
internal sealed class ScenarioBench : IDisposable
{
    public static Vocabulary Vocabulary { get; } =
        new(
            ["ramoops", "erst", "efi", "pstore-blk", "mtd-pstore"],
            ["sysrq-c", "nmi", "oops"],
            ["debian-5.10", "debian-6.1", "debian-6.12", "debian-6.18", "debian-7.2"]
        )
        {
            Machines = ["pc", "virt"],
            Survived = ["oops"],
            SystemdGuests = ["bookworm", "trixie"],
        };

    public string Folder { get; } = Directory.CreateTempSubdirectory("scenarios-").FullName;

    public static string Root { get; } = FindRoot();

    public ScenarioLoader Loader => new(Folder, Vocabulary);

    public string Write(string name, string yaml)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, yaml);
        return path;
    }

    public IReadOnlyList<Case> Load(params string[] words) => Loader.Load(words);

    public string FailureOf(params string[] words) =>
        Assert.Throws<UsageException>(() => Load(words))!.Message.Replace(Folder + "/", "");

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PstoreLab.sln")))
            folder =
                Path.GetDirectoryName(folder)
                ?? throw new DirectoryNotFoundException("no PstoreLab.sln above the tests");
        return folder;
    }
}
