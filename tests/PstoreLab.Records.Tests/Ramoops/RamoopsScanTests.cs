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
