using System.Buffers.Binary;
using PstoreLab.Records.Blk;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Erst;
using PstoreLab.Records.Ftrace;
using PstoreLab.Records.Stores;
using PstoreLab.Records.Tests.Fuzzing;

namespace PstoreLab.Records.Tests.Stores;

public class PstoreListingTests
{
    private static readonly Version Old = new(5, 10);
    private static readonly Version Middle = new(6, 1);
    private static readonly Version New = new(6, 12);
    private static readonly DateTimeOffset WrittenAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
    private static readonly byte[] Text = RecordText.ToBytes("Panic#1 Part1\n<0>[    1.0] text\n");

    [TestCase("5.10", "efi")]
    [TestCase("6.1", "efi")]
    [TestCase("6.2", "efi_pstore")]
    [TestCase("7.2", "efi_pstore")]
    public void The_efi_backend_was_renamed(string reader, string backend) =>
        Assert.That(
            Names(PstoreListing.Predict(Store(StoreKind.Efi, Record(5)), Version.Parse(reader))),
            Is.EqualTo(new[] { $"dmesg-{backend}-5" })
        );

    [Test]
    public void A_record_of_its_own_method_is_shown_decompressed()
    {
        var store = Erst(
            Dump(RecordCompression.Compress(CompressionMethod.Deflate, Text)) with
            {
                MarkedCompressed = true,
            }
        );
        foreach (var reader in new[] { Old, Middle, New })
            Assert.That(PstoreListing.Predict(store, reader).Values.Single(), Is.EqualTo(Text));
    }

    [Test]
    public void Another_record_is_shown_as_it_is()
    {
        byte[] torn = RecordCompression.Compress(CompressionMethod.Deflate, Text)[..^3];
        var store = Erst(Dump(torn) with { MarkedCompressed = true });
        var file = PstoreListing.Predict(store, New).Single();
        Assert.That(file.Key, Does.EndWith(".enc.z"));
        Assert.That(file.Value, Is.EqualTo(torn));
        var whole = Erst(
            Dump(RecordCompression.Compress(CompressionMethod.Deflate, Text)) with
            {
                MarkedCompressed = true,
            }
        );
        Assert.That(
            PstoreListing.Predict(whole, New, CompressionMethod.None).Keys.Single(),
            Does.EndWith(".enc.z"),
            "pstore.compress=none"
        );
        Assert.That(PstoreListing.Predict(whole, Middle, CompressionMethod.None).Keys.Single(), Does.EndWith(".enc.z"));
    }

    [Test]
    public void A_record_that_lies_about_its_compression_is_shown_compressed()
    {
        var file = PstoreListing.Predict(Erst(Dump(Text) with { MarkedCompressed = true }), New).Single();
        Assert.That(file.Key, Does.EndWith(".enc.z"));
        Assert.That(file.Value, Is.EqualTo(Text));
    }

    [TestCase(0, 0, "5.10", "\nNo errors detected\n")]
    [TestCase(0, 0, "6.1", "\nECC: No errors detected\n")]
    [TestCase(3, 1, "5.10", "\n3 Corrected bytes, 1 unrecoverable blocks\n")]
    [TestCase(3, 1, "7.2", "\nECC: 3 Corrected bytes, 1 unrecoverable blocks\n")]
    public void Error_correction_is_noted_behind_the_text_and_behind_what_stayed_compressed(
        int corrected,
        int lost,
        string reader,
        string notice
    )
    {
        var ecc = new EccReport(128, 16, corrected, lost > 0, []);
        byte[] packed = RecordCompression.Compress(CompressionMethod.Deflate, Text);
        var store = Store(
            StoreKind.Ramoops,
            Record(0) with
            {
                Ecc = ecc,
            },
            Record(1) with
            {
                Ecc = ecc,
                Payload = packed,
                MarkedCompressed = true,
            },
            Record(2) with
            {
                Ecc = ecc,
                Payload = packed.AsMemory(0, 9),
                MarkedCompressed = true,
            }
        );
        var files = PstoreListing.Predict(store, Version.Parse(reader));
        byte[] noted = [.. Text, .. RecordText.ToBytes(notice)];
        Assert.That(files["dmesg-ramoops-0"], Is.EqualTo(noted));
        Assert.That(files["dmesg-ramoops-1"], Is.EqualTo(noted));
        Assert.That(
            files["dmesg-ramoops-2.enc.z"],
            Is.EqualTo((byte[])[.. packed[..9], .. RecordText.ToBytes(notice)])
        );
    }

