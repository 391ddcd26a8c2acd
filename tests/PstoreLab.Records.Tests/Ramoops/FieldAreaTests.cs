using System.IO.Compression;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Ramoops;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Tests.Ramoops;

/// <summary>Areas as boards and phones leave them, and what is right of them.</summary>
public class FieldAreaTests
{
    [Test]
    public void Headers_far_from_the_first_ones_are_zones_too()
    {
        var store = Fixture("three-headers").Single().Store;
        Assert.That(
            store.Records.Select(Shown),
            Is.EqualTo(
                new[]
                {
                    "dmesg zone 0 Live 0x0 3323 Oops#1 Part1",
                    "dmesg zone 1 Live 0x1000 3364 Panic#2 Part1",
                    "console zone 0 Live 0xfd000 4084 , padding so that it is as long as others",
                }
            )
        );
        Assert.That(store.Faults, Is.Empty);
    }

    [Test]
    public void Used_zones_with_unwritten_ones_between_them_have_a_common_size()
    {
        byte[] image = new byte[1 << 20];
        var options = Areas.Options(1 << 20, 0x10000, 0x10000, 0, 0x10000);
        byte[] whole = Areas.Format.CreateEmpty(1 << 20, options);
        Areas.Format.Write(whole, options, Areas.Dump("Oops#1 Part1\ntext\n", 0));
        Areas.Format.Write(whole, options, Areas.Dump("Panic#2 Part1\ntext\n", 3));
        Areas.Format.Write(whole, options, Areas.Of(RecordType.Console, Log("console", 5000)));
        foreach (int zone in (int[])[0, 3, 14])
            whole.AsSpan(zone * 0x10000, 0x10000).CopyTo(image.AsSpan(zone * 0x10000));
        var store = Areas.Format.Decode(image, StoreOptions.None);
        Assert.That(store.Records.Select(Shown), Is.EqualTo(Areas.Format.Decode(whole, options).Records.Select(Shown)));
        Assert.That(store.Faults, Is.Empty);
    }

    [Test]
    public void Rotten_signatures_are_found_behind_noise([Values(7777, 4096)] int offset)
    {
        byte[] area = Areas.Format.CreateEmpty(0x10000, Areas.Options(0x10000, 0x4000));
        Areas.Format.Write(area, Areas.Options(0x10000, 0x4000), Areas.Dump("Panic#1 Part1\ntext\n", 1));
        for (int zone = 0; zone < 4; zone++)
            area[(zone * 0x4000) + zone] ^= (byte)(0x11 << zone);
        using var stream = new MemoryStream([.. Areas.Bytes(new Random(3), offset), .. area]);
        var (found, store) = RamoopsScan.DecodeAll(stream).Single();
        Assert.That(found.Offset, Is.EqualTo(offset));
        Assert.That(Areas.Text(store.Records.Single()), Is.EqualTo("Panic#1 Part1\ntext\n"));
        Assert.That(store.Records.Single().Place, Is.EqualTo("dmesg zone 1"));
    }

    [Test]
    public void Sizes_that_are_given_still_divide_it()
    {
        var options = Areas.Options(1 << 20, 0x1000, 0x1000, 0x1000, 0x1000);
        Assert.That(
            Areas.Format.Decode(Image("three-headers"), options).Records.Select(record => record.Place),
            Is.EqualTo(new[] { "dmesg zone 0", "dmesg zone 1", "console zone 0" })
        );
    }

    [Test]
    public void A_header_that_no_division_explains_is_told()
    {
        byte[] image = Image("three-headers");
        // The console at a place that no zone of 0x1000 begins at.
        var console = image.AsSpan(0xfd000, 0x1000).ToArray();
        image.AsSpan(0xfd000, 0x1000).Clear();
        console.CopyTo(image, 0xe0806);
        var store = Areas.Format.Decode(image, StoreOptions.None);
        Assert.That(
            store.Faults.Single(),
            Does.StartWith("1 more header at 0x1000, not part of this division; try --parameter ramoops.")
        );
        // What is offered shows what was left over.
        var offered = new Dictionary<string, string>();
        foreach (string word in store.Faults[0].Split("--parameter ").Skip(1))
            offered[word.Split('=')[0]] = word.Split('=')[1].Trim();
        Assert.That(
            Areas.Format.Decode(image, StoreOptions.None with { Parameters = offered }).Records.Select(Shown),
            Has.Some.StartsWith("dmesg zone 1 Live 0x1000 3364 Panic#2 Part1")
        );
    }

