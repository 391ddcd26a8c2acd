using PstoreLab.Records.Ramoops.Boards;
using PstoreLab.Records.Stores;
using PstoreLab.Records.Tests.Fuzzing;

namespace PstoreLab.Records.Tests.Ramoops.Boards;

[Parallelizable(ParallelScope.All)]
public sealed class RamoopsNodeTests
{
    [Test]
    public void A_node_says_how_its_area_is_divided()
    {
        var options = Read(
            Reserved(2, 2)
                .Begin("ramoops@110000000")
                .Text("compatible", "ramoops")
                .Cells("reg", 1, 0x10000000, 0, 0x100000)
                .Cells("record-size", 0x20000)
                .Cells("console-size", 0x40000)
                .Cells("pmsg-size", 0x10000)
                .Cells("ecc-size", 16)
        );
        Assert.That(
            options.Parameters,
            Is.EquivalentTo(
                new Dictionary<string, string>
                {
                    ["ramoops.mem_address"] = "0x110000000",
                    ["ramoops.mem_size"] = "0x100000",
                    ["ramoops.record_size"] = "0x20000",
                    ["ramoops.console_size"] = "0x40000",
                    ["ramoops.ftrace_size"] = "0x0",
                    ["ramoops.pmsg_size"] = "0x10000",
                    ["ramoops.ecc"] = "0x10",
                }
            )
        );
        Assert.That(options.Cpus, Is.EqualTo(1), "one ftrace zone, without the flag for one each");
    }

    [Test]
    public void The_flag_gives_each_cpu_an_ftrace_zone()
    {
        var node = Reserved(1, 1)
            .Begin("ramoops@60000000")
            .Text("compatible", "ramoops")
            .Cells("reg", 0x60000000, 0x100000)
            .Cells("ftrace-size", 0x40000)
            .Cells("flags", 1);
        Assert.That(RamoopsNode.Read(Tree(node), 4).Cpus, Is.EqualTo(4));
    }

    [Test]
    public void The_node_of_an_old_chromebook_has_a_console_and_pmsg_without_saying_so()
    {
        var options = Read(
            new BlobWriter()
                .Begin("")
                .Cells("#address-cells", 1)
                .Cells("#size-cells", 1)
                .Begin("ramoops")
                .Text("compatible", "ramoops")
                .Cells("reg", 0x31f00000, 0x100000)
                .Cells("record-size", 0x20000),
            nodes: 2
        );
        Assert.That(options.Number("ramoops.console_size"), Is.EqualTo(0x20000));
        Assert.That(options.Number("ramoops.pmsg_size"), Is.EqualTo(0x20000));
        Assert.That(options.Number("ramoops.ftrace_size"), Is.Zero);
    }

    [Test]
    public void The_area_may_be_another_nodes()
    {
        var options = Read(
            Reserved(1, 1)
                .Begin("memory@60000000")
                .Cells("phandle", 7)
                .Cells("reg", 0x60000000, 0x8000)
                .End()
                .End()
                .Begin("ramoops")
                .Text("compatible", "ramoops")
                .Cells("memory-region", 7)
                .Cells("record-size", 0x1000)
                .Cells("console-size", 0x1000),
            nodes: 2
        );
        Assert.That(options.Number("ramoops.mem_address"), Is.EqualTo(0x60000000));
        Assert.That(options.Number("ramoops.mem_size"), Is.EqualTo(0x8000));
    }

    [Test]
    public void What_is_no_node_of_ramoops_is_said()
    {
        Refused("no node of this device tree is compatible", Reserved(1, 1).Begin("other").Text("compatible", "x"));
        Refused(
            "2 nodes of this device tree are compatible",
            Reserved(1, 1).Begin("a").Text("compatible", "ramoops").End().Begin("b").Text("compatible", "ramoops")
        );
        Refused(
            "reg of the node a has 4 bytes",
            Reserved(1, 1).Begin("a").Text("compatible", "ramoops").Cells("reg", 0x60000000)
        );
        Refused(
            "record-size of the node a has 8 bytes; expected one cell of 4",
            Reserved(1, 1).Begin("a").Text("compatible", "ramoops").Cells("record-size", 0, 1)
        );
        Refused(
            "ecc-size of a is 1: one byte of parity corrects nothing",
            Reserved(1, 1).Begin("a").Text("compatible", "ramoops").Cells("ecc-size", 1)
        );
    }

    [Test]
    public void Blobs_with_damage_are_read_or_refused()
    {
        byte[] blob = Reserved(2, 2)
            .Begin("ramoops@60000000")
            .Nop()
            .Text("compatible", "ramoops")
            .Cells("reg", 0, 0x60000000, 0, 0x100000)
            .Cells("record-size", 0x20000)
            .End()
            .End()
            .End()
            .Blob();
        int read = 0;
        Mutations.Survive(
            [blob],
            20_000,
            image =>
            {
                RamoopsNode.Read(DeviceTreeBlob.Read(image));
                read++;
            }
        );
        Assert.That(read, Is.GreaterThan(1000));
        for (int length = 0; length < blob.Length; length++)
        {
            byte[] cut = blob[..length];
            Assert.That(() => DeviceTreeBlob.Read(cut), Throws.TypeOf<RecordFormatException>(), $"{length} bytes");
        }
    }

    [Test]
    public void A_tree_without_an_end_to_its_depth_is_refused()
    {
        var deep = new BlobWriter();
        for (int depth = 0; depth < 100_000; depth++)
            deep.Begin("a");
        Assert.That(
            () => DeviceTreeBlob.Read(deep.Blob()),
            Throws.TypeOf<RecordFormatException>().With.Message.Contains("more than 64 deep")
        );
    }

    [Test]
    public void A_command_line_says_it_too()
    {
        var options = RamoopsCommandLine.Read(
            "BOOT_IMAGE=/vmlinuz quiet reserve_mem=2M:4096:oops ramoops.mem_name=oops ramoops.record-size=0x10000 "
                + "ramoops.ecc=1 ramoops.record_size=0x20000\n"
        );
        Assert.That(
            options.Parameters,
            Is.EquivalentTo(
                new Dictionary<string, string>
                {
                    ["ramoops.mem_size"] = $"{2 << 20}",
                    ["ramoops.record_size"] = "0x20000",
                    ["ramoops.ecc"] = "1",
                }
            )
        );
        Assert.That(
            () => RamoopsCommandLine.Read("quiet splash"),
            Throws.TypeOf<RecordFormatException>().With.Message.Contains("no parameter of ramoops")
        );
    }

    private static BlobWriter Reserved(uint address, uint size) =>
        new BlobWriter().Begin("").Begin("reserved-memory").Cells("#address-cells", address).Cells("#size-cells", size);

    private static DeviceTreeNode Tree(BlobWriter node, int nodes = 3)
    {
        for (; nodes > 0; nodes--)
            node.End();
        return DeviceTreeBlob.Read(node.Blob());
    }

    private static StoreOptions Read(BlobWriter node, int nodes = 3) => RamoopsNode.Read(Tree(node, nodes));

    private static void Refused(string why, BlobWriter node)
    {
        var tree = Tree(node);
        Assert.That(() => RamoopsNode.Read(tree), Throws.TypeOf<RecordFormatException>().With.Message.Contains(why));
    }
}
