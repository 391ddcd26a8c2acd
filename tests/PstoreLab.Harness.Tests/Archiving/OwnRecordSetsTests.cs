using PstoreLab.Harness.Archiving;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Records.Archive;

namespace PstoreLab.Harness.Tests.Archiving;

/// <summary>
/// Record sets of one's own: read as they were written, refused where something is missing, and judged.
/// </summary>
public sealed class OwnRecordSetsTests
{
    private const string First = "dmesg-efi-171500000801001";
    private const string Second = "dmesg-efi-171500000802001";

    private ScratchFolder _scratch = null!;

    [SetUp]
    public void MakeASet()
    {
        _scratch = new ScratchFolder();
        _scratch.Write($"sets/mine/pstore-1/{First}", "Panic#1 Part1\n<0>[    2.000000] newest\n");
        _scratch.Write($"sets/mine/pstore-1/{Second}", "Panic#1 Part2\n<0>[    1.000000] oldest\n");
        _scratch.Write("sets/mine/expected/there/nothing.txt", "of records");
    }

    [TearDown]
    public void DeleteIt() => _scratch.Dispose();

    private string Sets => Path.Combine(_scratch.Path, "sets");

    [Test]
    public void It_is_what_lies_in_its_folder()
    {
        _scratch.Write("sets/mine/before/kept", "by hand");
        _scratch.Write("sets/mine/pstore.conf", "[PStore]\n# as on our boards\nUnlink=no\n");
        _scratch.Write("sets/mine/pstore-2/.gitkeep", "");
        var set = OwnRecordSets.Read(Sets).Single();
        Assert.That($"{set}", Is.EqualTo("set 0: mine on efi, 2 records then 0 records, Unlink=no"));
        Assert.That(set.Rounds[0].Select(record => $"{record.Name}"), Is.EqualTo(new[] { First, Second }));
        Assert.That(set.Expected!.Select(file => file.Path), Is.EqualTo(new[] { "there/nothing.txt" }));
        Assert.That(set.Foreign.Select(file => file.Path), Is.EqualTo(new[] { "kept" }));
    }

    [Test]
    public void What_is_written_is_read_again()
    {
        var set = new RecordSetGenerator(1).Make(12) with { Kind = "again" };
        var files = new[] { new ArchivedFile("a/dmesg.txt", "text"u8.ToArray(), UnixFileMode.UserRead) };
        OwnRecordSets.Write(Path.Combine(_scratch.Path, "more", "again"), set, OwnRecordSets.Expected, files);
        var read = OwnRecordSets.Read(Path.Combine(_scratch.Path, "more")).Single();
        Assert.That(
            read.Rounds,
            Is.EqualTo(set.Rounds.Select(round => round.OrderBy(one => $"{one.Name}", StringComparer.Ordinal)))
        );
        Assert.That((read.Unlink, read.Backend), Is.EqualTo((set.Unlink, set.Backend)));
        Assert.That(read.Foreign.Select(file => file.Path), Is.EquivalentTo(set.Foreign.Select(file => file.Path)));
        Assert.That(read.Expected!.Single().Content.ToArray(), Is.EqualTo("text"u8.ToArray()));
    }

