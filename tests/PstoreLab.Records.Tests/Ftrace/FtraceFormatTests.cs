using PstoreLab.Records.Ftrace;
using PstoreLab.Records.Stores;
using PstoreLab.Records.Tests.Ramoops;

namespace PstoreLab.Records.Tests.Ftrace;

public sealed class FtraceFormatTests
{
    private static readonly Version Old = new(4, 9);
    private static readonly Version New = new(4, 19);

    /// <summary>Every layout of include/linux/pstore.h and of the older fs/pstore/internal.h.</summary>
    private static IEnumerable<FtraceFormat> Layouts()
    {
        foreach (var endian in Enum.GetValues<Endianness>())
        {
            foreach (bool stamps in (bool[])[true, false])
            {
                yield return new(8, endian, stamps, FtraceCpu.OwnField);
                foreach (var cpu in Enum.GetValues<FtraceCpu>())
                    yield return new(4, endian, stamps, cpu);
            }
        }
    }

    // Where the address has the CPU, a layout's own words do not say in how many bits. Two tests of one name are one
    // test to Stryker, which then misses a result and gives up.
    private static IEnumerable<TestCaseData> NamedLayouts() =>
        Layouts().Select(format => new TestCaseData(format).SetArgDisplayNames($"{format}, {format.Cpu}"));

