using System.Text.Json;

namespace PstoreLab.Cli.Tests.Decoding;

/// <summary>The division of an area from the board's own source.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class BoardTests
{
    // One dump in a large zone alone: nothing in the area says where the others are.
    private const string Line =
        "quiet ramoops.mem_address=0x60000000 ramoops.mem_size=0x10000 ramoops.record_size=0x4000 "
        + "ramoops.console_size=4096 ramoops.ftrace_size=0 ramoops.pmsg_size=0";

    [Test]
    public async Task A_device_tree_divides_an_area()
    {
        using var folder = Board();
        foreach (
            string[] source in (string[][])
                [
                    ["--dtb", "board.dts"],
                    ["--dtb", "tree"],
                    ["--cmdline", Line],
                ]
        )
        {
            string text = await CommandRun.OutputAsync(folder.Root, ["decode", "area", .. source]);
            Assert.That(
                text,
                Does.Contain("65536 bytes: 3 dmesg × 20480, 1 console × 4096; no ECC; as the parameters say")
                    .And.EndWith("\nfirst\n"),
                source[0]
            );
        }
    }

    [Test]
    public async Task What_a_person_says_beats_it()
    {
        using var folder = Board();
        Assert.That(
            await CommandRun.OfDamageAsync(
                folder.Root,
                "decode",
                "area",
                "--dtb",
                "board.dts",
                "--parameter",
                "ramoops.console_size=0x8000"
            ),
            Does.Contain("1 console × 32768").And.Contain("! few zone headers are in the places of these parameters")
        );
    }

    [Test]
    public async Task Two_divisions_are_held_against_each_other()
    {
        using var folder = Board();
        Assert.That(
            await CommandRun.OutputAsync(folder.Root, "layout", "board.dts", $"6.12 {Line}"),
            Does.Contain("The reader shows all that the writer left.")
        );
        Approved.Matches(
            "layout.txt",
            await CommandRun.OfDamageAsync(
                folder.Root,
                "layout",
                "5.15 board.dts",
                Line.Replace("console_size=4096", "console_size=0x8000", StringComparison.Ordinal)
            )
        );
        using var json = JsonDocument.Parse(
            await CommandRun.OutputAsync(folder.Root, "layout", "tree", "board.dts", "--json")
        );
        Assert.That(json.RootElement.GetProperty("showsAll").GetBoolean());
        Assert.That(
            json.RootElement.GetProperty("reader")[0].GetProperty("of").GetString(),
            Is.EqualTo("dmesg zone 0")
        );
    }

    [TestCase("there is no such file", "layout", "no.dtb", Line)]
    [TestCase("no parameter of ramoops is on this command line", "layout", "6.1 a=b", Line)]
    [TestCase("area is no device tree", "layout", "area", Line)]
    [TestCase("board.dts: ", "decode", "area", "--dtb", "board.dts", "--cmdline", Line)]
    [TestCase("the writer's area has no size", "layout", "ramoops.record_size=1", Line)]
    [TestCase("no node of this device tree is compatible with", "layout", "other", Line)]
    public async Task What_says_nothing_of_an_area_is_refused(string why, params string[] arguments)
    {
        using var folder = Board();
        Directory.CreateDirectory(Path.Combine(folder.Root, "other"));
        string complaint = await CommandRun.ComplaintAsync(folder.Root, arguments);
        Assert.That(complaint, Does.Contain(why == "board.dts: " ? "--dtb and --cmdline both" : why));
        Assert.That(complaint.Split('\n'), Has.Length.EqualTo(2));
    }

    private static StoreFolder Board()
    {
        var folder = new StoreFolder();
        folder.Write("area", StoreFolder.Area("Panic#1 Part1\nfirst\n"));
        folder.Write(
            "board.dts",
            """
            /dts-v1/;
            / {
                #address-cells = <1>; #size-cells = <1>;
                reserved-memory {
                    #address-cells = <1>; #size-cells = <1>; ranges;
                    ramoops@60000000 {
                        compatible = "ramoops"; reg = <0x60000000 0x10000>;
                        record-size = <0x4000>; console-size = <0x1000>;
                    };
                };
            };

            """u8.ToArray()
        );
        string node = Path.Combine("tree", "reserved-memory", "ramoops@60000000");
        Directory.CreateDirectory(Path.Combine(folder.Root, node));
        folder.Write(Path.Combine("tree", "reserved-memory", "#address-cells"), [0, 0, 0, 1]);
        folder.Write(Path.Combine("tree", "reserved-memory", "#size-cells"), [0, 0, 0, 1]);
        folder.Write(Path.Combine(node, "compatible"), "ramoops\0"u8.ToArray());
        folder.Write(Path.Combine(node, "reg"), [0x60, 0, 0, 0, 0, 1, 0, 0]);
        folder.Write(Path.Combine(node, "record-size"), [0, 0, 0x40, 0]);
        folder.Write(Path.Combine(node, "console-size"), [0, 0, 0x10, 0]);
        return folder;
    }
}
