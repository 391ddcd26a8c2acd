using System.Buffers.Binary;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Efi;
using PstoreLab.Records.Stores;
using PstoreLab.Records.Tests.Fuzzing;

namespace PstoreLab.Records.Tests.Efi;

public class EfiFormatTests
{
    // EFI_MIN_RESERVE in arch/x86/platform/efi/quirks.c.
    private const int KernelReserve = 5120;

    private const int FirstVariable = 100;
    private static readonly EfiFormat Format = new();
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeSeconds(1_795_303_139);

    [Test]
    public void A_store_that_a_crash_left_in_OVMF_gives_what_the_next_kernel_showed()
    {
        var store = Decode(Real());
        Assert.That(
            store.Layout,
            Is.EqualTo(
                "firmware volume of 540672 bytes with an authenticated variable store of 262072 bytes at byte 72"
            )
        );
        Assert.That(
            store.Records.Select(record =>
                $"{record.Name} {Convert.ToHexStringLower(SHA256.HashData(record.Decompressed.Bytes.Span))[..16]}"
            ),
            Is.EquivalentTo(RealListing())
        );
        Assert.That(
            store.Records,
            Has.All.Matches<StoredRecord>(record =>
                record is { State: RecordState.Live, MarkedCompressed: true }
                && record.Faults.Count == 0
                && record.Decompressed.IsComplete
            )
        );
        Assert.That(
            store.Remarks,
            Is.EqualTo([
                "22960 bytes are in use, 3800 belong to deleted variables until firmware reclaims them, "
                    + "235284 are free",
                "24 variables are not pstore's",
            ])
        );
    }

    [Test]
    public void A_record_says_all_that_its_variable_does()
    {
        var record = Decode(Real()).Records[1];
        Assert.That(record.Place, Is.EqualTo("variable dump-type0-2-1-1795303139-C"));
        Assert.That(record.WrittenAt, Is.EqualTo(Time));
        Assert.That(
            record.Regions,
            Is.EqualTo([
                new StoreRegion(RegionKind.Header, 0x3d14, 60 + 56),
                new StoreRegion(RegionKind.Data, 0x3d14 + 60 + 56, 775),
            ])
        );
        Assert.That(
            record.Fields.Select(field => $"{field.Key}: {field.Value}"),
            Is.EqualTo(["part: 2", "count: 1", "time: 1795303139", "attributes: 0x7", "state: 0x3f, added"])
        );
        Assert.That(
            record.AsRecordToWrite,
            Is.EqualTo(
                new RecordToWrite("dmesg", record.Payload)
                {
                    MarkedCompressed = true,
                    Part = 2,
                    Count = 1,
                    WrittenAt = Time,
                }
            )
        );
    }

    [Test]
    public void What_OVMF_wrote_is_written_again_to_the_byte()
    {
        byte[] image = Real();
        var records = Decode(image).Records;
        byte[] again = [.. image];
        again.AsSpan((int)records[0].Offset, 0x40000 - (int)records[0].Offset).Fill(0xff);
        Assert.That(Decode(again).Records, Is.Empty);
        foreach (var record in records)
            Assert.That(Format.Write(again, StoreOptions.None, record.AsRecordToWrite));
        Assert.That(again.AsSpan().SequenceEqual(image));
    }

    [TestCase(540672, "OVMF_VARS_4M.fd")]
    [TestCase(131072, "OVMF_VARS.fd")]
    public void An_empty_store_is_the_one_that_OVMF_comes_with(int size, string file)
    {
        byte[] image = Format.CreateEmpty(size, StoreOptions.None);
        Assert.That(Format.Recognises(image.AsSpan(0, 65536), size));
        Assert.That(Decode(image).Records, Is.Empty);
        string path = "/usr/share/OVMF/" + file;
        if (!File.Exists(path))
            Assert.Ignore($"{path} is not here to compare with");
        Assert.That(image.AsSpan().SequenceEqual(File.ReadAllBytes(path)));
    }

    [TestCase(0)]
    [TestCase(65536)]
    [TestCase(540671)]
    public void No_other_size_is_a_store_of_OVMF(long size) =>
        Assert.That(
            () => Format.CreateEmpty(size, StoreOptions.None),
            Throws
                .TypeOf<RecordFormatException>()
                .With.Message.EqualTo($"an OVMF variable store of {size} bytes; expected 540672 or 131072")
        );

