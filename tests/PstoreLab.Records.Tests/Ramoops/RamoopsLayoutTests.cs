using PstoreLab.Records.Ramoops;
using PstoreLab.Records.Stores;

namespace PstoreLab.Records.Tests.Ramoops;

public class RamoopsLayoutTests
{
    private const int MiB = 1 << 20;

    // The guests' own: 15 dump zones that share what is left, so that nothing behind them is aligned.
    [TestCase("5.10", "console@1036260+4096 ftrace@1040356+4096 pmsg@1044452+4096")]
    [TestCase("6.1", "console@1036260+4096 ftrace@1040356+4096 pmsg@1044452+4096")]
    [TestCase("6.2", "console@1036260+4096 pmsg@1040356+4096 ftrace@1044452+4096")]
    [TestCase("6.12", "console@1036260+4096 pmsg@1040356+4096 ftrace@1044452+4096")]
    [TestCase("7.2", "console@1036260+4096 pmsg@1040356+4096 ftrace@1044452+4096")]
    public void The_defaults_take_three_zones_in_the_order_of_the_kernel(string kernel, string others)
    {
        var options = new StoreOptions
        {
            Parameters = new Dictionary<string, string>
            {
                ["ramoops.mem_size"] = "0x100000",
                ["ramoops.record_size"] = "65536",
            },
            Kernel = Version.Parse(kernel),
        };
        var layout = RamoopsLayout.From(options, MiB);
        Assert.That(
            layout.Zones.Take(15),
            Is.All.Matches<RamoopsZone>(zone => zone.Type == "dmesg" && zone.Size == 69084)
        );
        Assert.That(layout.Zones[14].Offset, Is.EqualTo(14 * 69084));
        Assert.That(Shape(layout.Zones.Skip(15)), Is.EqualTo(others));
    }

    [TestCase(
        65536,
        0x3000,
        0,
        0,
        0,
        1,
        "dmesg@0+8192 dmesg@8192+8192 dmesg@16384+8192 dmesg@24576+8192 dmesg@32768+8192 dmesg@40960+8192 "
            + "dmesg@49152+8192 dmesg@57344+8192"
    )]
    [TestCase(16384, 4096, 5000, 0, 0, 1, "dmesg@0+4096 dmesg@4096+4096 dmesg@8192+4096 console@12288+4096")]
    [TestCase(20000, 8192, 0, 0, 0, 1, "dmesg@0+10000 dmesg@10000+10000")]
    [TestCase(20001, 4096, 0, 0, 0, 1, "dmesg@0+5000 dmesg@5000+5000 dmesg@10000+5000 dmesg@15000+5000")]
    [TestCase(
        12288,
        4096,
        0,
        4096,
        4096,
        3,
        "dmesg@0+4096 pmsg@4096+4096 ftrace@8192+1364 ftrace@9556+1364 ftrace@10920+1364"
    )]
    [TestCase(4096, 0, 4096, 0, 0, 1, "console@0+4096")]
    [TestCase(8192, 4096, 4096, 4096, 0, 1, "console@0+4096 ftrace@4096+4096")]
    public void Sizes_are_rounded_as_the_kernel_rounds_them(
        long memory,
        long record,
        long console,
        long ftrace,
        long pmsg,
        int cpus,
        string shape
    ) =>
        Assert.That(
            Shape(RamoopsLayout.From(Areas.Options(memory, record, console, ftrace, pmsg, cpus: cpus), memory).Zones),
            Is.EqualTo(shape)
        );

    [Test]
    public void To_6_1_the_place_of_pmsg_depends_on_the_number_of_cpus()
    {
        var options = Areas.Options(16384, 4096, 0, 4096, 4096, cpus: 3, kernel: "6.1");
        Assert.That(
            Shape(RamoopsLayout.From(options, 16384).Zones.Skip(2)),
            Is.EqualTo("ftrace@8192+1364 ftrace@9556+1364 ftrace@10920+1364 pmsg@12284+4096")
        );
    }

    [TestCase(1, 16)]
    [TestCase(2, 2)]
    [TestCase(0, 0)]
    [TestCase(127, 127)]
    public void Ecc_1_means_16_bytes(int ecc, int parity) =>
        Assert.That(RamoopsLayout.From(Areas.Options(65536, 8192, ecc: ecc), 65536).ParitySize, Is.EqualTo(parity));

    // ramoops_probe, ramoops_init_przs or persistent_ram_init_ecc fails, or decode_rs.c stops at a BUG.
    [TestCase(0, 4096, 0, 0, 0, 0, 1)]
    [TestCase(65536, 0, 0, 0, 0, 0, 1)]
    [TestCase(4096, 8192, 0, 0, 0, 0, 1)]
    [TestCase(8192, 4096, 4096, 4096, 4096, 0, 1)]
    [TestCase(65536, 4096, 0, 0, 0, 128, 1)]
    [TestCase(65536, 32, 0, 0, 0, 16, 1)]
    [TestCase(65536, 8, 0, 0, 0, 0, 1)]
    [TestCase(65536, 4096, 0, 4096, 0, 0, 5000)]
    [TestCase(65536, 4096, 0, 4096, 0, 0, 0)]
    public void What_a_kernel_refuses_is_refused(
        long memory,
        long record,
        long console,
        long ftrace,
        long pmsg,
        int ecc,
        int cpus
    ) =>
        Assert.That(
            () => RamoopsLayout.From(Areas.Options(memory, record, console, ftrace, pmsg, ecc, cpus), 65536),
            Throws.InstanceOf<RecordFormatException>()
        );

    [Test]
    public void An_area_far_larger_than_the_image_costs_no_more_than_the_image()
    {
        var layout = RamoopsLayout.From(Areas.Options(1L << 60, 4096), 10_000);
        Assert.That(layout.Zones, Has.Count.EqualTo(3));
    }

    [Test]
    public void Its_options_make_it_again()
    {
        var random = new Random(1);
        for (int round = 0; round < 2000; round++)
        {
            long Size() => random.Next(3) == 0 ? 0 : 600 + random.Next(9000);
            var options = Areas.Options(
                65536 + random.Next(100_000),
                2048 + random.Next(30_000),
                Size(),
                Size(),
                Size(),
                random.Next(3),
                1 + random.Next(4)
            );
            var layout = RamoopsLayout.From(options, 200_000);
            var again = RamoopsLayout.From(layout.ToOptions(options), 200_000);
            Assert.That(again.Zones, Is.EqualTo(layout.Zones));
            Assert.That(again.ParitySize, Is.EqualTo(layout.ParitySize));
        }
    }

    private static string Shape(IEnumerable<RamoopsZone> zones) =>
        string.Join(' ', zones.Select(zone => $"{zone.Type}@{zone.Offset}+{zone.Size}"));
}
