using System.Text.Json;
using PstoreLab.Harness.Archiving;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Archiving;

/// <summary>An archiver that does all right is told so, and one that does one thing wrong is found out.</summary>
public class ConformanceCheckTests
{
    private const int Some = 90;

    [Test]
    public async Task An_ideal_archiver_has_every_property()
    {
        using var archiver = new IdealArchiver();
        var report = await CheckAsync(archiver, Some);
        Assert.That(
            report.Properties.Select(property => property.Property),
            Is.EquivalentTo(Enum.GetValues<ArchiveProperty>().Except([ArchiveProperty.AsExpected])),
            "each is shown by some set"
        );
        Assert.That(report.Properties.SelectMany(property => property.Causes.Select(cause => cause.Text)), Is.Empty);
        Assert.That(report.Sets, Is.EqualTo(Some));
        Assert.That(report.IsAsKnown, "so few sets do not show that a bug is fixed");
        Assert.That(Directory.GetFileSystemEntries(archiver.Workspace), Is.Empty, "nothing is left behind");
    }

    [Test]
    public async Task A_release_without_its_bugs_is_not_as_it_is_catalogued()
    {
        using var archiver = new IdealArchiver();
        var report = await CheckAsync(archiver, ReleaseTally.Telling);
        Assert.That(report.Fixed, Is.EquivalentTo(KnownArchiverFaults.All.Where(entry => entry.IsIn(257))));
        Assert.That(report.IsAsKnown, Is.False);
    }

