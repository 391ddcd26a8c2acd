using System.IO.Compression;
using PstoreLab.Records.Ramoops;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Tests.Ramoops;

public class RamoopsScanTests
{
    private const int MiB = 1 << 20;
    private const int Block = 2 * MiB;

    [Test]
    public void An_area_is_found_wherever_it_begins(
        [Values(0, 4096, 4098, Block - 16, Block - 12, Block - 8, Block - 2, Block, 2 * Block - 20, 5 * MiB + 6)]
            int offset,
        [Values(0, 1)] int ecc
    )
    {
        var options = Areas.Options(MiB, 0x10000, 4096, 4096, 4096, ecc, 1, "6.12.3");
        byte[] memory = Areas.Bytes(new Random(offset), 7 * MiB);
        Area(options).CopyTo(memory, offset);
        using var stream = new MemoryStream(memory);
        var area = RamoopsScan.Find(stream).Single();
        Assert.That(area.Offset, Is.EqualTo(offset));
        Assert.That(area.Length, Is.EqualTo(MiB));
        Assert.That(stream.Position, Is.Zero);
        var store = RamoopsScan.Decode(stream, area);
        Assert.That(Areas.Text(store.Records.Single()), Is.EqualTo("Panic#1 Part1\nlast words\n"));
        Assert.That(store.Records.Single().Ecc is null, Is.EqualTo(ecc == 0));
        Assert.That(store.Options.Parameters["ramoops.record_size"], Is.EqualTo("65536"));
    }

    [Test]
    public void Every_layout_gives_the_same_records_in_noise_as_alone(
        [Values(1 * MiB, 512 << 10)] int memory,
        [Values(0x10000, 0x8000, 0x40000)] int record,
        [ValueSource(typeof(LayoutInferenceTests), nameof(LayoutInferenceTests.OthersAndCpus))]
            (int Others, int Cpus) zones,
        [Values(0, 1, 8, 33)] int ecc,
        [Values("6.1.176", "6.12.107")] string kernel
    )
    {
        var (others, cpus) = zones;
        var options = Areas.Options(memory, record, others, others, others, ecc, cpus, kernel);
        byte[] area = LayoutInferenceTests.Filled(memory, options, others);
        var random = new Random(HashCode.Combine(memory, record, others, cpus, ecc));
        int offset = 1 + (2 * random.Next(50_000));
        byte[] noise = Areas.Bytes(random, offset + memory + 300_000);
        area.CopyTo(noise, offset);
        using var stream = new MemoryStream(noise);
        var (found, store) = RamoopsScan.DecodeAll(stream).Single();
        Assert.That(found.Offset, Is.EqualTo(offset));
        AssertSame(store, Areas.Format.Decode(area, StoreOptions.None));
    }

    // A watchdog's reset leaves no dump. Sizes are those of the area, of dump, console, ftrace and pmsg zones.
    [TestCase(0x400000, 0, 0x200000, 0, 0x200000, 0, TestName = "no dump zones")]
    [TestCase(0x400000, 0, 0x200000, 0, 0x200000, 1, TestName = "no dump zones, with ECC")]
    [TestCase(0x200000, 0, 0x200000, 0, 0, 0, TestName = "a console alone")]
    [TestCase(0x400000, 0x40000, 0x40000, 0x40000, 0x200000, 16, TestName = "a large pmsg zone, with ECC")]
    [TestCase(0x400000, 0x40000, 0x40000, 0x40000, 0x200000, 0, TestName = "a large pmsg zone")]
    [TestCase(0x100000, 0x20000, 0x80000, 0, 0, 0, TestName = "a large console at the end")]
    public void An_area_without_a_dump_is_found_in_noise(
        int memory,
        int record,
        int console,
        int ftrace,
        int pmsg,
        int ecc
    )
    {
        var options = Areas.Options(memory, record, console, ftrace, pmsg, ecc, ftrace > 0 ? 8 : null, "6.12.3");
        foreach (int lines in (int[])[20, 3000, 90_000])
        {
            byte[] area = Areas.Format.CreateEmpty(memory, options);
            byte[] log = RecordText.ToBytes(
                string.Concat(Enumerable.Range(0, lines).Select(line => $"<6>[  100.{line:000000}] line {line}\n"))
            );
            Areas.Format.Write(area, options, Areas.Of(RecordType.Console, log));
            if (pmsg > 0)
                Areas.Format.Write(area, options, Areas.Of(RecordType.Pmsg, log));
            byte[] noise = Areas.Bytes(new Random(lines), memory + 400_000);
            area.CopyTo(noise, 99_999);
            using var stream = new MemoryStream(noise);
            var (found, store) = RamoopsScan.DecodeAll(stream).Single();
            Assert.That(found.Offset, Is.EqualTo(99_999));
            AssertSame(store, Areas.Format.Decode(area, options));
            AssertSame(Areas.Format.Decode(area, StoreOptions.None), Areas.Format.Decode(area, options));
        }
    }

    private static void AssertSame(DecodedStore store, DecodedStore alone)
    {
        Assert.That(store.Records.Select(Shown), Is.EqualTo(alone.Records.Select(Shown)));

        static string Shown(StoredRecord record) =>
            $"{record.Place} {record.Name} {record.State} {record.Offset} {Convert.ToHexString(record.Payload.Span)}";
    }