    private static FtraceEntry[] CallsOf(FtraceFormat format, int count, int cpu = 1)
    {
        ulong text = format.AddressSize == 8 ? 0xffffffff81000000 : 0xc0100000;
        // Thumb code is at even addresses, and a caller's has the lowest bit set.
        ulong odd = format.Cpu == FtraceCpu.OneBitOfAddress ? 0x13ul : 0x10;
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(index => new FtraceEntry(
                    text + (0x40ul * (ulong)index) | (format.Cpu == FtraceCpu.OwnField ? 0 : (uint)cpu),
                    text + 0x2000 + (0x20ul * (ulong)index) + odd,
                    format.HasTimestamp ? 1000 + (3 * (ulong)index) : null,
                    cpu
                )),
        ];
    }

    private static byte[] Bytes(FtraceFormat format, IEnumerable<FtraceEntry> calls) =>
        [.. calls.SelectMany(format.ToBytes)];

    [TestCaseSource(nameof(NamedLayouts))]
    public void A_layout_is_found_by_its_bytes(FtraceFormat format)
    {
        foreach (int count in (ReadOnlySpan<int>)[2, 3, 5, 48, 1000])
        {
            var calls = CallsOf(format, count);
            byte[] zone = Bytes(format, calls);
            var found = FtraceFormat.Infer(zone, format.Endian, format.HasTimestamp ? New : Old);
            Assert.That(found, Is.EqualTo(format), $"{count} calls");
            Assert.That(found.Parse(zone), Is.EqualTo(calls), $"{count} calls");
        }
    }

    [TestCaseSource(nameof(NamedLayouts))]
    public void A_ring_begins_within_a_record(FtraceFormat format)
    {
        var calls = CallsOf(format, 200);
        byte[] zone = Bytes(format, calls);
        for (int missing = 1; missing < format.EntrySize; missing++)
        {
            byte[] rest = zone[missing..];
            var found = FtraceFormat.Infer(rest, format.Endian, format.HasTimestamp ? New : Old);
            Assert.That(found, Is.EqualTo(format), $"{missing} bytes");
            Assert.That(found.Parse(rest), Is.EqualTo(calls[1..]), $"{missing} bytes");
        }
    }

    [TestCase(8, true, FtraceCpu.OwnField, 24)]
    [TestCase(4, true, FtraceCpu.OwnField, 16)]
    [TestCase(4, true, FtraceCpu.TwoBitsOfAddress, 16)]
    [TestCase(8, false, FtraceCpu.OwnField, 24)]
    [TestCase(4, false, FtraceCpu.OwnField, 12)]
    [TestCase(4, false, FtraceCpu.OneBitOfAddress, 8)]
    public void A_record_has_the_size_of_its_struct(int address, bool stamps, FtraceCpu cpu, int size)
    {
        var format = new FtraceFormat(address, Endianness.Little, stamps, cpu);
        Assert.That(format.EntrySize, Is.EqualTo(size));
        Assert.That(format.ToBytes(CallsOf(format, 1)[0]), Has.Length.EqualTo(size));
    }

    [Test]
    public void A_lone_record_is_known_by_its_length()
    {
        foreach (var format in Layouts().Where(format => format is { HasTimestamp: true, Cpu: FtraceCpu.OwnField }))
        {
            byte[] zone = Bytes(format, CallsOf(format, 1));
            Assert.That(FtraceFormat.Infer(zone, format.Endian, null), Is.EqualTo(format));
        }
    }

    [Test]
    public void Nothing_and_noise_have_the_usual_layout()
    {
        Assert.That(FtraceFormat.Infer([], Endianness.Little, New), Is.EqualTo(FtraceFormat.Usual));
        Assert.That(FtraceFormat.Infer(new byte[96], Endianness.Little, New), Is.EqualTo(FtraceFormat.Usual));
        Assert.That(FtraceFormat.Usual.Parse(new byte[23]), Is.Empty);
    }

    [TestCase("6.1.176", 8, Endianness.Little, FtraceCpu.OwnField, "24 bytes, 64-bit")]
    [TestCase("4.19.5", 8, Endianness.Big, FtraceCpu.OwnField, "24 bytes, 64-bit, big-endian")]
    [TestCase("5.10.0", 4, Endianness.Little, FtraceCpu.OwnField, "16 bytes, 32-bit")]
    [TestCase("5.10.0", 4, Endianness.Big, FtraceCpu.OwnField, "16 bytes, 32-bit, big-endian")]
    [TestCase("6.6.2", 4, Endianness.Little, FtraceCpu.TwoBitsOfAddress, "16 bytes, 32-bit, the CPU in the address")]
    [TestCase("6.6.2", 4, Endianness.Little, FtraceCpu.OneBitOfAddress, "16 bytes, 32-bit, the CPU in the address")]
    public void The_zones_of_an_area_become_the_kernels_lines(
        string kernel,
        int address,
        Endianness endian,
        FtraceCpu cpu,
        string entry
    )
    {
        var format = new FtraceFormat(address, endian, true, cpu);
        var options = Areas.Options(65536, 4096, ftrace: 16384, cpus: 2, kernel: kernel) with { Endian = endian };
        byte[] image = Areas.Format.CreateEmpty(65536, options);
        FtraceEntry[][] zones = [CallsOf(format, 30, 0), CallsOf(format, 30, 1)];
        for (int zone = 0; zone < zones.Length; zone++)
            Areas.Format.Write(image, options, Areas.Of(RecordType.Ftrace, Bytes(format, zones[zone]), zone));

        var store = Areas.Format.Decode(image, StoreOptions.None);

        Assert.That(store.Records.Select(record => record.FtraceFormat), Is.All.EqualTo(format));
        Assert.That(
            store.Records.Select(record => record.Fields.Single(field => field.Key == "entry").Value),
            Is.All.EqualTo(entry)
        );
        string[] lines =
        [
            .. zones[0]
                .Zip(zones[1], (one, other) => new[] { other, one })
                .SelectMany(pair => pair)
                .Select(call => $"{call}\n"),
        ];
        Assert.That(
            FtraceLog.ToText(FtraceLog.Merge(store.Records.Select(record => record.Calls))),
            Is.EqualTo(string.Concat(lines)),
            "of two calls with one stamp that of the later zone comes first"
        );
    }

    [TestCase(8, FtraceCpu.OwnField)]
    [TestCase(4, FtraceCpu.OwnField)]
    [TestCase(4, FtraceCpu.TwoBitsOfAddress)]
    public void Before_4_10_there_is_no_count(int address, FtraceCpu cpu)
    {
        var format = new FtraceFormat(address, Endianness.Little, false, cpu);
        var options = Areas.Options(65536, 4096, ftrace: 8192, cpus: 1, kernel: "4.4.302");
        byte[] image = Areas.Format.CreateEmpty(65536, options);
        FtraceEntry[] calls = [.. CallsOf(format, 20, 0), .. CallsOf(format, 20, 3)];
        Areas.Format.Write(image, options, Areas.Of(RecordType.Ftrace, Bytes(format, calls), 0));

        var record = Areas.Format.Decode(image, StoreOptions.None).Records.Single();

        Assert.That(record.FtraceFormat, Is.EqualTo(format));
        Assert.That(record.Calls, Is.EqualTo(calls));
        Assert.That(
            FtraceLog.ToText(record.Calls.TakeLast(1)),
            Is.EqualTo($"3 {calls[^1].Ip:x8}  {calls[^1].ParentIp:x8}\n"),
            "pstore_ftrace_seq_show of 4.9"
        );
    }

    [Test]
    public void Addresses_of_7_2_lack_the_offset_of_kaslr()
    {
        foreach (var (kernel, said) in new[] { ("6.18.1", false), ("7.2.0", true) })
        {
            var options = Areas.Options(65536, 4096, ftrace: 8192, cpus: 1, kernel: kernel);
            byte[] image = Areas.Format.CreateEmpty(65536, options);
            byte[] zone = Bytes(FtraceFormat.Usual, CallsOf(FtraceFormat.Usual, 4));
            Areas.Format.Write(image, options, Areas.Of(RecordType.Ftrace, zone, 0));
            var record = Areas.Format.Decode(image, StoreOptions.None).Records.Single();
            Assert.That(record.Fields.Any(field => field.Key == "addresses"), Is.EqualTo(said), kernel);
        }
    }
}
