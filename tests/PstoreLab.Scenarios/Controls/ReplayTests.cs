using System.IO.Compression;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Replays;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;
using PstoreLab.Records;
using PstoreLab.Records.Stores;

namespace PstoreLab.Scenarios.Controls;

/// <summary>Stores that a real kernel reads, one after another, without a boot in between.</summary>
[Category("Controls")]
[NonParallelizable]
public sealed class ReplayTests
{
    private static readonly string Fixtures = Path.Combine(
        LabSession.Lab.Paths.Root,
        "tests",
        "PstoreLab.Records.Tests",
        "Fixtures"
    );

    /// <summary>
    /// Each store differs from the one before, so a kernel that did not read it again, or a host that did not look,
    /// would be found out.
    /// </summary>
    [TestCase("ramoops-debian-6.1", StoreKind.Ramoops)]
    [TestCase("pstore-blk-debian-6.1", StoreKind.PstoreBlk)]
    [Category("Quick")]
    public async Task Damaged_stores_are_shown_as_predicted(string fixture, StoreKind kind)
    {
        var (folder, left, results) = await ReadAsync(Damaged(fixture, kind, count: 8));
        Assert.That(left, Is.Empty);
        Assert.That(results.Select(result => result.Verdict), Has.Exactly(8).EqualTo(Verdict.Passed));
        Assert.That(
            results.Select(result => ContentOf(folder, result)).Distinct().Count(),
            Is.GreaterThan(4),
            "the guest shows another record of each"
        );
    }

    [Test]
    public async Task What_a_kernel_refuses_is_left_to_boots_of_their_own()
    {
        // ramoops_probe wants zones that are not larger than the area (fs/pstore/ram.c).
        var (_, left, results) = await ReadAsync([
            .. Damaged("ramoops-debian-6.1", StoreKind.Ramoops, count: 4)
                .Select(store =>
                    (
                        store.Case with
                        {
                            Parameters = new Dictionary<string, string>(store.Case.Parameters)
                            {
                                ["ramoops.console_size"] = "0x200000",
                            },
                        },
                        store.Store
                    )
                ),
        ]);
        Assert.That(results, Is.Empty);
        Assert.That(left, Has.Count.EqualTo(4));
    }

    private static async Task<(RunFolder, IReadOnlyList<Case>, IReadOnlyList<CaseResult>)> ReadAsync(
        IReadOnlyList<(Case Case, ReplayedStore Store)> stores
    )
    {
        var session = await LabSession.CurrentAsync();
        var folder = await Fixture.FolderAsync();
        var results = new List<CaseResult>();
        var left = await new Replay(
            LabSession.Lab.Runner,
            LabSession.Lab.Images,
            LabSession.Lab.Initramfs,
            session.Accelerator,
            folder,
            TimeProvider.System,
            new Progress<string>(TestContext.Out.WriteLine)
        ).ReadAsync(
            stores,
            guests: 1,
            result =>
            {
                results.Add(result);
                return Task.CompletedTask;
            },
            CancellationToken.None
        );
        return (folder, left, results);
    }

    /// <summary>The record of a real panic or oops, with one wrong bit more in each.</summary>
    private static List<(Case Case, ReplayedStore Store)> Damaged(string fixture, StoreKind kind, int count)
    {
        using var packed = new GZipStream(
            File.OpenRead(Path.Combine(Fixtures, $"{fixture}.store.gz")),
            CompressionMode.Decompress
        );
        using var unpacked = new MemoryStream();
        packed.CopyTo(unpacked);
        byte[] content = unpacked.ToArray();
        int[] written =
        [
            .. Enumerable.Range(0, content.Length).Where(at => at > 64 && content[at] is not 0 and not 0xff),
        ];
        var random = new Random(5);
        var stores = new List<(Case, ReplayedStore)>();
        for (int number = 1; number <= count; number++)
        {
            string file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{fixture}-{number}.store");
            File.WriteAllBytes(file, content);
            var store = new ReplayedStore(
                $"{fixture} {number}",
                content.ToArray(),
                StoreFormats.Get(kind).Decode(content, StoreOptions.None)
            );
            stores.Add((ReplayCase.Of(number, store, file, "debian-6.1"), store));
            content[written[random.Next(written.Length)]] ^= (byte)(1 << random.Next(8));
        }

        return stores;
    }

    private static string ContentOf(RunFolder folder, CaseResult result)
    {
        string records = Path.Combine(folder.In(result.Folder), "records-1");
        return string.Concat(Directory.GetFiles(records).Select(file => RecordText.FromBytes(File.ReadAllBytes(file))));
    }
}
