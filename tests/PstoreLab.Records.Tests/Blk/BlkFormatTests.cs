using System.Buffers.Binary;
using PstoreLab.Records.Blk;
using PstoreLab.Records.Stores;
using PstoreLab.Records.Tests.Fuzzing;

namespace PstoreLab.Records.Tests.Blk;

public class BlkFormatTests
{
    private const int Device = 0x40000;
    private static readonly DateTimeOffset WrittenAt = DateTimeOffset
        .FromUnixTimeSeconds(1_700_000_000)
        .AddTicks(1_234_567);
    private readonly BlkFormat _format = new();

    private static readonly StoreOptions All = Options(kmsg: 16, pmsg: 4, console: 8, ftrace: 12) with { Cpus = 3 };

    [Test]
    public void Zones_lie_in_the_kernels_order()
    {
        var layout = BlkLayout.From(All, Device);
        Assert.That(
            layout.Zones.Select(zone => $"{zone} 0x{zone.Offset:x} {zone.Length}").Take(6),
            Is.EqualTo(
                new[]
                {
                    "pmsg zone 0x0 4096",
                    "console zone 0x1000 8192",
                    "ftrace zone 0 0x3000 4096",
                    "ftrace zone 1 0x4000 4096",
                    "ftrace zone 2 0x5000 4096",
                    "dmesg zone 0 0x6000 16384",
                }
            )
        );
        Assert.That(layout.Of(RecordType.Dmesg).Count(), Is.EqualTo((Device - 0x6000) / 0x4000));
    }

    [Test]
    public void Dumps_follow_the_last_ftrace_zone_where_cpus_do_not_divide_it()
    {
        var layout = BlkLayout.From(Options(kmsg: 16, pmsg: 0, console: 0, ftrace: 4) with { Cpus = 3 }, Device);
        Assert.That(layout.Of(RecordType.Ftrace).Select(zone => zone.Length), Is.EqualTo(new[] { 1365, 1365, 1365 }));
        Assert.That(layout.Of(RecordType.Dmesg).First().Offset, Is.EqualTo(4095));
        Assert.That(layout.Of(RecordType.Dmesg).Count(), Is.EqualTo((Device - 4096) / 0x4000));
    }

    [Test]
    public void A_device_is_found_by_zones_that_lie_far_back()
    {
        byte[] image = _format.CreateEmpty(4 << 20, StoreOptions.None);
        Assert.That(BlkScan.HasZone(new MemoryStream(image)), Is.False);
        byte[] text = "Oops#1 Part1\ntext\n"u8.ToArray();
        var record = new RecordToWrite(RecordType.Dmesg, text) { Index = 33 };
        Assert.That(_format.Write(image, StoreOptions.None, record));
        var stream = new MemoryStream(image) { Position = 4096 };
        Assert.That((BlkScan.HasZone(stream), stream.Position), Is.EqualTo((true, 4096)));
    }

    [Test]
    public void Debian_has_dumps_of_64_kib_only()
    {
        var layout = BlkLayout.From(StoreOptions.None, Device);
        Assert.That(
            layout.Zones.Select(zone => (zone.Type, zone.Length)).Distinct(),
            Is.EqualTo(new[] { (RecordType.Dmesg, 65536) })
        );
        Assert.That(layout.Zones, Has.Count.EqualTo(4));
    }

    [TestCase("5", 4096)]
    [TestCase("65", 4096)]
    [TestCase("4", 4096)]
    [TestCase("0x10", 16384)]
    public void A_size_that_is_no_multiple_of_four_becomes_what_the_kernel_makes_of_it(string kib, int bytes)
    {
        var options = StoreOptions.None with
        {
            Parameters = new Dictionary<string, string> { [PstoreBlkParameters.KmsgSize] = kib },
        };
        Assert.That(BlkLayout.From(options, Device).Zones[0].Length, Is.EqualTo(bytes));
    }

    [Test]
    public void A_device_is_used_up_to_128_mib_only()
    {
        Assert.That(BlkLayout.From(StoreOptions.None, 256 << 20).Used, Is.EqualTo(128 << 20));
        Assert.That(
            BlkLayout.From(StoreOptions.None with { Kernel = new Version(5, 10) }, 256 << 20).Used,
            Is.EqualTo(256 << 20)
        );
    }

