using System.Diagnostics;
using System.IO.Compression;
using PstoreLab.Harness.Archiving;
using PstoreLab.Harness.Initramfs;
using PstoreLab.Harness.Runs;
using PstoreLab.Records.Archive;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Scenarios.Controls;

/// <summary>The real systemd-pstore of each release, without a guest.</summary>
[Category("Systemd")]
[NonParallelizable]
public sealed class ArchiverTests
{
    private static readonly string Fixtures = Path.Combine(
        LabSession.Lab.Paths.Root,
        "tests",
        "PstoreLab.Records.Tests",
        "Fixtures"
    );

    public static IEnumerable<TestCaseData> Releases =>
        LabSession.Lab.RootfsCatalogue.Names.Select(name =>
            new TestCaseData(name).SetArgDisplayNames(name).SetCategory(name == "bookworm" ? "Quick" : name)
        );

    [TestCaseSource(nameof(Releases))]
    public async Task What_it_does_wrong_is_catalogued_and_what_is_catalogued_it_does(string release)
    {
        var report = await CheckAsync(
            await ProgramAsync(release),
            Enumerable.Range(0, ReleaseTally.Telling + 100).Select(new RecordSetGenerator(11).Make)
        );
        TestContext.Out.WriteLine($"{release}: {report.SetsPerSecond:f0} record sets a second");
        Assert.That(Unknown(report), Is.Empty);
        Assert.That(report.Fixed.Select(entry => entry.Id), Is.Empty);
        Assert.That(
            report.Properties.Select(property => property.Property),
            Is.EquivalentTo(Enum.GetValues<ArchiveProperty>().Except([ArchiveProperty.AsExpected]))
        );
    }

    [TestCaseSource(nameof(Releases))]
    public async Task What_real_kernels_left_is_archived_whole(string release)
    {
        var sets = Directory
            .GetFiles(Fixtures, "*.store.gz")
            .Order(StringComparer.Ordinal)
            .Select((file, index) => Real(file, index))
            .ToList();
        Assert.That(sets, Has.Count.GreaterThan(15));
        var report = await CheckAsync(await ProgramAsync(release), sets);
        Assert.That(Unknown(report), Is.Empty);
        Assert.That(
            report.Properties.Single(property => property.Property == ArchiveProperty.NothingLost).Wrong,
            Is.Zero
        );
    }

    [Test]
    [Category("Quick")]
    public async Task A_program_in_its_place_that_only_copies_is_found_out()
    {
        var program = await ProgramAsync("bookworm");
        var folder = await Fixture.FolderAsync();
        File.Copy(Busybox.Locate(Lab.Machine.Architecture), folder.In("busybox"));
        string script = folder.In(SystemdPstore.Loader);
        await File.WriteAllTextAsync(
            script,
            "#!/lib/busybox sh\nPATH=/lib; busybox cp \"$4\"/* \"$5\"/; busybox chmod 644 \"$5\"/*\n"
        );
        File.SetUnixFileMode(script, File.GetUnixFileMode(folder.In("busybox")));
        var report = await CheckAsync(
            program with
            {
                Folder = folder.Root,
            },
            Enumerable.Range(2, 30).Select(new RecordSetGenerator(11).Make)
        );
        Assert.That(
            report
                .Properties.Where(property => property.Causes.Any(cause => cause.Known is null))
                .Select(property => property.Property),
            Is.SupersetOf(
                new[] { ArchiveProperty.Reassembled, ArchiveProperty.ModesClosed, ArchiveProperty.StoreFreed }
            )
        );
    }

    private static async Task<SystemdPstore> ProgramAsync(string release)
    {
        var cancellation = TestContext.CurrentContext.CancellationToken;
        return await new SystemdPstoreFiles(LabSession.Lab.Runner, Lab.Machine.Architecture).EnsureAsync(
            await LabSession.Lab.Rootfs.EnsureAsync(release, cancellation),
            cancellation
        );
    }

    private static async Task<ReleaseReport> CheckAsync(SystemdPstore program, IEnumerable<RecordSet> sets)
    {
        using var archiver = new SystemdArchiver(LabSession.Lab.Runner, program);
        var tally = new ReleaseTally(program.Release, program.Version, KnownArchiverFaults.All);
        long start = Stopwatch.GetTimestamp();
        await new ConformanceCheck(archiver).RunAsync(sets, tally.Add, TestContext.CurrentContext.CancellationToken);
        return tally.Report(Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static IEnumerable<string> Unknown(ReleaseReport report) =>
        from property in report.Properties
        from cause in property.Causes
        where cause.Known is null
        select $"{cause.Example.Set}: {property.Property}: {cause.Text}";

    /// <summary>As the kernel that wrote it listed it: <c>BACKEND-KERNEL.store.gz</c>.</summary>
    private static RecordSet Real(string file, int number)
    {
        string name = Path.GetFileName(file)[..^".store.gz".Length];
        using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var image = new MemoryStream();
        packed.CopyTo(image);
        var format = StoreFormats.Recognise(
            image.GetBuffer().AsSpan(0, (int)Math.Min(image.Length, 1 << 16)),
            image.Length
        )!;
        var kernel = Version.Parse(name[(name.LastIndexOf('-') + 1)..]);
        var store = format.Decode(image.ToArray(), new StoreOptions { Kernel = kernel, Cpus = 1 });
        var method = name.Contains("-842-", StringComparison.Ordinal)
            ? CompressionMethod.Sw842
            : CompressionMethod.Deflate;
        var listing = ListedRecord.FromListing(PstoreListing.Predict(store, kernel, method)).ToList();
        Assert.That(listing, Is.Not.Empty, name);
        return new RecordSet(number, name, listing[0].Name.Backend, [listing], true, []);
    }
}