    [Test]
    public void A_console_and_pmsg_without_dump_zones_are_read([Values(0, 1)] int ecc, [Values] bool wrapped)
    {
        const int Size = 0x20000;
        var options = Areas.Options(2 * Size, 0, Size, 0, Size, ecc);
        byte[] image = Areas.Format.CreateEmpty(2 * Size, options);
        Areas.Format.Write(image, options, Areas.Of(RecordType.Console, Log("console", wrapped ? 4000 : 400)));
        Areas.Format.Write(image, options, Areas.Of(RecordType.Pmsg, Log("pmsg", 300)));
        var store = Areas.Format.Decode(image, StoreOptions.None);
        Assert.That(
            store.Records.Select(record => (record.Place, record.State)),
            Is.EqualTo(new[] { ("console zone 0", RecordState.Live), ("pmsg zone 0", RecordState.Live) })
        );
        Assert.That(
            store.Records.Select(record => record.Payload.ToArray()),
            Is.EqualTo(Areas.Format.Decode(image, options).Records.Select(record => record.Payload.ToArray()))
        );
    }

    [Test]
    public void A_large_zone_behind_small_ones_is_whole_in_memory([Values(4096, 0x10001)] int offset)
    {
        var options = Areas.Options(0x400000, 0x40000, 0x40000, 0x40000, 0x200000, 16, 8, "6.12.3");
        byte[] area = Areas.Format.CreateEmpty(0x400000, options);
        Areas.Format.Write(area, options, Areas.Dump("Panic#1 Part1\ntext\n", 0));
        Areas.Format.Write(area, options, Areas.Of(RecordType.Console, Log("console", 9000)));
        Areas.Format.Write(area, options, Areas.Of(RecordType.Pmsg, Log("pmsg", 2500)));
        Areas.Format.Write(area, options, Areas.Of(RecordType.Ftrace, Areas.Bytes(new Random(1), 480), 7));
        using var memory = new MemoryStream([.. new byte[offset], .. area, .. new byte[0x10000]]);
        var (found, store) = RamoopsScan.DecodeAll(memory).Single();
        Assert.That((found.Offset, found.Length), Is.EqualTo(((long)offset, 0x400000L)));
        Assert.That(store.Records.Select(Shown), Is.EqualTo(Areas.Format.Decode(area, options).Records.Select(Shown)));
        Assert.That(store.Records.All(record => record.Ecc!.UnrecoverableBlocks == 0));
    }

    [Test]
    public void Of_a_console_that_is_cut_off_there_is_what_is_there()
    {
        var store = Fixture("end-missing").Single().Store;
        Assert.That(
            store.Records.Select(Shown),
            Is.EqualTo(
                new[]
                {
                    "dmesg zone 0 Live 0x0 4745 Panic#1 Part1",
                    "console zone 0 Live 0x80000 196596 nsole line 1389 of the log, padding so that it is as long as "
                        + "others",
                }
            )
        );
        Assert.That(
            store.Records[1].Faults,
            Is.EqualTo(new[] { "cut off: the image has 196608 of the zone's 262144 bytes" })
        );
        Assert.That(
            store.Faults,
            Is.EqualTo(new[] { "the area has 786432 bytes, and the image ends after 720896 of them" })
        );
    }