    [Test]
    public void What_is_missing_is_named()
    {
        Assert.That(Refusal(Path.Combine(_scratch.Path, "none")), Does.EndWith("/none: there is no such folder"));
        Directory.CreateDirectory(Path.Combine(_scratch.Path, "none"));
        Assert.That(
            Refusal(Path.Combine(_scratch.Path, "none")),
            Does.Contain("no record set is in it; expected a folder")
        );
        _scratch.Write($"sets/mine/pstore-3/{First}", "");
        Assert.That(
            Refusal(Sets),
            Does.EndWith("/mine/pstore-2: there is no such folder, and there is one of a later boot")
        );
        Directory.Delete(Path.Combine(Sets, "mine/pstore-3"), recursive: true);
        _scratch.Write("sets/mine/pstore.conf", "Storage=journal\n");
        Assert.That(Refusal(Sets), Does.EndWith("found 'Storage=journal', expected Unlink=yes or Unlink=no"));
        File.Delete(Path.Combine(Sets, "mine/pstore.conf"));
        string stray = _scratch.Write("sets/mine/pstore-1/notes.txt", "");
        Assert.That(Refusal(Sets), Does.Contain("/pstore-1/notes.txt: pstore gives no such name"));
        File.Delete(stray);
        File.CreateSymbolicLink(stray, "/dev/zero");
        Assert.That(Refusal(Sets), Does.EndWith("/notes.txt: it is no plain file"));
        File.Delete(stray);
        Directory.Delete(Path.Combine(Sets, "mine/expected"), recursive: true);
        Assert.That(Refusal(Sets), Does.Contain("/mine: there is no expected/ in it, the archive that must come of"));
        Directory.Delete(Path.Combine(Sets, "mine/pstore-1"), recursive: true);
        Assert.That(Refusal(Sets), Does.Contain("/mine: there is no pstore-1/ in it"));
    }

    [Test]
    public async Task An_archive_that_is_not_the_expected_one_is_found_out()
    {
        using var archiver = new IdealArchiver();
        var fault = (await CheckAsync(archiver))
            .Properties.Single(property => property.Property == ArchiveProperty.AsExpected)
            .Causes.Single();
        Assert.That(fault.Text, Is.EqualTo("there/nothing.txt is not in the archive, and is expected"));
        Assert.That(fault.Known, Is.Null);
    }

    [Test]
    public async Task The_expected_archive_may_have_faults_and_no_others_do()
    {
        // Both parts are kept, and nobody puts them together.
        Directory.Delete(Path.Combine(Sets, "mine/expected"), recursive: true);
        foreach (string name in new[] { First, Second })
            _scratch.Write($"sets/mine/expected/{name}", File.ReadAllText(Path.Combine(Sets, "mine/pstore-1", name)));
        using var copier = new IdealArchiver((set, _) => Flat(set));
        Assert.That((await CheckAsync(copier)).Properties.Where(property => property.Wrong > 0), Is.Empty);
        using var forgetful = new IdealArchiver(
            (set, _) =>
            {
                Flat(set);
                File.AppendAllText($"{set}/archive/{Second}", "more");
                return 0;
            }
        );
        var report = await CheckAsync(forgetful);
        Assert.That(
            report.Properties.Where(property => property.Wrong > 0).Select(property => property.Property),
            Is.EqualTo(new[] { ArchiveProperty.TextUnaltered, ArchiveProperty.AsExpected })
        );
    }

    [Test]
    public async Task What_no_archiver_leaves_is_no_hindrance()
    {
        using var archiver = new IdealArchiver(
            (set, _) =>
            {
                File.WriteAllText($"{set}/pstore/notes", "");
                File.CreateSymbolicLink($"{set}/archive/link", "/");
                return 0;
            }
        );
        var messages = (await CheckAsync(archiver)).Properties.Single(one =>
            one.Property == ArchiveProperty.NoComplaint
        );
        Assert.That(messages.Causes.Single().Text, Is.EqualTo("archive/link is no file of a record or an archive"));
    }

    /// <summary>Only the record files, all in the archive itself.</summary>
    private static int Flat(string set)
    {
        foreach (string file in Directory.GetFiles($"{set}/archive", "dmesg-*", SearchOption.AllDirectories))
            File.Move(file, $"{set}/archive/{Path.GetFileName(file)}");
        foreach (string folder in Directory.GetDirectories($"{set}/archive"))
            Directory.Delete(folder, recursive: true);
        return 0;
    }

    private async Task<ReleaseReport> CheckAsync(IdealArchiver archiver)
    {
        var tally = new ReleaseTally("mine", null, KnownArchiverFaults.All, int.MaxValue);
        await new ConformanceCheck(archiver).RunAsync(OwnRecordSets.Read(Sets), tally.Add, CancellationToken.None);
        return tally.Report(1);
    }

    private static string Refusal(string folder) =>
        Assert.Throws<UsageException>(() => OwnRecordSets.Read(folder))!.Message;
}