    [Test]
    public void A_dump_is_byte_for_byte_what_linux_writes()
    {
        byte[] image = Store(
            All,
            Dump("Oops#1 Part1\n") with
            {
                MarkedCompressed = false,
                Count = 3,
                Reason = DumpReason.Oops,
            }
        );
        Assert.That(Convert.ToHexString(image.AsSpan(0x6000, 12)), Is.EqualTo("44424743" + "35000000" + "00000000"));
        Assert.That(
            Convert.ToHexString(image.AsSpan(0x600c, 40)),
            Is.EqualTo(
                "E53AFC4D"
                    + "00000000"
                    + "00F1536500000000"
                    + "BCCC5B0700000000"
                    + "00"
                    + "000000"
                    + "03000000"
                    + "02000000"
                    + "00000000"
            )
        );
        Assert.That(RecordText.FromBytes(image.AsSpan(0x6000 + 52, 13)), Is.EqualTo("Oops#1 Part1\n"));
    }

    [Test]
    public void A_dump_is_read_with_all_it_says()
    {
        var record = _format.Decode(Store(All, Dump("text") with { Count = 7 }), All).Records.Single();
        Assert.That(record.Place, Is.EqualTo("dmesg zone 0"));
        Assert.That(record.Name.ToString(), Is.EqualTo("dmesg-pstore_blk-0"));
        Assert.That(record.State, Is.EqualTo(RecordState.Live));
        Assert.That(record.WrittenAt, Is.EqualTo(WrittenAt));
        Assert.That(record.AsRecordToWrite.Count, Is.EqualTo(7));
        Assert.That(RecordText.FromBytes(record.Payload.Span), Is.EqualTo("text"));
        Assert.That(record.Faults, Is.Empty);
        Assert.That(
            record.Regions,
            Is.EqualTo(
                new[] { new StoreRegion(RegionKind.Header, 0x6000, 12), new StoreRegion(RegionKind.Data, 0x600c, 44) }
            )
        );
    }

    [Test]
    public void An_erased_dump_is_still_there()
    {
        byte[] image = Store(All, Dump("first"), Dump("second"));
        image.AsSpan(0x6004, 4).Clear();
        var records = _format.Decode(image, All).Records;
        Assert.That(
            records.Select(record => record.State),
            Is.EqualTo(new[] { RecordState.Deleted, RecordState.Live })
        );
        Assert.That(RecordText.FromBytes(records[0].Payload.Span), Is.EqualTo("first"));
    }