    [Test]
    public void Without_its_beginning_an_area_has_its_other_zones()
    {
        var (area, store) = Fixture("beginning-missing").Single();
        Assert.That(area.Offset, Is.EqualTo(0x1f000));
        Assert.That(
            store.Layout,
            Does.StartWith("917504 bytes: 3 dmesg × 131072, 1 console × 262144, 1 pmsg × 131072, 4 ftrace × 32768;")
        );
        Assert.That(
            store.Records.Select(record => (record.Place, record.Payload.Length)),
            Is.EqualTo(
                new[]
                {
                    ("console zone 0", 262132),
                    ("pmsg zone 0", 4140),
                    ("ftrace zone 0", 480),
                    ("ftrace zone 1", 480),
                    ("ftrace zone 2", 480),
                    ("ftrace zone 3", 480),
                }
            )
        );
        Assert.That(
            store.Faults.Single(),
            Does.StartWith("the beginning of the area is cut off: with 1 more dmesg zone it has 1048576 bytes")
        );
    }

    [Test]
    public void Rotten_signatures_are_found_by_their_neighbours()
    {
        var store = Fixture("rotten-signatures").Single().Store;
        Assert.That(store.Records.Select(Shown), Is.EqualTo(new[] { "dmesg zone 0 Invalid 0x0 7294 Panic#1 Part1" }));
        Assert.That(store.Records[0].Faults.Single(), Does.StartWith("its signature is 0x41454264, not 0x43474244"));
        Assert.That(
            store.Faults.Single(),
            Does.StartWith("signatures have wrong bits").And.Contain("0x41454264 of dmesg zone 0")
        );
        Assert.That(store.Layout, Does.StartWith("65536 bytes: "));
    }

    [Test]
    public void Rotten_signatures_are_no_pstore_blk_device([Range(1, 40)] int seed)
    {
        var options = Areas.Options(0x10000, 0x4000, 0x4000, 0, 0x4000);
        byte[] image = Areas.Format.CreateEmpty(0x10000, options);
        Areas.Format.Write(image, options, Areas.Dump("Panic#1 Part1\ntext\n", 0));
        Areas.Format.Write(image, options, Areas.Of(RecordType.Console, Log("console", 50)));
        var random = new Random(seed);
        for (int zone = 0; zone < 4; zone++)
        {
            // Bit 1 alone makes the signature of a console of pstore_blk.
            image[zone * 0x4000] ^= seed % 4 == 0 ? (byte)2 : (byte)0;
            for (int bit = random.Next(1, 4); bit > 0; bit--)
                image[(zone * 0x4000) + random.Next(4)] ^= (byte)(1 << random.Next(8));
        }
        Assert.That(StoreFormats.Recognise(image, image.Length)?.Kind, Is.EqualTo(StoreKind.Ramoops));
        var records = Areas.Format.Decode(image, StoreOptions.None).Records;
        Assert.That(
            records.Select(record => Areas.Text(record)),
            Is.EqualTo(new[] { "Panic#1 Part1\ntext\n", RecordText.FromBytes(Log("console", 50)) })
        );
    }

    [Test]
    public void A_pstore_blk_device_is_still_one()
    {
        var blk = StoreFormats.Get(StoreKind.PstoreBlk);
        byte[] device = blk.CreateEmpty(0x40000, StoreOptions.None);
        var options = StoreOptions.None with
        {
            Parameters = new Dictionary<string, string>
            {
                ["pstore_blk.kmsg_size"] = "16",
                ["pstore_blk.console_size"] = "16",
                ["pstore_blk.pmsg_size"] = "16",
                ["pstore_blk.ftrace_size"] = "16",
            },
            Cpus = 1,
        };
        foreach (string type in (string[])[RecordType.Pmsg, RecordType.Console, RecordType.Ftrace])
            Assert.That(blk.Write(device, options, new RecordToWrite(type, Log(type, 20))));
        Assert.That(
            StoreFormats.Recognise(device.AsSpan(0, 65536), device.Length)?.Kind,
            Is.EqualTo(StoreKind.PstoreBlk)
        );
    }

    [Test]
    public void The_rest_of_a_signature_is_no_rotten_one()
    {
        byte[] area = Areas.Format.CreateEmpty(0x10000, Areas.Options(0x10000, 0x1000));
        foreach (int cut in (int[])[1, 2, 3])
            Assert.That(Areas.Format.Recognises(area.AsSpan(cut), area.Length - cut), Is.False, $"without {cut} bytes");
    }

