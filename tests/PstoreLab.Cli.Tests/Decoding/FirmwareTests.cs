using System.Buffers.Binary;
using System.Text;
using PstoreLab.Records;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Tests.Decoding;

/// <summary>Records where the firmware of servers keeps them, and those of old kernels.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class FirmwareTests
{
    [Test]
    public async Task Error_records_are_read_without_a_store_around_them()
    {
        using var folder = new StoreFolder();
        byte[] first = ErrorRecord("Panic#1 Part1\nfirst\n", 1, compressed: false);
        byte[] second = ErrorRecord("Panic#1 Part2\nsecond\n", 2, compressed: true);
        folder.Write("one", first);
        folder.Write("both", [.. first, .. second]);
        // Blocks in an image of flash, at odd offsets, with firmware's own beside them.
        byte[] foreign = [.. first];
        foreign[64] ^= 1;
        byte[] flash = new byte[1 << 20];
        new Random(5).NextBytes(flash);
        foreign.CopyTo(flash, 0x1003);
        second.CopyTo(flash, 0x8001);
        first.CopyTo(flash, 0x20000);
        folder.Write("flash", flash);
        Assert.That(await CommandRun.OutputAsync(folder.Root, "decode", "one"), Does.EndWith("\nfirst\n"));
        foreach (string name in (string[])["both", "flash"])
            Assert.That(
                await CommandRun.OutputAsync(folder.Root, "decode", name),
                Does.Contain("2 record files")
                    .And.Contain("──── Panic#1, 2 parts, dmesg-erst-")
                    .And.EndWith("\nsecond\nfirst\n"),
                name
            );
    }

    [Test]
    public async Task An_error_record_that_is_cut_off_is_told()
    {
        using var folder = new StoreFolder();
        byte[] record = ErrorRecord("Panic#1 Part1\nfirst\nsecond\n", 1, compressed: false);
        folder.Write("cut", record[..^7]);
        Assert.That(
            await CommandRun.OfDamageAsync(folder.Root, "decode", "cut"),
            Does.Contain("\nfirst\n").And.Contain("it ends within the error record at 0x0")
        );
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task The_partition_of_a_power_machine_is_read(bool compressed)
    {
        using var folder = new StoreFolder();
        const string Text = "Panic#1 Part1\n<0>[    5.000000] Kernel panic - not syncing: POWER\n";
        byte[] payload = Encoding.ASCII.GetBytes(Text);
        folder.Write(
            "nvram",
            Nvram(compressed ? RecordCompression.Compress(CompressionMethod.Zlib, payload) : payload, compressed)
        );
        string text = await CommandRun.OutputAsync(folder.Root, "decode", "nvram");
        Assert.That(
            text,
            Does.Contain("nvram/dmesg-nvram-7  Panic#1 Part1")
                .And.EndWith("\n<0>[    5.000000] Kernel panic - not syncing: POWER\n")
        );
        Assert.That(text.Contains("deflate in a zlib container", StringComparison.Ordinal), Is.EqualTo(compressed));
    }

    [Test]
    public async Task A_partition_to_which_nothing_was_written_has_no_record()
    {
        using var folder = new StoreFolder();
        folder.Write("nvram", Nvram([], compressed: false));
        Assert.That(
            await CommandRun.ComplaintAsync(folder.Root, "decode", "nvram"),
            Does.StartWith("pstorelab: nvram ")
        );
    }

    [TestCase("====1400000000.5\n")]
    [TestCase("====1400000000.000123-D\n")]
    public async Task The_line_of_the_zone_in_a_file_of_an_old_kernel_is_no_text(string line)
    {
        using var folder = new StoreFolder();
        folder.Write("dmesg-ramoops-0", Encoding.ASCII.GetBytes($"{line}Panic#1 Part1\nlast words\n"));
        Assert.That(
            await CommandRun.OutputAsync(folder.Root, "decode", "dmesg-ramoops-0"),
            Does.Contain("dmesg-ramoops-0  Panic#1 Part1")
                .And.EndWith("──── Panic#1, 1 part, dmesg-ramoops-0\nlast words\n")
        );
    }

    private static byte[] ErrorRecord(string text, uint part, bool compressed)
    {
        var format = StoreFormats.Get(StoreKind.Erst);
        byte[] store = format.CreateEmpty(64 << 10, StoreOptions.None);
        byte[] payload = Encoding.ASCII.GetBytes(text);
        Assert.That(
            format.Write(
                store,
                StoreOptions.None,
                new RecordToWrite(
                    RecordType.Dmesg,
                    compressed ? RecordCompression.Compress(CompressionMethod.Deflate, payload) : payload
                )
                {
                    MarkedCompressed = compressed,
                    WrittenAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
                    Part = part,
                }
            )
        );
        var record = format.Decode(store, StoreOptions.None).Records.Single();
        var (header, data) = (record.Regions[0], record.Regions[1]);
        return store[(int)header.Offset..((int)data.Offset + data.Length)];
    }

    // A partition of firmware, the one of Linux, and the free rest.
    private static byte[] Nvram(byte[] payload, bool compressed)
    {
        byte[] image = new byte[64 << 10];
        Partition(0, 0x70, "common", 256);
        int at = Partition(256 * 16, 0xa0, "lnx,oops-log", 252);
        Partition(
            (256 + 252) * 16,
            0x7f,
            "\u007f\u007f\u007f\u007f\u007f\u007f\u007f\u007f\u007f\u007f\u007f\u007f",
            4096 - 508
        );
        BinaryPrimitives.WriteUInt32BigEndian(image.AsSpan(at), compressed ? 8u : 4u);
        BinaryPrimitives.WriteUInt32BigEndian(image.AsSpan(at + 4), 7);
        BinaryPrimitives.WriteUInt16BigEndian(image.AsSpan(at + 8), 5000);
        BinaryPrimitives.WriteUInt16BigEndian(image.AsSpan(at + 10), (ushort)payload.Length);
        BinaryPrimitives.WriteUInt64BigEndian(image.AsSpan(at + 12), 1_700_000_000);
        payload.CopyTo(image, at + 20);
        return image;

        int Partition(int offset, byte signature, string name, int blocks)
        {
            image[offset] = signature;
            BinaryPrimitives.WriteUInt16BigEndian(image.AsSpan(offset + 2), (ushort)blocks);
            Encoding.Latin1.GetBytes(name).CopyTo(image, offset + 4);
            return offset + 16;
        }
    }
}