    public static IEnumerable<TestCaseData> Plants
    {
        get
        {
            yield return Plant(
                ArchiveProperty.NothingLost,
                (set, _) => Each(set, "*.txt", File.Delete) + Each(set, "dmesg-*", File.Delete)
            );
            yield return Plant(
                ArchiveProperty.RecordsKept,
                (set, _) =>
                    Each(
                        set,
                        "*.txt",
                        text => File.Delete(Directory.GetFiles(Path.GetDirectoryName(text)!, "dmesg-*")[0])
                    )
            );
            yield return Plant(ArchiveProperty.Reassembled, (set, _) => Each(set, "*.txt", File.Delete));
            yield return Plant(
                ArchiveProperty.NotSplit,
                (set, _) =>
                    Each(
                        set,
                        "*.txt",
                        text =>
                        {
                            byte[] content = File.ReadAllBytes(text);
                            int second = content.AsSpan(1).IndexOf("\nPanic#"u8) + 2;
                            Directory.CreateDirectory($"{Path.GetDirectoryName(text)}/more");
                            File.WriteAllBytes($"{Path.GetDirectoryName(text)}/more/dmesg.txt", content[..second]);
                            File.WriteAllBytes(text, content[second..]);
                        }
                    )
            );
            yield return Plant(
                ArchiveProperty.NotMerged,
                (set, _) =>
                    Each(set, "*.txt", text => File.AppendAllText(text, "Oops#9 Part1\n<1>[   17.000000] of another\n"))
            );
            yield return Plant(
                ArchiveProperty.InOrder,
                (set, _) =>
                    Each(
                        set,
                        "*.txt",
                        text =>
                        {
                            string[] pieces = File.ReadAllText(text).Split("Panic#");
                            File.WriteAllText(text, string.Join("Panic#", pieces.Skip(1).Append("").Reverse()));
                        }
                    )
            );
            yield return Plant(
                ArchiveProperty.TextUnaltered,
                (set, _) =>
                    Each(
                        set,
                        "*.txt",
                        text =>
                        {
                            byte[] content = File.ReadAllBytes(text);
                            content[^2] ^= 1;
                            File.WriteAllBytes(text, content);
                        }
                    )
            );
            yield return Plant(
                ArchiveProperty.NotRepeated,
                (set, _) => Each(set, "*.txt", text => File.AppendAllText(text, File.ReadAllText(text)))
            );
            yield return Plant(
                ArchiveProperty.ModesClosed,
                (set, _) =>
                    Each(
                        set,
                        "dmesg-*",
                        file => File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.OtherRead)
                    )
            );
            yield return Plant(
                ArchiveProperty.StoreFreed,
                (set, _) =>
                    Each(
                        set,
                        "dmesg-*",
                        file => File.Copy(file, $"{set}/pstore/{Path.GetFileName(file)}", overwrite: true)
                    )
            );
            yield return Plant(
                ArchiveProperty.StoreKept,
                (set, unlink) =>
                    unlink ? 0
                    : Array.TrueForAll(Directory.GetFiles($"{set}/pstore"), file => Delete(file)) ? 0
                    : 1
            );
            yield return Plant(
                ArchiveProperty.ForeignKept,
                (set, _) => Each(set, "README", file => File.AppendAllText(file, "."))
            );
            yield return Plant(ArchiveProperty.NoComplaint, (_, _) => 1);
        }
    }

    [TestCaseSource(nameof(Plants))]
    public async Task An_archiver_that_does_it_wrong_is_found_out(
        ArchiveProperty property,
        Func<string, bool, int> spoil
    )
    {
        using var archiver = new IdealArchiver(spoil);
        var report = await CheckAsync(archiver, Some);
        var found = report.Properties.Single(shown => shown.Property == property);
        Assert.That(found.Wrong, Is.Positive);
        Assert.That(found.Causes.Any(cause => cause.Known is null), "as something that is not catalogued");
        Assert.That(report.IsAsKnown, Is.False);
    }

    [Test]
    public async Task The_smallest_example_is_kept_whole()
    {
        using var archiver = new IdealArchiver((set, _) => Each(set, "*.txt", File.Delete));
        using var scratch = new ScratchFolder();
        var report = await CheckAsync(archiver, Some);
        KeptExamples.Write(scratch.Path, report);
        var example = report
            .Properties.Single(property => property.Property == ArchiveProperty.Reassembled)
            .Causes.Single()
            .Example;
        string kept = Path.Combine(scratch.Path, "planted/reassembled-not-known");
        Assert.That(example.Set.Size.Records, Is.EqualTo(2), "a dump of two parts");
        Assert.That(
            Directory.GetFiles(Path.Combine(kept, "pstore-1")).Select(Path.GetFileName),
            Is.EquivalentTo(example.Set.Rounds[0].Select(record => record.Name.ToString()))
        );
        Assert.That(
            File.ReadAllText(Path.Combine(kept, "faults.txt")),
            Does.Contain($"set {example.Set.Number}: ").And.Contain("Reassembled: ")
        );
        using var json = JsonDocument.Parse(ConformanceJson.Of(1, [report], new Dictionary<string, string>()));
        var property = json
            .RootElement.GetProperty("releases")[0]
            .GetProperty("properties")
            .EnumerateArray()
            .Single(one => one.GetProperty("property").GetString() == "reassembled");
        Assert.That(
            property.GetProperty("causes")[0].GetProperty("example").GetProperty("set").GetInt32(),
            Is.EqualTo(example.Set.Number)
        );
    }

    [TestCase("252.39-1~deb12u2", ExpectedResult = 252)]
    [TestCase("262-1", ExpectedResult = 262)]
    [TestCase("258~rc1-1", ExpectedResult = 258)]
    public int A_package_version_begins_with_systemds(string version) => SystemdPstore.SystemdOf(version);

    [Test]
    public void Names_in_the_catalogue_are_names_of_one_thing() =>
        Assert.That(KnownArchiverFaults.All.Select(entry => entry.Id), Is.Unique);

    private static async Task<ReleaseReport> CheckAsync(IArchiver archiver, int sets)
    {
        var tally = new ReleaseTally("planted", "257.1-1", KnownArchiverFaults.All);
        await new ConformanceCheck(archiver).RunAsync(
            Enumerable.Range(0, sets).Select(new RecordSetGenerator(1).Make),
            tally.Add,
            CancellationToken.None
        );
        return tally.Report(1);
    }

    private static TestCaseData Plant(ArchiveProperty property, Func<string, bool, int> spoil) =>
        new TestCaseData(property, spoil).SetArgDisplayNames($"{property}");

    private static bool Delete(string file)
    {
        File.Delete(file);
        return true;
    }

    private static int Each(string set, string pattern, Action<string> spoil)
    {
        foreach (string file in Directory.GetFiles(Path.Combine(set, "archive"), pattern, SearchOption.AllDirectories))
            spoil(file);
        return 0;
    }
}
