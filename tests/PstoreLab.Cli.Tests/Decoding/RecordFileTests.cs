using System.Text;
using System.Text.Json;
using PstoreLab.Records.Compression;

namespace PstoreLab.Cli.Tests.Decoding;

/// <summary>Files out of <c>/sys/fs/pstore</c>, which a kernel could not uncompress.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class RecordFileTests
{
    private static readonly string Log = string.Concat(
        Enumerable
            .Range(1, 60)
            .Select(line =>
                $"<6>[    {line / 10}.{line * 7919 % 1_000_000:d6}] pci 0000:00:{line:x2}.0: reg 0x{line * 40503:x}\n"
            )
    );

    [TestCase(CompressionMethod.Deflate, "deflate")]
    [TestCase(CompressionMethod.Zlib, "deflate in a zlib container")]
    [TestCase(CompressionMethod.Lzo, "lzo")]
    [TestCase(CompressionMethod.Lz4, "lz4")]
    [TestCase(CompressionMethod.Zstd, "zstd")]
    [TestCase(CompressionMethod.Sw842, "842")]
    public async Task Every_method_is_undone_and_named(CompressionMethod method, string word)
    {
        using var folder = new StoreFolder();
        byte[] payload = Packed(method, $"Panic#1 Part1\n{Log}");
        foreach (string name in (string[])["dmesg-ramoops-0.enc.z", "crash.bin"])
        {
            string text = await CommandRun.OutputAsync(folder.Root, "decode", folder.Write(name, payload));
            Assert.That(
                text,
                Does.Contain($"    {payload.Length} bytes, {word}, {Log.Length + 14} bytes uncompressed\n")
                    .And.Contain($", 1 part, {name}\n")
                    .And.EndsWith(Log)
            );
        }
    }

    [Test]
    public async Task Parts_of_all_files_make_one_dump_and_what_is_damaged_is_told()
    {
        using var folder = Damaged();
        Approved.Matches("record-files.txt", await CommandRun.OfDamageAsync(folder.Root, "decode", "records"));
    }

    [Test]
    public async Task Json_has_the_shape_of_a_store()
    {
        using var folder = Damaged();
        string text = await CommandRun.OfDamageAsync(folder.Root, "decode", "records", "--json");
        Approved.Matches("record-files.json", text);
        using var json = JsonDocument.Parse(text);
        Assert.That(
            json.RootElement.GetProperty("stores")[0].GetProperty("dumps")[0].GetProperty("text").GetString(),
            Is.EqualTo("older\nnewer\n")
        );
    }

    [Test]
    public async Task A_record_is_printed_to_the_byte_and_alone()
    {
        using var folder = Damaged();
        foreach (string name in (string[])["dmesg-erst-7710738641726734338.enc.z", "dmesg-erst-7710738641726734338"])
            Assert.That(
                await CommandRun.OutputAsync(folder.Root, "decode", "records", "--record", name),
                Is.EqualTo("Panic#1 Part2\nolder\n")
            );
        Assert.That(
            await CommandRun.ComplaintAsync(folder.Root, "decode", "records", "--record", "dmesg-erst-1"),
            Does.StartWith("pstorelab: there is no record 'dmesg-erst-1'; there are console-ramoops-0, dmesg-erst-")
        );
    }

    [Test]
    public async Task Random_bytes_are_no_record_whatever_their_name()
    {
        using var folder = new StoreFolder();
        byte[] noise = new byte[3000];
        new Random(1).NextBytes(noise);
        folder.Write("dmesg-erst-1.enc.z", noise);
        folder.Write("noise", noise);
        Assert.That(
            await CommandRun.ComplaintAsync(folder.Root, "decode", "dmesg-erst-1.enc.z"),
            Does.StartWith("pstorelab: dmesg-erst-1.enc.z: no method makes a dump of its 3000 bytes (deflate: ")
        );
        Assert.That(
            await CommandRun.ComplaintAsync(folder.Root, "decode", "noise"),
            Does.StartWith("pstorelab: noise: no store that is known here")
        );
        Assert.That(
            await CommandRun.ComplaintAsync(folder.Root, "decode", "noise", "dmesg-erst-1.enc.z"),
            Does.StartWith("pstorelab: noise is no record: ")
        );
    }

    [Test]
    public async Task Options_of_a_store_are_for_none_else()
    {
        using var folder = Damaged();
        Assert.That(
            await CommandRun.ComplaintAsync(folder.Root, "decode", "records", "--kind", "erst"),
            Does.StartWith("pstorelab: --kind, --offset, --parameter, --dtb, --cmdline and --endian are of a store")
        );
    }

    /// <summary>Two parts of a dump, one that breaks off, and what ECC said behind one.</summary>
    private static StoreFolder Damaged()
    {
        var folder = new StoreFolder();
        Directory.CreateDirectory(Path.Combine(folder.Root, "records"));
        folder.Write(
            "records/dmesg-erst-7710738641726734337.enc.z",
            Packed(CompressionMethod.Deflate, "Panic#1 Part1\nnewer\n")
        );
        folder.Write(
            "records/dmesg-erst-7710738641726734338.enc.z",
            Packed(CompressionMethod.Sw842, "Panic#1 Part2\nolder\n")
        );
        // A stored block of deflate, and one of a type that does not exist.
        byte[] torn = "Oops#1 Part1\ntorn\n"u8.ToArray();
        folder.Write(
            "records/dmesg-ramoops-0.enc.z",
            [
                0,
                (byte)torn.Length,
                0,
                (byte)~torn.Length,
                0xff,
                .. torn,
                0b110,
                1,
                2,
                .. "\nECC: 3 Corrected bytes, 1 unrecoverable blocks\n"u8,
            ]
        );
        folder.Write("records/console-ramoops-0", "the console\n"u8.ToArray());
        folder.Write("records/dmesg.txt", "passed over"u8.ToArray());
        return folder;
    }

    private static byte[] Packed(CompressionMethod method, string text)
    {
        if (RecordCompression.MissingLibrary(method) is { } missing)
            Assert.Ignore(missing);
        return RecordCompression.Compress(method, Encoding.Latin1.GetBytes(text));
    }
}