    [Test]
    public void Other_images_are_not_recognised()
    {
        byte[] image = Empty();
        Assert.That(Format.Recognises(image.AsSpan(0, 71), 71), Is.False);
        Assert.That(Format.Recognises(image.AsSpan(1), image.Length), Is.False);
        image[40] = (byte)'-';
        Assert.That(Format.Recognises(image, image.Length), Is.False);
        Assert.That(
            () => Decode(image),
            Throws.TypeOf<RecordFormatException>().With.Message.StartsWith("no EFI variable store: neither")
        );
        Assert.That(() => Decode([]), Throws.TypeOf<RecordFormatException>());
    }

    [Test]
    public void A_variable_store_without_a_volume_is_one_too([Values] bool authenticated)
    {
        byte[] image = Bare(8192);
        if (!authenticated)
            EfiGuids.Variables.TryWriteBytes(image);
        Assert.That(Format.Recognises(image, image.Length));
        Assert.That(Format.Write(image, StoreOptions.None, Record("plain")));
        var record = Decode(image).Records.Single();
        Assert.That(
            (record.State, Text(record), record.Regions[0].Length),
            Is.EqualTo((RecordState.Live, "plain", (authenticated ? 60 : 32) + 56))
        );
        Assert.That(
            Decode(image).Layout,
            Is.EqualTo($"{(authenticated ? "an authenticated" : "a plain")} variable store of 8192 bytes at byte 0")
        );
    }

    [Test]
    public void The_same_variable_again_replaces_the_old_one_which_can_still_be_read()
    {
        byte[] image = Empty();
        Assert.That(Format.Write(image, StoreOptions.None, Record("old")));
        Assert.That(Format.Write(image, StoreOptions.None, Record("new")));
        var records = Decode(image).Records;
        Assert.That(
            records.Select(record => (record.State, Text(record))),
            Is.EqualTo([(RecordState.Deleted, "old"), (RecordState.Live, "new")])
        );
        Assert.That(image[FirstVariable + 2], Is.EqualTo(0x3c), "as OVMF marks it");
    }

    [Test]
    public void The_same_variable_with_the_same_data_changes_nothing()
    {
        byte[] image = Empty();
        Assert.That(Format.Write(image, StoreOptions.None, Record("old")));
        byte[] before = [.. image];
        Assert.That(Format.Write(image, StoreOptions.None, Record("old")));
        Assert.That(image, Is.EqualTo(before));
    }

    [Test]
    public void Writing_only_ever_clears_bits_as_flash_does()
    {
        byte[] image = Empty();
        for (int index = 0; index < 10; index++)
        {
            byte[] before = [.. image];
            Assert.That(Format.Write(image, StoreOptions.None, Record($"record {index}", (uint)(index % 3) + 1)));
            Assert.That(
                image.Zip(before),
                Has.All.Matches<(byte After, byte Before)>(pair => (pair.After & ~pair.Before) == 0)
            );
        }
    }

    [Test]
    public void A_full_store_takes_nothing_more_and_stays_as_it_is()
    {
        byte[] image = Bare(1024 + KernelReserve);
        uint part = 0;
        while (Format.Write(image, StoreOptions.None, Record(new string('x', 100), part + 1)))
            part++;
        // 28 bytes of header; 60 + 56 + 100 each, of the last of which a kernel does not count the 60.
        int free = image.Length - 28 - (4 * 216);
        Assert.That(part, Is.EqualTo(4));
        byte[] full = [.. image];
        Assert.That(Format.Write(image, StoreOptions.None, Record(new string('x', 100), 100)), Is.False);
        int most = free - KernelReserve - 56;
        Assert.That(Format.Write(image, StoreOptions.None, Record(new string('y', most + 1), 7)), Is.False);
        Assert.That(image, Is.EqualTo(full));
        Assert.That(
            Format.Write(image, StoreOptions.None, Record(new string('y', most), 7)),
            "a smaller one that leaves what a kernel wants left, as it counts"
        );
        Assert.That(Decode(image).Remarks[0], Does.EndWith("5060 are free; a kernel on x86 leaves at least 5120 free"));
    }

    [Test]
    public void A_variable_about_to_be_replaced_counts_until_the_new_one_is_there()
    {
        byte[] image = Empty();
        Format.Write(image, StoreOptions.None, Record("old"));
        image[FirstVariable + 2] = 0x3e;
        Assert.That(Decode(image).Records.Single().State, Is.EqualTo(RecordState.Live));

        // The power went when the new one was whole, before the old one was marked.
        Format.Write(image, StoreOptions.None, Record("new"));
        image[FirstVariable + 2] = 0x3e;
        Assert.That(
            Decode(image).Records.Select(record => record.State),
            Is.EqualTo([RecordState.Deleted, RecordState.Live])
        );

        // It went before that: the new one has a header and no more.
        int second = (int)Decode(image).Records[1].Offset;
        image[second + 2] = 0x7f;
        var records = Decode(image).Records;
        Assert.That(records.Select(record => record.State), Is.EqualTo([RecordState.Live, RecordState.Invalid]));
        Assert.That(records[1].Faults, Is.EqualTo(["its writing was interrupted: its state is 0x7f, header only"]));
    }