    [TestCase(16384 - 12, RecordState.Live, false)]
    [TestCase(16384 - 11, RecordState.Invalid, false)]
    [TestCase(-1, RecordState.Invalid, false)]
    [TestCase(39, RecordState.Invalid, true)]
    [TestCase(1, RecordState.Invalid, true)]
    [TestCase(40, RecordState.Live, false)]
    public void The_length_of_a_dump_decides_what_a_kernel_does(int length, RecordState state, bool ends)
    {
        byte[] image = Store(All, Dump("text"));
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(0x6004), length);
        var record = _format.Decode(image, All).Records.Single();
        Assert.That(record.State, Is.EqualTo(state));
        Assert.That(record.EndsListing, Is.EqualTo(ends));
        Assert.That(record.Faults, state == RecordState.Live ? Is.Empty : Has.Count.EqualTo(1));
    }

    [TestCase(0x6000, "signature")]
    [TestCase(0x600c, "magic")]
    public void A_dump_with_a_broken_header_is_named(int offset, string fault)
    {
        byte[] image = Store(All, Dump("text"));
        image[offset] ^= 1;
        var record = _format.Decode(image, All).Records.Single();
        Assert.That(record.State, Is.EqualTo(RecordState.Invalid));
        Assert.That(record.Faults.Single(), Does.Contain(fault));
        Assert.That(RecordText.FromBytes(record.Payload.Span), Is.EqualTo("text"));
    }

    [Test]
    public void A_ring_is_unrolled_from_its_start()
    {
        byte[] image = Store(All, new RecordToWrite(RecordType.Console, RecordText.ToBytes("one two three")));
        Assert.That(
            RecordText.FromBytes(_format.Decode(image, All).Records.Single().Payload.Span),
            Is.EqualTo("one two three")
        );
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(0x1008), 4);
        Assert.That(
            RecordText.FromBytes(_format.Decode(image, All).Records.Single().Payload.Span),
            Is.EqualTo("two threeone ")
        );
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(0x1008), 14);
        Assert.That(_format.Decode(image, All).Records.Single().EndsListing, "a start behind the end");
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(0x1008), 8181);
        Assert.That(_format.Decode(image, All).Records.Single().State, Is.EqualTo(RecordState.Invalid));
        Assert.That(_format.Decode(image, All).Records.Single().EndsListing, Is.False);
    }

    [Test]
    public void Sizes_are_inferred_from_the_headers()
    {
        byte[] image = Store(
            All,
            Dump("first"),
            Dump("second"),
            new RecordToWrite(RecordType.Pmsg, new byte[10]),
            new RecordToWrite(RecordType.Console, new byte[10]),
            new RecordToWrite(RecordType.Ftrace, new byte[24]),
            new RecordToWrite(RecordType.Ftrace, new byte[24]) { Index = 1 }
        );
        Assert.That(_format.Recognises(image.AsSpan(0, 65536), image.Length));
        var store = _format.Decode(image, StoreOptions.None);
        Assert.That(store.Remarks, Is.Empty);
        Assert.That(store.Options.Cpus, Is.EqualTo(3));
        foreach (var (name, value) in All.Parameters)
            Assert.That(store.Options.Parameters[name], Is.EqualTo(value), name);
        Assert.That(store.Records, Has.Count.EqualTo(6));
        var known = _format.Decode(image, store.Options);
        Assert.That(
            known.Records.Select(record => (record.Place, record.State)),
            Is.EqualTo(store.Records.Select(record => (record.Place, record.State)))
        );
    }

    [Test]
    public void Erased_flash_before_the_first_dump_has_zones_for_dumps()
    {
        byte[] image = new byte[Device];
        image.AsSpan().Fill(0xff);
        Assert.That(
            _format.Write(image, Options(kmsg: 64, pmsg: 0, console: 0, ftrace: 0), Dump("an oops") with { Index = 2 })
        );
        var store = _format.Decode(image, StoreOptions.None);
        Assert.That(store.Records.Single().Place, Is.EqualTo("dmesg zone 2"));
        Assert.That(store.Remarks, Has.Some.StartsWith("the first 131072 bytes are erased flash"));

        image.AsSpan(0, 0x20000).Clear();
        Assert.That(
            _format.Decode(image, StoreOptions.None).Records.Single().Place,
            Is.EqualTo("dmesg zone 0"),
            "zeros are no flash"
        );
    }

    [Test]
    public void A_guess_is_called_one()
    {
        var options = Options(kmsg: 32, pmsg: 0, console: 4, ftrace: 0);
        byte[] image = Store(options, Dump("only"));
        var store = _format.Decode(image, StoreOptions.None);
        Assert.That(store.Records.Single().Place, Is.EqualTo("dmesg zone 0"));
        Assert.That(store.Remarks, Has.Count.EqualTo(2));
        Assert.That(store.Remarks[0], Does.Contain("only one dump"));
        Assert.That(store.Remarks[1], Does.Contain("first 4096 bytes"));
    }

    [Test]
    public void A_ramoops_area_is_none_of_its_own()
    {
        byte[] area = new byte[Device];
        for (int zone = 0; zone < Device; zone += 0x4000)
        {
            "DBGC"u8.CopyTo(area.AsSpan(zone));
            BinaryPrimitives.WriteInt32LittleEndian(area.AsSpan(zone + 8), 100);
            "====1700000000.123456-D\nPanic#1 Part1\n"u8.CopyTo(area.AsSpan(zone + 12));
        }
        Assert.That(_format.Recognises(area.AsSpan(0, 65536), area.Length), Is.False);
        Assert.Throws<RecordFormatException>(() => _format.Decode(area, StoreOptions.None));
    }

    [Test]
    public void A_full_device_takes_no_more()
    {
        byte[] image = _format.CreateEmpty(Device, StoreOptions.None);
        Assert.That(image, Is.All.Zero);
        for (int zone = 0; zone < 4; zone++)
            Assert.That(_format.Write(image, StoreOptions.None, Dump("text")));
        Assert.That(_format.Write(image, StoreOptions.None, Dump("text")), Is.False);
        Assert.That(_format.Write(image, StoreOptions.None, Dump("text") with { Index = 2 }));
    }

    [Test]
    public void What_no_device_can_be_or_hold_is_refused()
    {
        Assert.Throws<RecordFormatException>(() => _format.CreateEmpty(4095, StoreOptions.None));
        Assert.Throws<RecordFormatException>(
            () => _format.CreateEmpty(32768, StoreOptions.None),
            "no room for one dump"
        );
        Assert.Throws<RecordFormatException>(() => _format.CreateEmpty(Device, All with { Cpus = null }));
        Assert.Throws<RecordFormatException>(() => _format.Decode(new byte[Device], StoreOptions.None));
        Assert.That(_format.Decode(new byte[Device], All).Records, Is.Empty);
        byte[] image = _format.CreateEmpty(Device, All);
        Assert.Throws<RecordFormatException>(() => _format.Write(image, All, Dump(new string('x', 16384 - 51))));
        Assert.Throws<RecordFormatException>(() => _format.Write(image, All, Dump("x") with { Type = RecordType.Mce }));
        Assert.Throws<RecordFormatException>(() => _format.Write(image, All, Dump("x") with { Reason = "Boredom" }));
        Assert.Throws<RecordFormatException>(() => _format.Write(image, All, Dump("x") with { Index = 99 }));
    }

    [Test]
    public void Ten_thousand_records_come_back_as_they_were()
    {
        var random = new Random(1);
        string[] types = [RecordType.Dmesg, RecordType.Console, RecordType.Pmsg, RecordType.Ftrace];
        string[] reasons =
        [
            DumpReason.Panic,
            DumpReason.Oops,
            DumpReason.Emergency,
            DumpReason.Shutdown,
            DumpReason.Unknown,
        ];
        var options = Options(kmsg: 4, pmsg: 4, console: 4, ftrace: 4) with { Cpus = 2 };
        byte[] image = _format.CreateEmpty(0x10000, options);
        for (int round = 0; round < 10_000; round++)
        {
            string type = types[random.Next(4)];
            byte[] payload = new byte[1 + random.Next(type == RecordType.Ftrace ? 2048 - 12 : 4096 - 52)];
            random.NextBytes(payload);
            var record = new RecordToWrite(type, payload)
            {
                Index = type switch
                {
                    RecordType.Dmesg => random.Next(13),
                    RecordType.Ftrace => random.Next(2),
                    _ => 0,
                },
                WrittenAt = DateTimeOffset
                    .FromUnixTimeSeconds(random.NextInt64(0, 1L << 32))
                    .AddTicks(random.Next(10_000_000)),
                Count = random.Next(),
                Reason = reasons[random.Next(5)],
            };
            Assert.That(_format.Write(image, options, record));
            var zone = BlkLayout.From(options, image.Length).Of(type).ElementAt(record.Index!.Value);
            var read = BlkDecoder.Decode(image, zone)!;
            if (
                read.State != RecordState.Live
                || read.Name != new RecordName(type, "pstore_blk", (ulong)record.Index)
                || type == RecordType.Dmesg
                    && (
                        read.WrittenAt != record.WrittenAt
                        || read.AsRecordToWrite.Count != record.Count
                        || read.AsRecordToWrite.Reason != record.Reason
                    )
                || !read.Payload.Span.SequenceEqual(payload)
            )
            {
                Assert.Fail($"round {round}");
            }
        }
    }

    [Test]
    public void A_hundred_thousand_damaged_devices_give_no_other_exception()
    {
        var options = Options(kmsg: 4, pmsg: 4, console: 4, ftrace: 4) with { Cpus = 2 };
        byte[] full = _format.CreateEmpty(0x6000, options);
        foreach (string type in new[] { RecordType.Dmesg, RecordType.Console, RecordType.Pmsg, RecordType.Ftrace })
            _format.Write(full, options, Dump("text") with { Type = type });
        byte[] dumps = _format.CreateEmpty(0x2000, Options(kmsg: 4, 0, 0, 0));
        _format.Write(dumps, Options(kmsg: 4, 0, 0, 0), Dump("text"));
        Mutations.Survive([full, dumps], 50_000, image => _format.Decode(image, StoreOptions.None));
        Mutations.Survive([full], 50_000, image => _format.Decode(image, options), firstSeed: 50_001);
    }

    private static StoreOptions Options(int kmsg, int pmsg, int console, int ftrace) =>
        StoreOptions.None with
        {
            Parameters = new Dictionary<string, string>
            {
                [PstoreBlkParameters.KmsgSize] = $"{kmsg}",
                [PstoreBlkParameters.PmsgSize] = $"{pmsg}",
                [PstoreBlkParameters.ConsoleSize] = $"{console}",
                [PstoreBlkParameters.FtraceSize] = $"{ftrace}",
            },
        };

    private static RecordToWrite Dump(string text) =>
        new(RecordType.Dmesg, RecordText.ToBytes(text)) { WrittenAt = WrittenAt };

    private byte[] Store(StoreOptions options, params RecordToWrite[] records)
    {
        byte[] image = _format.CreateEmpty(Device, options);
        foreach (var record in records)
            Assert.That(_format.Write(image, options, record));
        return image;
    }
}
