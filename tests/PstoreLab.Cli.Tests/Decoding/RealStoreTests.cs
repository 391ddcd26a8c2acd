using System.IO.Compression;
using System.Text;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Tests.Decoding;

/// <summary>What <c>decode</c> says of the stores of real kernels; see the README of the fixtures.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class RealStoreTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Fixtures");

    private static IEnumerable<string> Stores =>
        Directory.EnumerateFiles(Folder, "*.store.gz").Select(path => Path.GetFileName(path)).Order();

    [Test]
    public void There_are_stores() => Assert.That(Stores.Count(), Is.EqualTo(25));

    [TestCaseSource(nameof(Stores))]
    public async Task It_is_told_as_it_was_approved(string store)
    {
        string approved = Encoding.UTF8.GetString(Unpacked(store.Replace(".store.gz", ".decoded.txt.gz")));
        Assert.That(
            await CommandRun.OutputAsync(Folder, "decode", store),
            Is.EqualTo(approved),
            "Fixtures/make.sh texts writes it again"
        );
    }

    [Test]
    public async Task Gzipped_and_plain_it_is_told_the_same()
    {
        using var folder = new StoreFolder();
        folder.Write("plain", Unpacked("erst-debian-6.1.store.gz"));
        string plain = await CommandRun.OutputAsync(folder.Root, "decode", "plain");
        string packed = await CommandRun.OutputAsync(Folder, "decode", "erst-debian-6.1.store.gz");
        Assert.That(plain.Split('\n')[0], Is.EqualTo("plain, 65536 bytes"));
        Assert.That(packed.Split('\n')[0], Is.EqualTo("erst-debian-6.1.store.gz, 65536 bytes unpacked"));
        Assert.That(plain.Split('\n')[1..], Is.EqualTo(packed.Split('\n')[1..]));
    }

    [Test]
    public async Task Six_flipped_bytes_in_a_block_are_told_as_mended()
    {
        string text = await Flipped(6);
        Assert.That(
            text,
            Does.Contain("    ECC, 16 bytes per 128: 6 bytes corrected\n")
                .And.Contain("Kernel panic - not syncing: sysrq triggered crash")
        );
        Assert.That(text, Does.Not.Contain("beyond repair").And.Not.Contain("DAMAGED"));
    }

    [Test]
    public async Task Of_forty_flipped_bytes_it_is_told_which_block_is_lost()
    {
        string text = await Flipped(40);
        Assert.That(text, Does.Contain("    ECC, 16 bytes per 128: 0 bytes corrected, 1 block beyond repair\n"));
        Assert.That(
            text,
            Does.Contain("    ! block 3, bytes 384 to 511 of the zone's data, is damaged beyond repair\n")
        );
        Assert.That(
            text,
            Does.Contain(
                "\n──── Panic#1, 1 part, DAMAGED: nothing behind byte 482 of its text can be read, dmesg-ramoops-0\n"
            )
        );
    }

    [Test]
    public async Task Nothing_flipped_is_told_as_no_errors() =>
        Assert.That(await Flipped(0), Does.Contain("    ECC, 16 bytes per 128: no errors\n"));

    private static async Task<string> Flipped(int count)
    {
        byte[] image = Unpacked("ramoops-ecc-debian-6.1.store.gz");
        var data = StoreFormats
            .Get(StoreKind.Ramoops)
            .Decode(image, StoreOptions.None)
            .Records.Single()
            .Regions.Single(region => region.Kind == RegionKind.Data);
        for (int index = 0; index < count; index++)
            image[data.Offset + (3 * 128) + (3 * index)] ^= 0xff;
        using var folder = new StoreFolder();
        string flipped = folder.Write("flipped", image);
        // Eight bytes of a block can be corrected.
        return count > 8
            ? await CommandRun.OfDamageAsync(folder.Root, "decode", flipped)
            : await CommandRun.OutputAsync(folder.Root, "decode", flipped);
    }

    private static byte[] Unpacked(string name)
    {
        using var packed = new GZipStream(File.OpenRead(Path.Combine(Folder, name)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        packed.CopyTo(bytes);
        return bytes.ToArray();
    }
}