    /// <summary>Every bit of the header and of the line behind it, one at a time.</summary>
    [Test]
    public void One_wrong_bit_of_what_describes_a_dump_costs_nothing_of_it([Values] bool compressed)
    {
        var options = Areas.Options(0x10000, 0x4000, 0x4000);
        string text = "Panic#1 Part1\n" + RecordText.FromBytes(Log("console", 90));
        byte[] payload = compressed
            ? RecordCompression.Compress(CompressionMethod.Deflate, RecordText.ToBytes(text))
            : RecordText.ToBytes(text);
        byte[] image = Areas.Format.CreateEmpty(0x10000, options);
        var dump = new RecordToWrite(RecordType.Dmesg, payload)
        {
            Index = 0,
            MarkedCompressed = compressed,
            WrittenAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000).AddMicroseconds(123_456),
        };
        Assert.That(Areas.Format.Write(image, options, dump));
        int described = 12 + "====1700000000.123456-C\n".Length;
        for (int bit = 0; bit < 8 * described; bit++)
        {
            byte[] damaged = [.. image];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(
                StoreFormats.Recognise(damaged, damaged.Length)?.Kind,
                Is.EqualTo(StoreKind.Ramoops),
                $"bit {bit}"
            );
            foreach (var known in (StoreOptions[])[StoreOptions.None, options])
            {
                var record = Areas.Format.Decode(damaged, known).Records is [var only, ..] ? only : null;
                Assert.That(
                    record is null ? null : RecordText.FromBytes(record.Decompressed.Bytes.Span),
                    Is.EqualTo(text),
                    $"byte {bit / 8}, bit {bit % 8}: {string.Join("; ", record?.Faults ?? [])}"
                );
                Assert.That(record!.Place, Is.EqualTo("dmesg zone 0"));
            }
        }
    }

    [TestCase(5, 0x10, "the text ends at 4478, as its size says: its start is damaged")]
    [TestCase(9, 0x20, "the text ends at 4478, as its start says: its size is damaged")]
    [TestCase(12, 0x10, "its ==== line has wrong bits")]
    [TestCase(34, 0x08, "its flag is 0x4c, neither C nor D")]
    public void What_was_concluded_is_said(int at, int bits, string said)
    {
        var options = Areas.Options(0x10000, 0x4000, 0x4000);
        byte[] image = Areas.Format.CreateEmpty(0x10000, options);
        string text = "Panic#1 Part1\n" + RecordText.FromBytes(Log("console", 130));
        Areas.Format.Write(image, options, Areas.Dump(text, 0));
        image[at] ^= (byte)bits;
        var record = Areas.Format.Decode(image, StoreOptions.None).Records.Single();
        Assert.That(record.Faults.Single(), Does.Contain(said));
        Assert.That(RecordText.FromBytes(record.Decompressed.Bytes.Span), Is.EqualTo(text));
    }

    [Test]
    public void A_console_with_a_wrong_bit_in_its_header_keeps_its_text([Range(0, 95)] int bit, [Values] bool wrapped)
    {
        var options = Areas.Options(0x10000, 0x4000, 0x4000);
        byte[] image = Areas.Format.CreateEmpty(0x10000, options);
        byte[] log = Log("console", wrapped ? 2000 : 200);
        Areas.Format.Write(image, options, Areas.Dump("Panic#1 Part1\ntext\n", 0));
        Areas.Format.Write(image, options, Areas.Of(RecordType.Console, log));
        int zone = (int)
            RamoopsLayout.From(options, image.Length).Zones.Single(of => of.Type == RecordType.Console).Offset;
        image[zone + (bit / 8)] ^= (byte)(1 << (bit % 8));
        var record = Areas
            .Format.Decode(image, StoreOptions.None)
            .Records.SingleOrDefault(of => of.Name.Type == RecordType.Console);
        Assert.That(record, Is.Not.Null);
        // The kernel's own view of a header that it accepts stays; a damaged start of a full ring cannot be known.
        if (record!.State == RecordState.Invalid && !(wrapped && bit is >= 32 and < 64))
            Assert.That(
                RecordText.FromBytes(record.Payload.Span),
                Is.EqualTo(RecordText.FromBytes(log.AsSpan(Math.Max(0, log.Length - (0x4000 - 12)))))
            );
        Assert.That(record.Faults, Is.Not.Empty.Or.Property("Count").EqualTo(wrapped ? 0 : -1));
    }

    [Test]
    public void Big_endian_headers_are_read_as_such()
    {
        var store = Fixture("big-endian").Single().Store;
        Assert.That(
            store.Records.Select(Shown),
            Is.EqualTo(
                new[]
                {
                    "dmesg zone 0 Live 0x0 8104 Panic#1 Part1",
                    "console zone 0 Live 0x8000 8590 <6>[  100.000000] console line 0 of the log, padding so that it "
                        + "is as long as others",
                }
            )
        );
        Assert.That(store.Options.Endian, Is.EqualTo(Endianness.Big));
        Assert.That(store.Layout, Does.Contain("; big-endian;"));
        Assert.That(
            () => Areas.Format.Decode(Image("big-endian"), StoreOptions.None with { Endian = Endianness.Little }),
            Throws.InstanceOf<RecordFormatException>()
        );
        var given = Areas.Options(0x10000, 0x4000, 0x4000, 0, 0x4000);
        Assert.That(
            Areas.Format.Decode(Image("big-endian"), given).Records.Select(Shown),
            Is.EqualTo(store.Records.Select(Shown))
        );
    }

    [Test]
    public void Big_endian_areas_are_found_in_memory_and_written([Values(0, 1)] int ecc)
    {
        var options = Areas.Options(0x10000, 0x4000, 0x4000, ecc: ecc) with { Endian = Endianness.Big };
        byte[] area = Areas.Format.CreateEmpty(0x10000, options);
        Areas.Format.Write(area, options, Areas.Dump("Panic#1 Part1\ntext\n", 0));
        Areas.Format.Write(area, options, Areas.Of(RecordType.Console, Log("console", 20)));
        using var memory = new MemoryStream([.. Areas.Bytes(new Random(2), 70_001), .. area, .. new byte[100]]);
        var (found, store) = RamoopsScan.DecodeAll(memory).Single();
        Assert.That(found.Offset, Is.EqualTo(70_001));
        Assert.That(store.Records.Select(Shown), Is.EqualTo(Areas.Format.Decode(area, options).Records.Select(Shown)));
        Assert.That(store.Records, Has.Count.EqualTo(2));
    }

    /// <summary>As <c>decode</c> does it: an area that begins here, or else all that are somewhere.</summary>
    private static List<(RamoopsArea Area, DecodedStore Store)> Fixture(string name)
    {
        byte[] image = Image(name);
        if (StoreFormats.Recognise(image.AsSpan(0, Math.Min(image.Length, 65536)), image.Length) is { } format)
        {
            var store = format.Decode(image, StoreOptions.None);
            return [(new RamoopsArea(0, store.Length, store.Options), store)];
        }
        using var stream = new MemoryStream(image);
        return [.. RamoopsScan.DecodeAll(stream)];
    }

    private static byte[] Image(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", $"field-{name}.area.gz"));
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var image = new MemoryStream();
        unpacked.CopyTo(image);
        return image.ToArray();
    }

    private static byte[] Log(string what, int lines) =>
        RecordText.ToBytes(
            string.Concat(Enumerable.Range(0, lines).Select(line => $"<6>[  100.{line:000000}] {what} line {line}\n"))
        );

    private static string Shown(StoredRecord record)
    {
        string text = RecordText.FromBytes(record.Decompressed.Bytes.Span);
        return $"{record.Place} {record.State} 0x{record.Offset:x} {record.Payload.Length} {text.Split('\n')[0]}";
    }
}