    [Test]
    public void Of_two_records_with_one_id_the_first_that_is_read_is_shown()
    {
        var store = Store(
            StoreKind.Efi,
            Record(5) with
            {
                Payload = new byte[] { 1 },
            },
            Record(5) with
            {
                Payload = new byte[] { 2 },
            }
        );
        Assert.That(PstoreListing.Predict(store, New).Values.Single(), Is.EqualTo(new byte[] { 1 }));
        Assert.That(
            PstoreListing.Predict(store, Old).Values.Single(),
            Is.EqualTo(new byte[] { 2 }),
            "5.10 lists its copy of the variables from the last"
        );
    }

    [Test]
    public void A_variable_larger_than_the_readers_records_hides_what_follows()
    {
        var store = Store(StoreKind.Efi, Record(1), Record(2) with { Payload = new byte[1025] }, Record(3));
        Assert.That(Names(PstoreListing.Predict(store, New)), Is.EqualTo(new[] { "dmesg-efi_pstore-1" }));
        Assert.That(Names(PstoreListing.Predict(store, Old)), Is.EqualTo(new[] { "dmesg-efi-1", "dmesg-efi-3" }));
        var wide = store with
        {
            Options = StoreOptions.None with
            {
                Parameters = new Dictionary<string, string> { ["efi_pstore.record_size"] = "4096" },
            },
        };
        Assert.That(PstoreListing.Predict(wide, New), Has.Count.EqualTo(3));
        Assert.That(PstoreListing.Predict(wide, Middle), Has.Count.EqualTo(1), "6.1 has no such parameter");
    }

