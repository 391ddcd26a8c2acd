using System.Buffers.Binary;
using PstoreLab.Records.Erst;
using PstoreLab.Records.Stores;
using PstoreLab.Records.Tests.Fuzzing;

namespace PstoreLab.Records.Tests.Erst;

public class ErstFormatTests
{
    private const int SlotSize = 8192;
    private static readonly DateTimeOffset WrittenAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
    private readonly ErstFormat _format = new();

    [Test]
    public void An_empty_store_is_as_qemu_makes_it()
    {
        byte[] image = _format.CreateEmpty(0x40000, StoreOptions.None);
        Assert.That(
            image[..24],
            Is.EqualTo(Convert.FromHexString("455253545354 4F52 00200000 00200000 0001 0000 00000000".Replace(" ", "")))
        );
        Assert.That(image[24..], Is.All.Zero);
        Assert.That(_format.Recognises(image, image.Length));
        Assert.That(_format.Recognises(new byte[100], 100), Is.False);
        var store = _format.Decode(image, StoreOptions.None);
        Assert.That(store.Records, Is.Empty);
        Assert.That(store.Layout, Does.Contain("31 slots of 8192"));
        Assert.That(store.Remarks.Concat(store.Faults), Is.Empty);
    }

    [Test]
    public void A_record_is_byte_for_byte_what_linux_writes()
    {
        byte[] image = Store(Record("Panic#1 Part1\ntext"));
        var slot = image.AsSpan(SlotSize, SlotSize);
        Assert.That(
            Convert.ToHexString(slot[..32]),
            Is.EqualTo(
                "43504552" + "0001" + "FFFFFFFF" + "0100" + "01000000" + "02000000" + "DA000000" + "00F1536500000000"
            )
        );
        Assert.That(
            Convert.ToHexString(slot[64..128]),
            Is.EqualTo(
                "E374A5755250294B8A8EBE2C6490B89D"
                    + "FE6FF5E89C91C54CBA8865ABE14913BB"
                    + "0100000000F15365"
                    + "02000000"
                    + "4552000000000000"
                    + "000000000000000000000000"
            )
        );
        Assert.That(
            Convert.ToHexString(slot[128..160]),
            Is.EqualTo("C8000000" + "12000000" + "0001" + "00" + "00" + "01000000" + "4EE097C145D5704A9C17A5549419EB12")
        );
        Assert.That(RecordText.FromBytes(slot[200..218]), Is.EqualTo("Panic#1 Part1\ntext"));
        Assert.That(slot[218..].ToArray(), Is.All.EqualTo(0xff), "QEMU fills the rest of the slot");
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(20)), Is.EqualTo(1));
        Assert.That(
            BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(24 + 8)),
            Is.EqualTo(1_700_000_000ul << 32 | 1)
        );
    }

    [Test]
    public void A_live_record_is_read_with_all_it_says()
    {
        var record = _format.Decode(Store(Record("text")), StoreOptions.None).Records.Single();
        Assert.That(record.State, Is.EqualTo(RecordState.Live));
        Assert.That(record.Name.ToString(), Is.EqualTo($"dmesg-erst-{1_700_000_000ul << 32 | 1}"));
        Assert.That(record.WrittenAt, Is.EqualTo(WrittenAt));
        Assert.That(RecordText.FromBytes(record.Decompressed.Bytes.Span), Is.EqualTo("text"));
        Assert.That(record.Faults, Is.Empty);
        Assert.That(record.Fields, Does.Contain(new KeyValuePair<string, string>("severity", "1 (fatal)")));
        Assert.That(
            record.Regions,
            Is.EqualTo(
                new[]
                {
                    new StoreRegion(RegionKind.Header, 0x2000, 200),
                    new StoreRegion(RegionKind.Data, 0x2000 + 200, 4),
                    new StoreRegion(RegionKind.Map, 32, 8),
                }
            )
        );
        Assert.That(record.Offset, Is.EqualTo(0x2000));
    }

    [Test]
    public void A_cleared_record_is_still_there()
    {
        byte[] image = Store(Record("first"), Record("second", part: 2));
        image.AsSpan(24 + 8, 8).Clear();
        image[20] = 1;
        var records = _format.Decode(image, StoreOptions.None).Records;
        Assert.That(
            records.Select(record => record.State),
            Is.EqualTo(new[] { RecordState.Deleted, RecordState.Live })
        );
        Assert.That(RecordText.FromBytes(records[0].Payload.Span), Is.EqualTo("first"));
        Assert.That(records[0].Name.Id, Is.EqualTo(1_700_000_000ul << 32 | 1));
        Assert.That(records[0].Faults, Is.Empty);
    }

    [Test]
    public void A_machine_check_says_its_bank_and_its_address_and_no_time()
    {
        byte[] mce = new byte[128];
        BinaryPrimitives.WriteUInt64LittleEndian(mce, 0xbe00000000800400);
        BinaryPrimitives.WriteUInt64LittleEndian(mce.AsSpan(16), 0x1234);
        mce[56] = 2;
        mce[65] = 1;
        byte[] image = Store(new RecordToWrite(RecordType.Mce, mce) { WrittenAt = WrittenAt });
        var record = _format.Decode(image, StoreOptions.None).Records.Single();
        Assert.That(record.Name.Type, Is.EqualTo("mce"));
        Assert.That(record.WrittenAt, Is.Null);
        Assert.That(record.Fields, Does.Contain(new KeyValuePair<string, string>("mce bank", "1")));
        Assert.That(record.Fields, Does.Contain(new KeyValuePair<string, string>("mce addr", "0x1234")));
        Assert.That(record.Fields, Does.Contain(new KeyValuePair<string, string>("mce cpuvendor", "2 (AMD)")));
        Assert.That(
            record.Fields.First(field => field.Key == "mce status").Value,
            Does.StartWith("0xbe00000000800400 (valid, uncorrected, enabled,")
        );
    }

    [TestCase(127u, true, "QEMU fails the read")]
    [TestCase(8193u, true, "QEMU fails the read")]
    [TestCase(0xffffffffu, true, "QEMU fails the read")]
    [TestCase(128u, true, "less than the 200 bytes")]
    [TestCase(199u, true, "less than the 200 bytes")]
    [TestCase(200u, true, "it is empty")]
    public void A_record_of_impossible_length_ends_the_listing(uint length, bool ends, string fault)
    {
        byte[] image = Store(Record("first"), Record("second", part: 2));
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(SlotSize + 20), length);
        var records = _format.Decode(image, StoreOptions.None).Records;
        Assert.That(records[0].State, Is.EqualTo(RecordState.Invalid));
        Assert.That(records[0].EndsListing, Is.EqualTo(ends));
        Assert.That(records[0].Faults[0], Does.Contain(fault));
        Assert.That(records[1].State, Is.EqualTo(RecordState.Live), "the record itself is valid");
    }

    [TestCase(201u)]
    [TestCase(8192u)]
    public void A_length_within_the_slot_is_believed_as_a_kernel_believes_it(uint length)
    {
        byte[] image = Store(Record("first"));
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(SlotSize + 20), length);
        var record = _format.Decode(image, StoreOptions.None).Records.Single();
        Assert.That(record.State, Is.EqualTo(RecordState.Live));
        Assert.That(record.Payload.Length, Is.EqualTo(length - 200));
        Assert.That(record.Faults.Single(), Does.Contain("its section descriptor has 5 bytes"));
    }

    [Test]
    public void A_record_of_somebody_else_is_passed_over()
    {
        byte[] image = Store(Record("first"));
        image[SlotSize + 64] ^= 1;
        var record = _format.Decode(image, StoreOptions.None).Records.Single();
        Assert.That(record.State, Is.EqualTo(RecordState.Invalid));
        Assert.That(record.EndsListing, Is.False);
        Assert.That(record.Faults[0], Does.Contain("its creator"));
    }

    [Test]
    public void A_section_of_an_unknown_type_is_shown_by_a_kernel_as_unknown()
    {
        byte[] image = Store(Record("first"));
        image[SlotSize + 144] ^= 1;
        var record = _format.Decode(image, StoreOptions.None).Records.Single();
        Assert.That(record.State, Is.EqualTo(RecordState.Live));
        Assert.That(record.Name.Type, Is.EqualTo("unknown"));
        Assert.That(record.Faults.Single(), Does.Contain("is none of pstore's"));
    }

    [Test]
    public void More_entries_than_the_header_counts_are_out_of_reach()
    {
        byte[] image = Store(Record("first"), Record("second", part: 2));
        image[20] = 1;
        var store = _format.Decode(image, StoreOptions.None);
        Assert.That(
            store.Records.Select(record => record.State),
            Is.EqualTo(new[] { RecordState.Live, RecordState.Invalid })
        );
        Assert.That(store.Faults, Is.EqualTo(new[] { "the header counts 1 records, the map has 2" }));
    }

    [Test]
    public void An_id_that_is_twice_in_the_map_is_found_once()
    {
        byte[] image = Store(Record("first"), Record("second", part: 2), Record("third", part: 3));
        image.AsSpan(32, 8).CopyTo(image.AsSpan(40));
        var records = _format.Decode(image, StoreOptions.None).Records;
        Assert.That(
            records.Select(record => record.State),
            Is.EqualTo(new[] { RecordState.Live, RecordState.Invalid, RecordState.Live })
        );
        Assert.That(records[1].Faults, Has.Count.EqualTo(2));
    }

    [Test]
    public void An_id_of_all_ones_hides_everything_behind_it()
    {
        byte[] image = Store(Record("first"), Record("second", part: 2));
        image.AsSpan(32, 8).Fill(0xff);
        var record = _format.Decode(image, StoreOptions.None).Records[0];
        Assert.That(record.State, Is.EqualTo(RecordState.Invalid));
        Assert.That(record.EndsListing);
    }

    [TestCase(8, 5000u, "record size")]
    [TestCase(12, 0x2100u, "storage offset")]
    [TestCase(16, 0x0101u, "version")]
    public void What_qemu_does_not_open_is_read_all_the_same_and_said(int offset, uint value, string fault)
    {
        byte[] image = Store(Record("first"));
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(offset), value);
        var store = _format.Decode(image, StoreOptions.None);
        Assert.That(store.Faults[0], Does.StartWith("QEMU does not start with this store").And.Contain(fault));
        Assert.That(store.Records.Single().State, Is.EqualTo(RecordState.Invalid));
        Assert.That(RecordText.FromBytes(store.Records.Single().Payload.Span), Is.EqualTo("first"));
    }

    [Test]
    public void A_full_store_takes_no_more()
    {
        byte[] image = _format.CreateEmpty(0x10000, StoreOptions.None);
        for (uint part = 1; part <= 7; part++)
            Assert.That(_format.Write(image, StoreOptions.None, Record("text", part)));
        byte[] before = [.. image];
        Assert.That(_format.Write(image, StoreOptions.None, Record("text", 8)), Is.False);
        Assert.That(image, Is.EqualTo(before));
        Assert.That(_format.Write(image, StoreOptions.None, Record("other", 3)), "one of the same id replaces it");
        var store = _format.Decode(image, StoreOptions.None);
        Assert.That(store.Records, Has.Count.EqualTo(7));
        Assert.That(RecordText.FromBytes(store.Records[2].Payload.Span), Is.EqualTo("other"));
        Assert.That(store.Remarks.Single(), Does.StartWith("it is full"));
    }

    [Test]
    public void What_no_store_can_be_or_hold_is_refused()
    {
        Assert.Throws<RecordFormatException>(() => _format.CreateEmpty(8192, StoreOptions.None));
        Assert.Throws<RecordFormatException>(() => _format.CreateEmpty(0x10001, StoreOptions.None));
        Assert.Throws<RecordFormatException>(() => _format.CreateEmpty(1L << 40, StoreOptions.None));
        Assert.Throws<RecordFormatException>(() => _format.Decode(new byte[0x10000], StoreOptions.None));
        byte[] image = _format.CreateEmpty(0x10000, StoreOptions.None);
        Assert.Throws<RecordFormatException>(() =>
            _format.Write(image, StoreOptions.None, Record(new string('x', SlotSize - 199)))
        );
        Assert.Throws<RecordFormatException>(() =>
            _format.Write(image, StoreOptions.None, Record("x") with { Type = RecordType.Console })
        );
        Assert.Throws<RecordFormatException>(() =>
            _format.Write(image, StoreOptions.None, Record("x") with { Index = 7 })
        );
        Assert.Throws<RecordFormatException>(() =>
            _format.Write(image, StoreOptions.None, Record("x") with { Id = 0 })
        );
    }

    [Test]
    public void Ten_thousand_records_come_back_as_they_were()
    {
        var random = new Random(1);
        for (int round = 0; round < 400; round++)
        {
            var options = StoreOptions.None with
            {
                Parameters = new Dictionary<string, string> { [ErstFormat.RecordSizeParameter] = "4096" },
            };
            byte[] image = _format.CreateEmpty(26 * 4096, options);
            var written = new List<RecordToWrite>();
            for (int slot = 0; slot < 25; slot++)
            {
                byte[] payload = new byte[1 + random.Next(4096 - 200)];
                random.NextBytes(payload);
                var record = new RecordToWrite(random.Next(5) == 0 ? RecordType.Mce : RecordType.Dmesg, payload)
                {
                    WrittenAt = DateTimeOffset.FromUnixTimeSeconds(random.NextInt64(1, 1L << 32)),
                    Id = (ulong)random.NextInt64(1, long.MaxValue),
                };
                written.Add(record);
                Assert.That(_format.Write(image, options, record));
            }
            var read = _format.Decode(image, options).Records;
            Assert.That(read, Has.Count.EqualTo(written.Count));
            for (int slot = 0; slot < 25; slot++)
            {
                if (
                    read[slot].State != RecordState.Live
                    || read[slot].Faults.Count > 0
                    || read[slot].Name != new RecordName(written[slot].Type, "erst", written[slot].Id!.Value)
                    || read[slot].WrittenAt != (written[slot].Type == RecordType.Mce ? null : written[slot].WrittenAt)
                    || !read[slot].Payload.Span.SequenceEqual(written[slot].Payload.Span)
                )
                {
                    Assert.Fail($"round {round}, slot {slot}");
                }
            }
        }
    }

    [Test]
    public void A_hundred_thousand_damaged_stores_give_no_other_exception()
    {
        var options = StoreOptions.None with
        {
            Parameters = new Dictionary<string, string> { [ErstFormat.RecordSizeParameter] = "4096" },
        };
        byte[] small = _format.CreateEmpty(4 * 4096, options);
        _format.Write(small, options, Record("first"));
        _format.Write(small, options, new RecordToWrite(RecordType.Mce, new byte[128]));
        byte[] empty = _format.CreateEmpty(2 * 4096, options);
        Mutations.Survive([small, empty], 100_000, image => _format.Decode(image, StoreOptions.None));
    }

    private static RecordToWrite Record(string text, uint part = 1) =>
        new(RecordType.Dmesg, RecordText.ToBytes(text)) { Part = part, WrittenAt = WrittenAt };

    private byte[] Store(params RecordToWrite[] records)
    {
        byte[] image = _format.CreateEmpty(0x10000, StoreOptions.None);
        foreach (var record in records)
            Assert.That(_format.Write(image, StoreOptions.None, record));
        return image;
    }
}
