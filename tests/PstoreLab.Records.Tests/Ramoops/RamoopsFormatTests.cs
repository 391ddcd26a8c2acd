using System.Buffers.Binary;
using PstoreLab.Records.Ftrace;
using PstoreLab.Records.Ramoops;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Tests.Ramoops;

public class RamoopsFormatTests
{
    private static RamoopsFormat Format => Areas.Format;

    [Test]
    public void A_dump_is_read_as_it_was_written([Values(0, 1, 8)] int ecc)
    {
        var (image, options, text) = Areas.WithDump(ecc);
        var record = Format.Decode(image, options).Records.Single();
        Assert.That(record.Place, Is.EqualTo("dmesg zone 0"));
        Assert.That(record.Name.ToString(), Is.EqualTo("dmesg-ramoops-0"));
        Assert.That(record.State, Is.EqualTo(RecordState.Live));
        Assert.That(Areas.Text(record), Is.EqualTo(text));
        Assert.That(
            record.WrittenAt,
            Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000).AddMicroseconds(123_456))
        );
        Assert.That(record.Faults, Is.Empty);
        Assert.That(record.Ecc is null, Is.EqualTo(ecc == 0));
        Assert.That(record.Ecc?.Notice, Is.EqualTo(ecc == 0 ? null : new EccNotice(0, 0)));
        Assert.That(RecordText.FromBytes(image.AsSpan(12, 25)), Is.EqualTo("====1700000000.123456-D\nP"));
    }

    [Test]
    public void Its_regions_are_where_its_bytes_are()
    {
        var (image, options, text) = Areas.WithDump(1);
        var record = Format.Decode(image, options).Records.Single();
        int data = text.Length + "====1700000000.123456-D\n".Length;
        // 8192 - 12 bytes: ceil((8180 - 16) / 144) = 57 blocks, so 8180 - 58 * 16 = 7252 bytes of data.
        Assert.That(
            record.Regions,
            Is.EqualTo(
                new StoreRegion[]
                {
                    new(RegionKind.Header, 0, 12),
                    new(RegionKind.Data, 12, data),
                    new(RegionKind.Parity, 12 + 7252, (data + 127) / 128 * 16),
                    new(RegionKind.HeaderParity, 8192 - 16, 16),
                }
            )
        );
        Assert.That(record.Offset, Is.Zero);
    }

    [TestCase("0x20002000", 0, Description = "where it was written")]
    [TestCase("0x20000000", 1, Description = "a zone sooner")]
    [TestCase("0x20004000", -1, Description = "a zone further on")]
    [TestCase("0x20002400", -1)]
    [TestCase("0x20001c00", -1)]
    public void The_area_is_where_its_address_says(string reader, int zone)
    {
        var written = At("0x20002000");
        byte[] image = Format.CreateEmpty(0x20000, written);
        Assert.That(Format.Write(image, written, Areas.Dump("Panic#1 Part1\ntext\n", 0)));
        var decoded = Format.Decode(image, At(reader));
        Assert.That(decoded.Length, Is.EqualTo(image.Length));
        Assert.That(
            decoded
                .Records.Where(record => record.State == RecordState.Live)
                .Select(record => (record.Place, record.Offset)),
            Is.EqualTo(zone < 0 ? [] : new[] { ($"dmesg zone {zone}", 0x2000L) }),
            "regions are those of the image"
        );
        Assert.That(
            Format.Decode(image, At("0x20002000") with { Address = null }).Records.Select(record => record.Place),
            Does.Not.Contain("dmesg zone 0"),
            "an image of unknown address begins with the area"
        );

        static StoreOptions At(string address)
        {
            var options = Areas.Options(64 << 10, 8 << 10);
            return options with
            {
                Address = 0x20000000,
                Parameters = new Dictionary<string, string>(options.Parameters) { ["ramoops.mem_address"] = address },
            };
        }
    }

    [TestCase("0x1ffff000")]
    [TestCase("0x20010000")]
    [TestCase("0")]
    public void An_area_that_is_not_in_the_image_is_refused(string address)
    {
        var options = StoreOptions.None with
        {
            Address = 0x20000000,
            Parameters = new Dictionary<string, string> { ["ramoops.mem_address"] = address },
        };
        foreach (
            Action attempt in new Action[]
            {
                () => Format.Decode(new byte[0x10000], options),
                () => Format.CreateEmpty(0x10000, options),
                () => Format.Write(new byte[0x10000], options, Areas.Dump("x")),
            }
        )
            Assert.That(
                attempt,
                Throws
                    .TypeOf<RecordFormatException>()
                    .With.Message.EndsWith("the store is the memory from 0x20000000 to 0x2000ffff")
            );
    }

    // 6daf4e82bd54: the zones of the other order are emptied, and without one for ftrace there is no other order.
    [TestCase("6.1", "6.1", 4096, true)]
    [TestCase("5.10", "6.1", 4096, true)]
    [TestCase("6.12", "7.2", 4096, true)]
    [TestCase("6.1", "6.12", 4096, false)]
    [TestCase("6.12", "6.1", 4096, false)]
    [TestCase("6.1", "6.12", 2048, false)]
    [TestCase("6.12", "6.1", 2048, false)]
    [TestCase("6.1", "6.12", 0, true)]
    [TestCase("6.12", "6.1", 0, true)]
    public void Pmsg_is_found_by_kernels_of_one_order(string writer, string reader, long ftrace, bool found)
    {
        byte[] image = Format.CreateEmpty(64 << 10, Of(writer));
        foreach (string type in new[] { RecordType.Console, RecordType.Pmsg })
            Assert.That(Format.Write(image, Of(writer), Areas.Of(type, RecordText.ToBytes($"said in {type}\n"))));
        Assert.That(
            PstoreListing.Predict(Format.Decode(image, Of(reader)), Version.Parse(reader)).Keys,
            Is.EqualTo(found ? ["console-ramoops-0", "pmsg-ramoops-0"] : new[] { "console-ramoops-0" })
        );

        StoreOptions Of(string kernel) =>
            Areas.Options(64 << 10, 8 << 10, console: 8192, ftrace: ftrace, pmsg: 4096, cpus: 1, kernel: kernel);
    }

    [Test]
    public void Six_flipped_bytes_in_a_block_are_corrected_and_counted()
    {
        var (image, options, text) = Areas.WithDump(1);
        foreach (int at in (int[])[300, 301, 310, 333, 370, 389])
            image[at] ^= 0x5a;
        var record = Format.Decode(image, options).Records.Single();
        Assert.That(Areas.Text(record), Is.EqualTo(text));
        Assert.That(record.State, Is.EqualTo(RecordState.Live));
        Assert.That(record.Faults, Is.Empty);
        Assert.That(record.Ecc!.Notice, Is.EqualTo(new EccNotice(6, 0)));
        // Byte 300 of the zone is byte 288 of its data.
        Assert.That(record.Ecc.Blocks[2], Is.EqualTo(new EccBlock(2, 256, 128, 6)));
    }

    [Test]
    public void Forty_name_the_lost_block()
    {
        var (image, options, text) = Areas.WithDump(1);
        for (int at = 280; at < 320; at++)
            image[at] ^= 0x5a;
        var record = Format.Decode(image, options).Records.Single();
        Assert.That(record.State, Is.EqualTo(RecordState.Live), "a kernel shows it all the same");
        Assert.That(record.Ecc!.Notice, Is.EqualTo(new EccNotice(0, 1)));
        Assert.That(record.Ecc.Blocks[2].CorrectedBytes, Is.Null);
        Assert.That(
            record.Faults,
            Is.EqualTo(new[] { "block 2, bytes 256 to 383 of the zone's data, is damaged beyond repair" })
        );
        Assert.That(Areas.Text(record), Is.Not.EqualTo(text));
        Assert.That(record.Payload.Length, Is.EqualTo(text.Length));
        // The prefix of the dump has 24 bytes.
        Assert.That(record.Lost, Is.EqualTo(new[] { new LostRange(256 - 24, 128) }));
    }

    [Test]
    public void Of_a_block_that_begins_before_the_payload_that_part_is_not_lost()
    {
        var (image, options, _) = Areas.WithDump(1);
        for (int at = 60; at < 100; at++)
            image[at] ^= 0x5a;
        Assert.That(
            Format.Decode(image, options).Records.Single().Lost,
            Is.EqualTo(new[] { new LostRange(0, 128 - 24) })
        );
    }

    [Test]
    public void Of_a_full_ring_the_lost_block_is_where_its_text_is()
    {
        var options = Areas.Options(64 << 10, 8 << 10, console: 8 << 10, ecc: 1);
        byte[] image = Format.CreateEmpty(64 << 10, options);
        string text = string.Concat(Enumerable.Range(0, 3000).Select(line => $"{line:00000}\n"));
        Assert.That(Format.Write(image, options, Areas.Of(RecordType.Console, RecordText.ToBytes(text))));
        var whole = Format.Decode(image, options).Records.Single();
        Assert.That((whole.IsFull, whole.Lost.Count), Is.EqualTo((true, 0)));
        int start = int.Parse(whole.Fields.Single(field => field.Key == "start").Value);
        int zone = (int)whole.Regions[0].Offset;
        // In the middle of the block where the ring begins.
        int block = start / 128 * 128;
        for (int at = 0; at < 128; at += 3)
            image[zone + 12 + block + at] ^= 0x5a;
        var damaged = Format.Decode(image, options).Records.Single();
        Assert.That(damaged.Lost, Has.Count.EqualTo(2));
        foreach (int at in Enumerable.Range(0, whole.Payload.Length))
            if (whole.Payload.Span[at] != damaged.Payload.Span[at])
                Assert.That(
                    damaged.Lost.Any(lost => at >= lost.Offset && at < lost.Offset + lost.Length),
                    $"byte {at}"
                );
        Assert.That(damaged.Lost.Sum(lost => lost.Length), Is.EqualTo(128));
    }

    [Test]
    public void Damaged_parity_and_a_damaged_header_count_too()
    {
        var (image, options, text) = Areas.WithDump(1);
        image[8192 - 16] ^= 1;
        image[4] ^= 0x80;
        image[12 + 7252 + 16] ^= 1;
        var record = Format.Decode(image, options).Records.Single();
        Assert.That(Areas.Text(record), Is.EqualTo(text));
        Assert.That(record.Ecc!.HeaderCorrectedBytes, Is.EqualTo(2));
        Assert.That(record.Ecc.Notice, Is.EqualTo(new EccNotice(3, 0)));
    }

    [Test]
    public void Damage_behind_the_record_is_not_looked_at()
    {
        var (image, options, _) = Areas.WithDump(1);
        image.AsSpan(5000, 300).Fill(0x77);
        Assert.That(Format.Decode(image, options).Records.Single().Ecc!.Notice, Is.EqualTo(new EccNotice(0, 0)));
    }

    [Test]
    public void A_header_beyond_repair_is_a_lost_block()
    {
        var (image, options, text) = Areas.WithDump(1);
        image.AsSpan(8192 - 16, 16).Fill(0x33);
        var record = Format.Decode(image, options).Records.Single();
        Assert.That(Areas.Text(record), Is.EqualTo(text));
        Assert.That(record.Ecc!.HeaderLost);
        Assert.That(record.Ecc.Notice, Is.EqualTo(new EccNotice(0, 1)));
        Assert.That(record.Faults.Single(), Does.Contain("header is damaged beyond repair"));
    }

    [Test]
    public void A_store_without_parity_is_lost_to_a_kernel_with_ecc_and_it_says_so()
    {
        var (image, options, _) = Areas.WithDump(0, 40);
        var wrong = options with
        {
            Parameters = new Dictionary<string, string>(options.Parameters) { ["ramoops.ecc"] = "1" },
        };
        var record = Format.Decode(image, wrong).Records[0];
        Assert.That(record.State, Is.EqualTo(RecordState.Invalid));
        Assert.That(record.Faults.Single(), Does.Contain("written without"));
    }

    [TestCase(0u, 1u << 20, "start 0 and size 1048576")]
    [TestCase(900u, 800u, "start 900 and size 800")]
    [TestCase(0x7fffffffu, 0u, "start 2147483647 and size 0")]
    [TestCase(0u, 0xffffffffu, "start 0 and size 4294967295")]
    public void A_header_that_cannot_be_is_named(uint start, uint size, string fault)
    {
        var (image, options, text) = Areas.WithDump(0);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(4), start);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(8), size);
        var record = Format.Decode(image, options).Records.Single();
        Assert.That(record.State, Is.EqualTo(RecordState.Invalid));
        Assert.That(record.Faults.Single(), Does.Contain(fault));
        Assert.That(Areas.Text(record), Does.StartWith(text[..700]), "what is there is shown all the same");
    }

    [Test]
    public void A_wrong_signature_is_named_where_something_is_there()
    {
        var (image, options, _) = Areas.WithDump(0);
        image[0] ^= 1;
        image.AsSpan(8192, 4).Clear();
        var record = Format.Decode(image, options).Records.Single();
        Assert.That(record.State, Is.EqualTo(RecordState.Invalid));
        Assert.That(record.Faults.Single(), Does.StartWith("its signature is 0x43474245, not 0x43474244"));
    }

    [TestCase("===1700000000.123456-D\n", false)]
    [TestCase("====1700000000-D\n", false)]
    [TestCase("====.123456-D\n", false)]
    [TestCase("====1700000000.x-D\n", false)]
    [TestCase("====1700000000.123456-D\n", true)]
    [TestCase("====1700000000.123456\n", true)]
    [TestCase("==== 1700000000. 5-Q\n", true)]
    [TestCase("====-5.0-D", true)]
    [TestCase("====99999999999999999999.1-D\n", true)]
    public void A_prefix_is_read_as_the_kernel_reads_it(string prefix, bool valid)
    {
        var (image, options, _) = Areas.WithDump(0);
        byte[] bytes = RecordText.ToBytes(prefix + "Panic#1 Part1\nx");
        bytes.CopyTo(image, 12);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(4), bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(8), bytes.Length);
        var record = Format.Decode(image, options).Records.Single();
        Assert.That(record.State, Is.EqualTo(valid ? RecordState.Live : RecordState.Invalid));
        if (valid)
            Assert.That(Areas.Text(record), Is.EqualTo("Panic#1 Part1\nx"));
        else
            Assert.That(record.Faults.Single(), Does.Contain("does not begin with ===="));
    }

    [Test]
    public void White_space_that_begins_a_record_is_lost_to_the_kernel_and_kept_for_writing()
    {
        var (image, options, _) = Areas.WithDump(0);
        Format.Write(image, options, Areas.Dump("\n \u00a0Panic#1", 0));
        var record = Format.Decode(image, options).Records.Single();
        Assert.That(Areas.Text(record), Is.EqualTo("Panic#1"));
        Assert.That(record.Faults.Single(), Does.Contain("3 bytes of white space"));
        Assert.That(RecordText.FromBytes(record.AsRecordToWrite.Payload.Span), Is.EqualTo("\n \u00a0Panic#1"));
    }

    [Test]
    public void An_erased_dump_is_found_behind_its_empty_header([Values(0, 1)] int ecc)
    {
        var (image, options, text) = Areas.WithDump(ecc);
        byte[] empty = Format.CreateEmpty(image.Length, options);
        empty.AsSpan(0, 12).CopyTo(image);
        if (ecc > 0)
            empty.AsSpan(8192 - 16, 16).CopyTo(image.AsSpan(8192 - 16));
        var record = Format.Decode(image, options).Records.Single();
        Assert.That(record.State, Is.EqualTo(RecordState.Deleted));
        Assert.That(record.Faults, Is.Empty);
        Assert.That(record.Ecc, Is.Null);
        Assert.That(Areas.Text(record), Is.EqualTo(text));
        image[12] = (byte)'-';
        Assert.That(Format.Decode(image, options).Records, Is.Empty, "what no dump began with is none");
    }

    [Test]
    public void An_empty_record_hides_what_comes_after_it()
    {
        var options = Areas.Options(65536, 8192, console: 4096);
        byte[] image = Format.CreateEmpty(65536, options);
        Format.Write(image, options, Areas.Dump("first", 0));
        Format.Write(image, options, Areas.Dump("", 1));
        Format.Write(image, options, Areas.Dump("third", 2));
        Format.Write(image, options, Areas.Of(RecordType.Console, "console"u8.ToArray()));
        var store = Format.Decode(image, options);
        Assert.That(
            store.Records.Select(record => record.State),
            Is.EqualTo(new[] { RecordState.Live, RecordState.Invalid, RecordState.Invalid, RecordState.Invalid })
        );
        Assert.That(store.Faults, Is.EqualTo(new[] { "a kernel reads nothing from dmesg zone 1 on" }));
    }

    [Test]
    public void A_console_that_came_round_is_unrolled(
        [Values(0, 1)] int ecc,
        [Values(1, 100, 4084, 4085, 9999)] int length
    )
    {
        var options = Areas.Options(16384, 4096, console: 4096, pmsg: 4096, ecc: ecc);
        byte[] image = Format.CreateEmpty(16384, options);
        byte[] written = Areas.Bytes(new Random(length), length);
        foreach (string type in (string[])[RecordType.Console, RecordType.Pmsg])
            Assert.That(Format.Write(image, options, Areas.Of(type, written)));
        var store = Format.Decode(image, options);
        Assert.That(
            store.Records.Select(record => record.Name.ToString()),
            Is.EqualTo(new[] { "console-ramoops-0", "pmsg-ramoops-0" })
        );
        int room = ecc == 0 ? 4084 : 4084 - 30 * 16;
        foreach (var record in store.Records)
        {
            Assert.That(record.Payload.ToArray(), Is.EqualTo(written[^Math.Min(length, room)..]));
            Assert.That(record.Fields, Does.Contain(new KeyValuePair<string, string>("start", $"{length % room}")));
            Assert.That(record.Ecc?.Notice, Is.EqualTo(ecc == 0 ? null : new EccNotice(0, 0)));
        }
    }

    [Test]
    public void The_names_of_functions_are_the_kernels_own()
    {
        FtraceEntry[] calls =
        [
            new(0xffffffff811b4760, 0xffffffff811b4c1f, 20, 0),
            new(0xffffffff8134da10, 0xffffffff813dda31, 21, 3),
        ];
        const string Shown =
            "CPU:0 ts:20 ffffffff811b4760  ffffffff811b4c1f  vfs_write <- ksys_write+0x9f/0xe0\n"
            + "CPU:3 ts:21 ffffffff8134da10  ffffffff813dda31  sysrq_handle_crash <- __handle_sysrq.cold+0x3f/0x10c\n";
        Assert.That(
            RecordText.FromBytes(FtraceLog.RemoveFunctionNames(RecordText.ToBytes(Shown))),
            Is.EqualTo(FtraceLog.ToText(calls))
        );
        Assert.That(
            FtraceLog.RemoveFunctionNames("no call\nCPU:0 ts:"u8),
            Is.EqualTo("no call\nCPU:0 ts:"u8.ToArray()),
            "what is none stays"
        );
    }

    [Test]
    public void An_ftrace_zone_tells_its_kernel()
    {
        var options = Areas.Options(32768, 4096, ftrace: 8192, cpus: 2, kernel: "6.1.176");
        byte[] image = Format.CreateEmpty(32768, options);
        FtraceEntry[] first =
        [
            new(0xffffffff81000010, 0xffffffff81000020, 5, 0),
            new(0xffffffff81000030, 0xffffffff81000040, 9, 0),
        ];
        FtraceEntry[] second = [new(0xffffffff81000050, 0xffffffff81000060, 7, 1)];
        Format.Write(image, options, Areas.Of(RecordType.Ftrace, [.. first.SelectMany(FtraceFormat.Usual.ToBytes)], 0));
        Format.Write(
            image,
            options,
            Areas.Of(RecordType.Ftrace, [.. second.SelectMany(FtraceFormat.Usual.ToBytes)], 1)
        );

        var store = Format.Decode(image, options with { Kernel = null, Cpus = null });
        Assert.That(store.Options.Cpus, Is.EqualTo(2));
        Assert.That(store.Options.Kernel, Is.EqualTo(new Version(6, 1, 176)));
        Assert.That(
            store.Records.Select(record => $"{record.Place} {record.Name}"),
            Is.EqualTo(new[] { "ftrace zone 0 ftrace-ramoops-0", "ftrace zone 1 ftrace-ramoops-0" }),
            "one file to the kernel"
        );
        Assert.That(
            store.Records,
            Is.All.Matches<StoredRecord>(record =>
                record!.State == RecordState.Live && record.Fields.Contains(new("kernel", "6.1.176"))
            )
        );
        var merged = FtraceLog.Merge(store.Records.Select(record => record.Calls));
        Assert.That(
            FtraceLog.ToText(merged),
            Is.EqualTo(
                "CPU:0 ts:5 ffffffff81000010  ffffffff81000020\nCPU:1 ts:7 ffffffff81000050  "
                    + "ffffffff81000060\nCPU:0 ts:9 ffffffff81000030  ffffffff81000040\n"
            )
        );

        var other = Format.Decode(image, options with { Kernel = new Version(6, 12) }).Records[0];
        Assert.That(other.State, Is.EqualTo(RecordState.Invalid));
        Assert.That(other.Faults.Single(), Does.StartWith("its signature is that of Linux 6.1.176, not of 6.12"));
        Assert.That(Format.Decode(image, options with { Kernel = new Version(6, 1) }).Records[0].Faults, Is.Empty);
    }

    [Test]
    public void A_dump_without_an_index_takes_the_first_empty_zone_until_there_is_none()
    {
        var options = Areas.Options(16384, 4096);
        byte[] image = Format.CreateEmpty(16384, options);
        Format.Write(image, options, Areas.Dump("in one", 1));
        foreach (int expected in (int[])[0, 2, 3])
        {
            Assert.That(Format.Write(image, options, Areas.Dump($"dump {expected}")));
            Assert.That(
                Format
                    .Decode(image, options)
                    .Records.Single(record => Areas.Text(record) == $"dump {expected}")
                    .Name.Id,
                Is.EqualTo(expected)
            );
        }
        Assert.That(Format.Write(image, options, Areas.Dump("one too many")), Is.False);
        Assert.That(Format.Write(image, options, Areas.Dump(new string('x', 5000), 0)), Is.False, "larger than a zone");
        Assert.That(Format.Write(image, options, Areas.Dump("again", 0)));
        Assert.That(Areas.Text(Format.Decode(image, options).Records[0]), Is.EqualTo("again"));
        Assert.That(() => Format.Write(image, options, Areas.Dump("x", 4)), Throws.InstanceOf<RecordFormatException>());
        Assert.That(
            () => Format.Write(image, options, Areas.Of(RecordType.Pmsg, [1])),
            Throws.InstanceOf<RecordFormatException>()
        );
    }

    [Test]
    public void An_image_that_ends_early_says_so()
    {
        var (image, options, text) = Areas.WithDump(0);
        var store = Format.Decode(image.AsSpan(0, 1000), options);
        Assert.That(
            store.Faults,
            Is.EqualTo(new[] { "the area has 65536 bytes, and the image ends after 1000 of them" })
        );
        Assert.That(
            store.Records.Single().Faults,
            Is.EqualTo(new[] { "cut off: the image has 1000 of the zone's 8192 bytes" })
        );
        Assert.That(Areas.Text(store.Records.Single()), Is.EqualTo(text[..(1000 - 36)]));
    }

    [Test]
    public void Zeroed_memory_holds_nothing() =>
        Assert.That(Format.Decode(new byte[65536], Areas.Options(65536, 8192, ecc: 1)).Records, Is.Empty);

    [Test]
    public void Other_sizes_than_the_writers_find_nothing_and_it_says_what_is_there()
    {
        var (image, _, _) = Areas.WithDump(0);
        var store = Format.Decode(image.AsSpan(), Areas.Options(65536, 4096, console: 2048));
        Assert.That(store.Faults.Single(), Does.Contain("8 dmesg × 8192"));
        Assert.That(Format.Decode(image, Areas.Options(65536, 8192)).Faults, Is.Empty);
    }

    [Test]
    public void It_is_recognised_and_nothing_else_is()
    {
        var (image, _, _) = Areas.WithDump(1);
        Assert.That(Recognised(image));
        Assert.That(Recognised(Areas.Format.CreateEmpty(4096, Areas.Options(4096, 4096))));
        byte[] damaged = [.. image];
        damaged.AsSpan(0, 12).Clear();
        Assert.That(Recognised(damaged), "the next zones are where they belong");
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(8), uint.MaxValue);
        Assert.That(Recognised(image), "a header that cannot be, before a dump");

        Assert.That(Recognised([]), Is.False);
        Assert.That(Recognised(new byte[65536]), Is.False);
        byte[] text = new byte[65536];
        "DBGC is what ramoops headers begin with"u8.CopyTo(text);
        Assert.That(Recognised(text), Is.False);
        byte[] blk = new byte[65536];
        for (int zone = 0; zone < blk.Length; zone += 4096)
        {
            // struct psz_buffer: signature, datalen, start; struct psz_kmsg_header: magic.
            BinaryPrimitives.WriteUInt32LittleEndian(blk.AsSpan(zone), 0x43474244);
            BinaryPrimitives.WriteUInt32LittleEndian(blk.AsSpan(zone + 4), zone == 0 ? 0u : 500u);
            BinaryPrimitives.WriteUInt32LittleEndian(blk.AsSpan(zone + 12), 0x4dfc3ae5);
        }
        Assert.That(Recognised(blk), Is.False, "pstore_blk");
        BinaryPrimitives.WriteUInt32LittleEndian(blk.AsSpan(4), 500);
        Assert.That(Recognised(blk), Is.False, "pstore_blk");

        static bool Recognised(byte[] bytes) => Format.Recognises(bytes, bytes.Length);
    }

    [Test]
    public void What_is_no_area_is_refused() =>
        Assert.That(
            () => Format.Decode(Areas.Bytes(new Random(1), 65536), StoreOptions.None),
            Throws.InstanceOf<RecordFormatException>()
        );

    [Test]
    public void Ten_thousand_records_are_read_as_they_were_written()
    {
        var random = new Random(10_000);
        for (int round = 0; round < 10_000; round++)
        {
            int ecc = Math.Max(0, random.Next(30) - 20);
            var options = Areas.Options(
                8192,
                2048,
                1024,
                1024,
                1024,
                ecc,
                1 + random.Next(3),
                random.Next(2) == 0 ? "6.1" : "6.12"
            );
            byte[] image = Format.CreateEmpty(8192, options);
            string type = random.Next(4) switch
            {
                0 => RecordType.Console,
                1 => RecordType.Pmsg,
                2 => RecordType.Ftrace,
                _ => RecordType.Dmesg,
            };
            // What begins with white space is the kernel's loss, and has a test of its own.
            byte[] payload = [(byte)'P', .. Areas.Bytes(random, random.Next(type == RecordType.Dmesg ? 1200 : 100))];
            int index = type == RecordType.Dmesg ? random.Next(2) : 0;
            var written = DateTimeOffset
                .FromUnixTimeSeconds(random.NextInt64(-1L << 32, 1L << 33))
                .AddMicroseconds(random.Next(1_000_000));
            if (!Format.Write(image, options, new RecordToWrite(type, payload) { Index = index, WrittenAt = written }))
            {
                Assert.That(payload, Has.Length.GreaterThan(1000));
                continue;
            }
            var record = Format.Decode(image, options).Records.Single();
            if (
                record.State != RecordState.Live
                || record.Faults.Count > 0
                || record.Place != $"{type} zone {index}"
                || !record.Payload.Span.SequenceEqual(payload)
                || (type == RecordType.Dmesg && record.WrittenAt != written)
            )
                Assert.Fail($"round {round}: {record}");

            byte[] again = Format.CreateEmpty(8192, options);
            Format.Write(again, options, record.AsRecordToWrite);
            if (!again.AsSpan().SequenceEqual(image))
                Assert.Fail($"round {round}: written again it is another image");
        }
    }
}