    [Test]
    public void Several_are_found_in_order()
    {
        byte[] memory = new byte[12 * MiB];
        Area(Areas.Options(MiB, 0x10000, 4096, 4096, 4096)).CopyTo(memory, 1 * MiB);
        Area(Areas.Options(MiB / 2, 0x8000, ecc: 1)).CopyTo(memory, 4 * MiB + 100);
        Areas.Format.CreateEmpty(MiB, Areas.Options(MiB, 0x20000)).CopyTo(memory, 9 * MiB);
        using var stream = new MemoryStream(memory);
        Assert.That(
            RamoopsScan.Find(stream).Select(area => (area.Offset, area.Length)),
            Is.EqualTo(new[] { (1L * MiB, 1L * MiB), ((4L * MiB) + 100, MiB / 2), (9L * MiB, MiB) })
        );
    }

    [Test]
    public void A_pipe_is_read_once_and_gives_the_same()
    {
        byte[] memory = Areas.Bytes(new Random(4), 132 * MiB);
        foreach (int at in (int[])[(2 * Block) - 5, 40 * MiB, (64 * MiB) + 100_000, (130 * MiB) + 2])
            Area(Areas.Options(MiB, 0x10000, 4096, 4096, 4096, 1)).CopyTo(memory, at);
        "DBGC\0\0\0\0\0\0\0\0"u8.CopyTo(memory.AsSpan(1000));
        using var file = new MemoryStream(memory);
        using var packed = new MemoryStream();
        using (var packing = new DeflateStream(packed, CompressionLevel.NoCompression, leaveOpen: true))
            file.WriteTo(packing);
        packed.Position = 0;
        using var pipe = new DeflateStream(packed, CompressionMode.Decompress);
        Assert.That(() => RamoopsScan.Find(pipe), Throws.InstanceOf<NotSupportedException>());
        var fromPipe = Shown(pipe);
        Assert.That(fromPipe, Is.EqualTo(Shown(file)));
        Assert.That(
            fromPipe.Select(found => found.Offset),
            Is.EqualTo(new long[] { (2 * Block) - 5, 40 * MiB, (64 * MiB) + 100_000, (130 * MiB) + 2 })
        );

        static List<(long Offset, long Length, string Text)> Shown(Stream stream) =>
            [
                .. RamoopsScan
                    .DecodeAll(stream)
                    .Select(found => (found.Area.Offset, found.Area.Length, Areas.Text(found.Store.Records.Single()))),
            ];
    }

    [Test]
    public void Text_with_the_letters_in_it_is_no_area()
    {
        byte[] memory = new byte[6 * MiB];
        var random = new Random(1);
        for (int at = 0; at < memory.Length - 100; at += 2000 + 2 * random.Next(20_000))
        {
            string text = random.Next(3) switch
            {
                0 => "found no valid data in buffer (sig = DBGC)\n",
                1 => "DBGC is the signature of a zone",
                _ => "DBGC",
            };
            RecordText.ToBytes(text).CopyTo(memory, at);
        }
        using var stream = new MemoryStream(memory);
        Assert.That(RamoopsScan.Find(stream), Is.Empty);
    }

    [Test]
    public void A_pstore_blk_device_is_no_area()
    {
        byte[] memory = new byte[MiB];
        for (int at = 0; at < MiB; at += 0x10000)
        {
            "DBGC\0\0\0\0\0\0\0\0"u8.CopyTo(memory.AsSpan(at));
            BitConverter.TryWriteBytes(memory.AsSpan(at + 12), 0x4dfc3ae5);
        }
        using var stream = new MemoryStream(memory);
        Assert.That(RamoopsScan.Find(stream), Is.Empty);
    }

    [Test]
    public void What_comes_before_the_beginning_is_not_looked_at()
    {
        byte[] memory = new byte[4 * MiB];
        Area(Areas.Options(MiB, 0x10000)).CopyTo(memory, 0);
        Area(Areas.Options(MiB, 0x10000)).CopyTo(memory, 3 * MiB);
        using var stream = new MemoryStream(memory) { Position = 2 * MiB };
        var area = RamoopsScan.Find(stream).Single();
        Assert.That(area.Offset, Is.EqualTo(MiB));
        Assert.That(RamoopsScan.Decode(stream, area).Records, Has.Count.EqualTo(1));
    }

    [TestCase(0)]
    [TestCase(5)]
    [TestCase(12)]
    [TestCase(Block)]
    public void A_short_file_holds_none(int length)
    {
        using var stream = new MemoryStream(new byte[length]);
        Assert.That(RamoopsScan.Find(stream), Is.Empty);
    }

    private static byte[] Area(StoreOptions options)
    {
        int size = int.Parse(options.Parameters["ramoops.mem_size"]);
        byte[] area = Areas.Format.CreateEmpty(size, options);
        Assert.That(Areas.Format.Write(area, options, Areas.Dump("Panic#1 Part1\nlast words\n", 0)));
        return area;
    }
}