    [TestCase(0x3d, RecordState.Deleted)]
    [TestCase(0x3c, RecordState.Deleted)]
    [TestCase(0x7f, RecordState.Invalid)]
    [TestCase(0x7d, RecordState.Invalid)]
    [TestCase(0x00, RecordState.Deleted)]
    public void A_state_decides_what_becomes_of_a_variable(byte state, RecordState expected)
    {
        byte[] image = Empty();
        Format.Write(image, StoreOptions.None, Record("a record"));
        image[FirstVariable + 2] = state;
        var record = Decode(image).Records.Single();
        Assert.That((record.State, Text(record)), Is.EqualTo((expected, "a record")));
    }

    [Test]
    public void Firmware_finds_the_first_of_two_with_the_same_name()
    {
        byte[] image = Empty();
        Format.Write(image, StoreOptions.None, Record("first"));
        Format.Write(image, StoreOptions.None, Record("other"));
        image[FirstVariable + 2] = 0x3f;
        var records = Decode(image).Records;
        Assert.That(records.Select(record => record.State), Is.EqualTo([RecordState.Live, RecordState.Invalid]));
        Assert.That(
            records[1].Faults,
            Is.EqualTo(["the variable at byte 100 has the same name, and firmware finds that one alone"])
        );
    }

    [Test]
    public void What_a_kernel_may_not_see_at_runtime_is_invalid()
    {
        byte[] image = Empty();
        Format.Write(image, StoreOptions.None, Record("x"));
        image[FirstVariable + 4] = 3;
        Assert.That(Decode(image).Records.Single().Faults, Is.EqualTo(["its attributes, 0x3, hide it from a kernel"]));
    }

    [Test]
    public void A_name_that_no_record_has_stops_a_kernel()
    {
        byte[] image = Empty();
        Format.Write(image, StoreOptions.None, Record("x"));
        image[FirstVariable + 60] = (byte)'p';
        var record = Decode(image).Records.Single();
        Assert.That(
            (record.State, record.Place, record.Name.Type),
            Is.EqualTo((RecordState.Invalid, "variable pump-type0-1-1-1795303139-D", "unknown"))
        );
        Assert.That(
            record.Faults,
            Is.EqualTo([
                "no record has such a name; a kernel since 6.1 stops here and shows none of the records behind it",
            ])
        );
    }

    [Test]
    public void Variables_of_others_are_counted_and_not_shown()
    {
        byte[] image = Empty();
        Format.Write(image, StoreOptions.None, Record("x"));
        image[FirstVariable + 44] ^= 1;
        var store = Decode(image);
        Assert.That(store.Records, Is.Empty);
        Assert.That(store.Remarks[1], Is.EqualTo("1 variables are not pstore's"));
    }

