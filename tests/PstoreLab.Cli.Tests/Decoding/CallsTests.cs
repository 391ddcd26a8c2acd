using System.Text.Json;
using PstoreLab.Records;
using PstoreLab.Records.Ftrace;
using PstoreLab.Records.Stores;

namespace PstoreLab.Cli.Tests.Decoding;

/// <summary>What the ftrace frontend kept, as a person sees it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class CallsTests
{
    private const string Lines =
        "CPU:1 ts:6 c0100080  c0100043\nCPU:0 ts:7 c0100100  c0100203\nCPU:0 ts:8 c0100104  c0100207\n"
        + "CPU:1 ts:9 c0100081  c0100047\n";

    [Test]
    public async Task The_calls_of_all_cpus_are_lines_as_a_kernel_has_them()
    {
        using var folder = new StoreFolder();
        string area = folder.Write("area.bin", Area());
        string text = await CommandRun.OutputAsync(folder.Root, "decode", area);
        Assert.That(text, Does.EndWith($"──── ftrace-ramoops-0, 4 calls, without the names of functions\n{Lines}"));
        Assert.That(text, Does.Contain("; big-endian;"));
        string fields = await CommandRun.OutputAsync(folder.Root, "decode", area, "--fields");
        Assert.That(fields, Does.Contain("entry 16 bytes, 32-bit, big-endian\n"));
    }

    [Test]
    public async Task Json_has_the_lines_of_each_zone()
    {
        using var folder = new StoreFolder();
        string text = await CommandRun.OutputAsync(folder.Root, "decode", folder.Write("area.bin", Area()), "--json");
        using var json = JsonDocument.Parse(text);
        var records = json.RootElement.GetProperty("stores")[0].GetProperty("records");
        Assert.That(
            records.EnumerateArray().Select(record => record.GetProperty("text").GetString()),
            Is.EqualTo(
                new[]
                {
                    "CPU:0 ts:7 c0100100  c0100203\nCPU:0 ts:8 c0100104  c0100207\n",
                    "CPU:1 ts:6 c0100080  c0100043\nCPU:1 ts:9 c0100081  c0100047\n",
                }
            )
        );
    }

    [Test]
    public async Task A_file_of_a_kernel_is_shown_as_it_is()
    {
        using var folder = new StoreFolder();
        const string Shown = "CPU:0 ts:20 ffffffff811b4760  ffffffff811b4c1f  vfs_write <- ksys_write+0x9f/0xe0\n";
        string file = folder.Write("ftrace-ramoops-0", RecordText.ToBytes(Shown));
        Assert.That(await CommandRun.OutputAsync(folder.Root, "decode", file), Does.EndWith(Shown));
    }

    private static byte[] Area()
    {
        var format = new FtraceFormat(4, Endianness.Big, true, FtraceCpu.OwnField);
        FtraceEntry[][] zones =
        [
            [new(0xc0100100, 0xc0100203, 7, 0), new(0xc0100104, 0xc0100207, 8, 0)],
            [new(0xc0100080, 0xc0100043, 6, 1), new(0xc0100081, 0xc0100047, 9, 1)],
        ];
        var options = new StoreOptions
        {
            Parameters = new Dictionary<string, string>
            {
                ["ramoops.mem_size"] = "0x10000",
                ["ramoops.record_size"] = "0x4000",
                ["ramoops.ftrace_size"] = "0x4000",
                ["ramoops.pmsg_size"] = "0",
            },
            Cpus = zones.Length,
            Kernel = new Version(5, 10),
            Endian = Endianness.Big,
        };
        var ramoops = StoreFormats.Get(StoreKind.Ramoops);
        byte[] image = ramoops.CreateEmpty(0x10000, options);
        for (int zone = 0; zone < zones.Length; zone++)
        {
            byte[] payload = [.. zones[zone].SelectMany(format.ToBytes)];
            Assert.That(ramoops.Write(image, options, new RecordToWrite(RecordType.Ftrace, payload) { Index = zone }));
        }
        return image;
    }
}