    [Test]
    public void What_ends_the_listing_hides_what_follows()
    {
        byte[] image = ErstImage(Dump(Text), Dump(Text) with { Part = 2 }, Dump(Text) with { Part = 3 });
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan((2 * 8192) + 20), 100);
        Assert.That(
            PstoreListing.Predict(new ErstFormat().Decode(image, StoreOptions.None), New),
            Has.Count.EqualTo(1)
        );
    }

    [Test]
    public void Deleted_and_invalid_records_are_not_shown()
    {
        var store = Store(
            StoreKind.Ramoops,
            Record(0) with
            {
                State = RecordState.Deleted,
            },
            Record(1) with
            {
                State = RecordState.Invalid,
            },
            Record(2)
        );
        Assert.That(Names(PstoreListing.Predict(store, New)), Is.EqualTo(new[] { "dmesg-ramoops-2" }));
    }

    [Test]
    public void An_uncompressed_dump_of_pstore_blk_begins_with_a_count()
    {
        var format = new BlkFormat();
        byte[] image = format.CreateEmpty(0x40000, StoreOptions.None);
        format.Write(image, StoreOptions.None, Dump(Text) with { Count = 3, Reason = DumpReason.Oops });
        format.Write(
            image,
            StoreOptions.None,
            Dump(RecordCompression.Compress(CompressionMethod.Deflate, Text)) with
            {
                MarkedCompressed = true,
            }
        );
        var files = PstoreListing.Predict(format.Decode(image, StoreOptions.None), New);
        Assert.That(
            RecordText.FromBytes(files["dmesg-pstore_blk-0"]),
            Is.EqualTo("Oops: Total 3 times\n" + RecordText.FromBytes(Text))
        );
        Assert.That(files["dmesg-pstore_blk-1"], Is.EqualTo(Text));
    }

    [Test]
    public void A_ring_of_pstore_blk_that_cannot_be_read_hides_everything()
    {
        var format = new BlkFormat();
        var options = StoreOptions.None with
        {
            Parameters = new Dictionary<string, string> { [PstoreBlkParameters.ConsoleSize] = "64" },
        };
        byte[] image = format.CreateEmpty(0x40000, options);
        format.Write(image, options, Dump(Text));
        format.Write(image, options, Dump(Text) with { Type = RecordType.Console });
        Assert.That(PstoreListing.Predict(format.Decode(image, options), New), Has.Count.EqualTo(2));
        image[8] = 0xff;
        Assert.That(PstoreListing.Predict(format.Decode(image, options), New), Is.Empty);
    }

    [Test]
    public void The_zones_of_all_cpus_make_one_ftrace_file()
    {
        var format = new BlkFormat();
        var options = StoreOptions.None with
        {
            Cpus = 2,
            Parameters = new Dictionary<string, string> { [PstoreBlkParameters.FtraceSize] = "8" },
        };
        byte[] image = format.CreateEmpty(0x40000, options);
        for (int cpu = 0; cpu < 2; cpu++)
        {
            byte[] entries =
            [
                .. FtraceFormat.Usual.ToBytes(new FtraceEntry(0x10, 0x20, (ulong)(2 - cpu), cpu)),
                .. FtraceFormat.Usual.ToBytes(new FtraceEntry(0x11, 0x20, 5, cpu)),
            ];
            format.Write(image, options, new RecordToWrite(RecordType.Ftrace, entries) { Index = cpu });
        }
        var file = PstoreListing.Predict(format.Decode(image, options), New).Single();
        Assert.That(file.Key, Is.EqualTo("ftrace-pstore_blk-0"));
        Assert.That(
            RecordText.FromBytes(file.Value),
            Is.EqualTo(
                "CPU:1 ts:1 00000010  00000020\nCPU:0 ts:2 00000010  00000020\nCPU:1 ts:5 00000011  "
                    + "00000020\nCPU:0 ts:5 00000011  00000020\n"
            )
        );
    }

    [TestCase(StoreKind.Erst, 0x4000, 5_000)]
    [TestCase(StoreKind.PstoreBlk, 0x4000, 5_000)]
    [TestCase(StoreKind.Ramoops, 0x8000, 200)]
    public void No_damage_makes_the_listing_fail(StoreKind kind, int size, int count)
    {
        var format = StoreFormats.Get(kind);
        var options = StoreOptions.None with
        {
            Parameters = new Dictionary<string, string> { [PstoreBlkParameters.KmsgSize] = "4", ["ramoops.ecc"] = "1" },
        };
        byte[] image = format.CreateEmpty(size, options);
        format.Write(
            image,
            options,
            Dump(RecordCompression.Compress(CompressionMethod.Deflate, Text)) with
            {
                MarkedCompressed = true,
            }
        );
        Mutations.Survive(
            [image],
            count,
            damaged =>
            {
                foreach (var known in new[] { StoreOptions.None, options })
                {
                    var store = format.Decode(damaged, known);
                    PstoreListing.Predict(store, Old);
                    PstoreListing.Predict(store, New);
                }
            }
        );
    }

    private static IEnumerable<string> Names(IReadOnlyDictionary<string, byte[]> files) => files.Keys;

    private static RecordToWrite Dump(byte[] payload) => new(RecordType.Dmesg, payload) { WrittenAt = WrittenAt };

    private static byte[] ErstImage(params RecordToWrite[] records)
    {
        var format = new ErstFormat();
        byte[] image = format.CreateEmpty(0x10000, StoreOptions.None);
        foreach (var record in records)
            Assert.That(format.Write(image, StoreOptions.None, record));
        return image;
    }

    private static DecodedStore Erst(params RecordToWrite[] records) =>
        new ErstFormat().Decode(ErstImage(records), StoreOptions.None);

    private static DecodedStore Store(StoreKind kind, params StoredRecord[] records) =>
        new(kind, 0x10000, "made by hand", StoreOptions.None, records, []);

    private static StoredRecord Record(ulong id) =>
        new()
        {
            Place = $"place {id}",
            Name = new RecordName(RecordType.Dmesg, "backend", id),
            State = RecordState.Live,
            Regions = [new StoreRegion(RegionKind.Data, 0, Text.Length)],
            Payload = Text,
            Decompressed = DecompressedPayload.Plain(Text),
            AsRecordToWrite = new RecordToWrite(RecordType.Dmesg, Text),
        };
}
