using System.Text.Json;

namespace PstoreLab.Cli.Tests.Decoding;

/// <summary>ramoops areas somewhere in something large.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class MemoryDumpTests
{
    private const long MiB = 1 << 20;
    private const long First = 70 * MiB;
    private const long Second = (130 * MiB) + 4096;

    private static readonly byte[] FirstArea = StoreFolder.Area("Panic#1 Part1\nfirst\n");
    private static readonly byte[] SecondArea = StoreFolder.Area("Panic#2 Part1\nsecond\n");

    [Test]
    public async Task Every_area_is_told_with_offsets_in_the_file()
    {
        using var folder = Dump();
        Approved.Matches("memory-dump.txt", await CommandRun.OutputAsync(folder.Root, "decode", "memory"));
    }

    [Test]
    public async Task Json_has_offsets_in_the_file()
    {
        using var folder = Dump();
        using var json = JsonDocument.Parse(await CommandRun.OutputAsync(folder.Root, "decode", "memory", "--json"));
        var stores = json.RootElement.GetProperty("stores").EnumerateArray().ToList();
        Assert.That(
            stores.Select(store => store.GetProperty("offset").GetInt64()),
            Is.EqualTo(new[] { First, Second })
        );
        Assert.That(
            stores.Select(store => store.GetProperty("records")[0].GetProperty("offset").GetInt64()),
            Is.EqualTo(new[] { First, Second })
        );
        Assert.That(
            stores[1].GetProperty("records")[0].GetProperty("regions")[0].GetProperty("offset").GetInt64(),
            Is.EqualTo(Second)
        );
    }

    [Test]
    public async Task Gzipped_or_through_a_pipe_it_is_told_the_same()
    {
        using var folder = Dump();
        string plain = await CommandRun.OutputAsync(folder.Root, "decode", "memory");
        string packed = await CommandRun.OutputAsync(folder.Root, "decode", folder.Gzip("memory"));
        await using var memory = File.OpenRead(Path.Combine(folder.Root, "memory"));
        var piped = await CommandRun.FedAsync(memory, "decode", "/dev/stdin");
        Assert.That(plain.Split('\n')[0], Is.EqualTo("memory, 209715200 bytes, with 2 ramoops areas"));
        Assert.That(packed.Split('\n')[0], Is.EqualTo("memory.gz, 209715200 bytes unpacked, with 2 ramoops areas"));
        Assert.That(
            piped.StandardOutput.Split('\n')[0],
            Is.EqualTo("/dev/stdin, 209715200 bytes, with 2 ramoops areas"),
            piped.StandardError
        );
        Assert.That(packed.Split('\n')[1..], Is.EqualTo(plain.Split('\n')[1..]));
        Assert.That(piped.StandardOutput.Split('\n')[1..], Is.EqualTo(plain.Split('\n')[1..]));
    }

    [Test]
    public async Task An_offset_means_the_store_that_is_there_and_no_other()
    {
        using var folder = Dump();
        string text = await CommandRun.OfDamageAsync(folder.Root, "decode", "memory", "--offset", $"0x{First:x}");
        Assert.That(text, Does.Contain("\nfirst\n").And.Not.Contain("\nsecond\n"));
        string given = await CommandRun.OutputAsync(
            folder.Root,
            "decode",
            "memory",
            "--offset",
            $"{Second}",
            "--kind",
            "ramoops",
            "--parameter",
            "ramoops.mem_size=0x10000",
            "--parameter",
            "ramoops.record_size=0x4000",
            "--parameter",
            "ramoops.ftrace_size=0",
            "--parameter",
            "ramoops.pmsg_size=0"
        );
        Assert.That(
            given,
            Does.Contain("\nsecond\n").And.Contain("as the parameters say").And.Contain($"at 0x{Second:x}")
        );
    }

    [Test]
    public async Task Where_nothing_is_at_an_offset_the_rest_is_searched()
    {
        using var folder = Dump();
        string text = await CommandRun.OfDamageAsync(folder.Root, "decode", "memory", "--offset", $"{First + 1}");
        Assert.That(text, Does.Contain("\nsecond\n").And.Contain($"at byte {Second}, ").And.Not.Contain("\nfirst\n"));
    }

    [Test]
    public async Task A_record_that_is_in_two_areas_needs_an_offset()
    {
        using var folder = Dump();
        Assert.That(
            await CommandRun.ComplaintAsync(folder.Root, "decode", "memory", "--record", "dmesg-ramoops-0"),
            Is.EqualTo(
                "pstorelab: there is a record 'dmesg-ramoops-0' in 2 areas; say which with --offset "
                    + "0x4600000 or 0x8201000\n"
            )
        );
        Assert.That(
            await CommandRun.OutputAsync(
                folder.Root,
                "decode",
                "memory",
                "--record",
                "dmesg-ramoops-0",
                "--offset",
                "0x8201000"
            ),
            Is.EqualTo("Panic#2 Part1\nsecond\n")
        );
    }

    [Test]
    public async Task Parameters_of_an_area_need_an_offset()
    {
        using var folder = Dump();
        Assert.That(
            await CommandRun.ComplaintAsync(
                folder.Root,
                "decode",
                "memory",
                "--parameter",
                "ramoops.record_size=0x4000"
            ),
            Does.Contain("say where with --offset")
        );
    }

    [Test]
    public async Task Where_there_is_none_it_is_said()
    {
        using var folder = new StoreFolder();
        folder.WriteSparse("memory", 200 * MiB);
        Assert.That(
            await CommandRun.ComplaintAsync(folder.Root, "decode", "memory"),
            Does.Contain("memory: no store that is known here, neither at byte 0 nor behind it (209715200 bytes)")
        );
    }

    private static StoreFolder Dump()
    {
        var folder = new StoreFolder();
        folder.WriteSparse("memory", 200 * MiB, (First, FirstArea), (Second, SecondArea));
        return folder;
    }
}