    [Test]
    public void Records_behind_a_broken_header_are_found_though_firmware_does_not([Values(0, 36, 40)] int field)
    {
        byte[] image = Empty();
        for (uint part = 1; part <= 3; part++)
            Format.Write(image, StoreOptions.None, Record($"part {part}", part));
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(FirstVariable + field), 0x12345678);
        var store = Decode(image);
        Assert.That(
            store.Records,
            Has.All.Matches<StoredRecord>(record => record is { State: RecordState.Invalid, Faults.Count: 1 })
        );
        Assert.That(store.Records.TakeLast(2).Select(Text), Is.EqualTo(["part 2", "part 3"]));
        Assert.That(store.Records, Has.Count.EqualTo(field == 0 ? 2 : 3), "without its beginning the first is nothing");
        Assert.That(
            store.Faults[^1],
            Is.EqualTo(
                $"the space behind the last variable that firmware sees, from byte {(field == 0 ? 100 : 160)} "
                    + "on, is not blank and holds 2 records"
            )
        );
    }

    [TestCase(50, "the firmware volume's header adds up to 0x0001, expected 0")]
    [TestCase(55, "the firmware volume's revision is 3, expected 2")]
    [TestCase(48, "the firmware volume's header claims to be 73 bytes long, and has 72")]
    [TestCase(72 + 20, "the variable store's format and state are 0x5b and 0xfe, expected 0x5a and 0xfe")]
    [TestCase(72 + 21, "the variable store's format and state are 0x5a and 0xff, expected 0x5a and 0xfe")]
    public void A_store_that_firmware_would_empty_is_read_all_the_same(int at, string rejection)
    {
        byte[] image = Empty();
        Format.Write(image, StoreOptions.None, Record("still there"));
        image[at]++;
        var store = Decode(image);
        Assert.That(
            store.Faults[0],
            Is.EqualTo($"firmware rejects this store and replaces it by an empty one: {rejection}")
        );
        Assert.That((store.Records[0].State, Text(store.Records[0])), Is.EqualTo((RecordState.Invalid, "still there")));
        Assert.That(
            () => Format.Write(image, StoreOptions.None, Record("x", 2)),
            Throws.TypeOf<RecordFormatException>()
        );
    }

    [Test]
    public void Only_dmesg_is_decompressed()
    {
        byte[] packed = RecordCompression.Compress(CompressionMethod.Deflate, "Panic#1 Part1\nlog"u8);
        byte[] image = Empty();
        Format.Write(
            image,
            StoreOptions.None,
            new RecordToWrite(RecordType.Dmesg, packed) { MarkedCompressed = true, WrittenAt = Time }
        );
        Format.Write(
            image,
            StoreOptions.None,
            new RecordToWrite(RecordType.Mce, packed) { MarkedCompressed = true, WrittenAt = Time }
        );
        var records = Decode(image).Records;
        Assert.That(Text(records[0]), Is.EqualTo("Panic#1 Part1\nlog"));
        Assert.That(records[1].Name.ToString(), Is.EqualTo("mce-efi_pstore-179530313901001"));
        Assert.That(
            records[1].Faults,
            Is.EqualTo(["it is marked as compressed, and no kernel decompresses a record of type mce"])
        );
    }

    [Test]
    public void A_record_that_no_variable_can_hold_is_refused()
    {
        byte[] image = Empty();
        RecordToWrite[] records =
        [
            Record("x") with
            {
                Type = "diary",
            },
            Record(""),
            Record("x") with
            {
                WrittenAt = DateTimeOffset.FromUnixTimeSeconds(-1),
            },
        ];
        foreach (var record in records)
            Assert.That(() => Format.Write(image, StoreOptions.None, record), Throws.TypeOf<RecordFormatException>());
    }

    [Test]
    public void Ten_thousand_random_records_come_back_as_they_were_written()
    {
        const int perStore = 20;
        for (int seed = 1; seed <= 10_000 / perStore; seed++)
        {
            var random = new Random(seed);
            byte[] image = Bare((perStore * 400) + KernelReserve);
            if (random.Next(2) == 0)
                EfiGuids.Variables.TryWriteBytes(image);
            var written = Enumerable.Range(1, perStore).Select(part => Random(random, (uint)part)).ToList();
            foreach (var record in written)
                Assert.That(Format.Write(image, StoreOptions.None, record), $"seed {seed}");
            var records = Decode(image).Records;
            Assert.That(
                records.Select(record => (record.State, Describe(record.AsRecordToWrite))),
                Is.EqualTo(written.Select(record => (RecordState.Live, Describe(record)))),
                $"seed {seed}"
            );
            byte[] again = Bare(image.Length);
            image.AsSpan(0, 16).CopyTo(again);
            foreach (var record in records)
                Format.Write(again, StoreOptions.None, record.AsRecordToWrite);
            Assert.That(again.AsSpan().SequenceEqual(image), $"seed {seed}");
        }
    }

    [Test]
    public void A_record_takes_the_place_of_itself_in_the_other_form_and_of_no_other()
    {
        byte[] image = Bare(1600 + KernelReserve);
        Format.Write(image, StoreOptions.None, Record("Panic#1 Part1\nplain", 1));
        Format.Write(image, StoreOptions.None, Record("Panic#1 Part11\nplain", 11));
        Assert.That(Format.Write(image, StoreOptions.None, Record("Panic#1 Part1\nplain", 1, compress: true)), Is.True);
        Assert.That(Format.Write(image, StoreOptions.None, Record("Panic#1 Part1\nplain", 1)), Is.True, "and back");
        var records = Decode(image).Records;
        Assert.That(
            records
                .Where(record => record.State == RecordState.Live)
                .Select(record => (record.Name.Id, record.MarkedCompressed))
                .Order(),
            Is.EqualTo(
                records
                    .Where(record => record.State == RecordState.Live)
                    .Select(record => record.Name.Id)
                    .Distinct()
                    .Order()
                    .Select(id => (id, false))
            )
        );
        Assert.That(records.Count(record => record.State == RecordState.Live), Is.EqualTo(2));
        Assert.That(records.Count(record => record.State == RecordState.Deleted), Is.EqualTo(2));
    }

    [Test]
    public void A_hundred_thousand_damaged_stores_are_decoded_or_refused()
    {
        byte[] bare = Bare(1600 + KernelReserve);
        byte[] volume = Bare(1600 + KernelReserve + 72);
        volume.AsSpan().Fill(0xff);
        OvmfFlash.WriteVolumeHeader(volume);
        OvmfFlash.WriteStoreHeader(volume.AsSpan(72), 1600 + KernelReserve);
        foreach (byte[] image in (byte[][])[bare, volume])
        {
            for (uint part = 1; part <= 4; part++)
                Format.Write(
                    image,
                    StoreOptions.None,
                    Record("Panic#1 Part1\n" + new string('x', 100), part, compress: part % 2 == 0)
                );
            Format.Write(image, StoreOptions.None, Record("replaced", 2, compress: true));
        }

        Mutations.Survive(
            [bare, volume],
            100_000,
            image =>
            {
                var store = Decode(image);
                foreach (var region in store.Records.SelectMany(record => record.Regions))
                {
                    if (region.Offset < 0 || region.Length < 0 || region.Offset + region.Length > image.Length)
                        throw new InvalidOperationException($"{region} is not within {image.Length} bytes");
                }
            }
        );
        Mutations.Survive(
            [bare, volume],
            20_000,
            image => Format.Write(image, StoreOptions.None, Record("one more", 9))
        );
    }

    [Test]
    public void A_store_full_of_starts_is_decoded()
    {
        byte[] image = Bare(262072);
        byte[] pattern = new byte[60];
        BinaryPrimitives.WriteUInt16LittleEndian(pattern, 0x55aa);
        pattern[2] = 0x3f;
        pattern.AsSpan(3).Fill(0x7f);
        BinaryPrimitives.WriteUInt32LittleEndian(pattern.AsSpan(36), 0x7fffffff);
        EfiGuids.Dump.TryWriteBytes(pattern.AsSpan(44));
        for (int at = 28; at + 60 <= image.Length; at += 60)
            pattern.CopyTo(image.AsSpan(at));
        // Each of the 4367 starts claims all of the rest of the store.
        Assert.That(Decode(image).Records, Is.Not.Empty);
    }

    private static DecodedStore Decode(byte[] image) => Format.Decode(image, StoreOptions.None);

    private static byte[] Empty() => Format.CreateEmpty(131072, StoreOptions.None);

    private static byte[] Bare(int size)
    {
        byte[] image = new byte[size];
        image.AsSpan().Fill(0xff);
        OvmfFlash.WriteStoreHeader(image, size);
        return image;
    }

    private static RecordToWrite Record(string text, uint part = 1, bool compress = false)
    {
        byte[] content = Encoding.Latin1.GetBytes(text);
        return new RecordToWrite(
            RecordType.Dmesg,
            compress ? RecordCompression.Compress(CompressionMethod.Deflate, content) : content
        )
        {
            Part = part,
            WrittenAt = Time,
            MarkedCompressed = compress,
        };
    }

    private static RecordToWrite Random(Random random, uint part)
    {
        byte[] payload = new byte[1 + random.Next(250)];
        random.NextBytes(payload);
        return new RecordToWrite(RecordType.Known[random.Next(RecordType.Known.Count)], payload)
        {
            Part = random.Next(8) == 0 ? part * 1_000_000 : part,
            Count = random.Next(8) == 0 ? random.Next() : 1 + random.Next(3),
            WrittenAt = DateTimeOffset.FromUnixTimeSeconds(random.NextInt64(4_000_000_000)),
            MarkedCompressed = random.Next(2) == 0,
        };
    }

    private static string Describe(RecordToWrite record) =>
        $"{record.Type} {record.Part} {record.Count} {record.WrittenAt:O} {record.MarkedCompressed} "
        + $"{Convert.ToHexString(record.Payload.Span)}";

    private static string Text(StoredRecord record) => RecordText.FromBytes(record.Decompressed.Bytes.Span);

    private static byte[] Real()
    {
        using var packed = Resource("ovmf-4m-debian-7.2.fd.gz");
        using var file = new GZipStream(packed, CompressionMode.Decompress);
        var image = new MemoryStream();
        file.CopyTo(image);
        return image.ToArray();
    }

    private static string[] RealListing()
    {
        using var reader = new StreamReader(Resource("ovmf-4m-debian-7.2.txt"));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static Stream Resource(string name) =>
        Assembly.GetExecutingAssembly().GetManifestResourceStream($"PstoreLab.Records.Tests.Efi.{name}")
        ?? throw new FileNotFoundException(name);
}
