using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace PstoreLab.Cli.Tests.Decoding;

/// <summary>What <c>decode</c> prints, held against approved texts.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class OutputTests
{
    // What an attacker, or a damaged RAM, would have a terminal do: set its title, clear it, colour it, ring, go back
    // over the line.
    private const string Hostile =
        "Panic#1 Part1\n\x1b]0;title\a\x1b[2J\x1b[31mred [bold]markup[/]\u009b1m\r\0\x7f\x85 \xff\xfe "
        + "gr\xc3\xbc\xc3\x9f\n";

    [Test]
    public async Task Every_record_is_told_with_what_is_wrong_with_it()
    {
        using var folder = Damaged();
        string text = await CommandRun.OfDamageAsync(folder.Root, "decode", "store");
        Approved.Matches("damaged.txt", text);
        Assert.That(text, Does.Not.Contain("\nerased\n").And.Not.Contain("\ndamaged\n"));
    }

    [Test]
    public async Task With_deleted_the_texts_that_a_kernel_does_not_show_are_there()
    {
        using var folder = Damaged();
        string text = await CommandRun.OfDamageAsync(folder.Root, "decode", "store", "--deleted");
        Approved.Matches("damaged-deleted.txt", text);
        Assert.That(text, Does.Contain("\nerased\n").And.Contain("\ndamaged\n"));
    }

    [Test]
    public async Task With_fields_all_that_the_store_says_is_there()
    {
        using var folder = Damaged();
        Approved.Matches(
            "damaged-fields.txt",
            await CommandRun.OfDamageAsync(folder.Root, "decode", "store", "--fields")
        );
    }

    [Test]
    public async Task Json_has_all_of_it()
    {
        using var folder = Damaged();
        string text = await CommandRun.OfDamageAsync(folder.Root, "decode", "store", "--json");
        Approved.Matches("damaged.json", text);
        using var json = JsonDocument.Parse(text);
        Assert.That(json.RootElement.GetProperty("stores")[0].GetProperty("records").GetArrayLength(), Is.EqualTo(3));
        Assert.That(text, Does.Not.Contain("\"payload\""));
    }

    [Test]
    public async Task Json_has_the_bytes_where_they_are_asked_for()
    {
        using var folder = Damaged();
        using var json = JsonDocument.Parse(
            await CommandRun.OfDamageAsync(folder.Root, "decode", "store", "--json", "--payload")
        );
        string payload = json
            .RootElement.GetProperty("stores")[0]
            .GetProperty("records")[0]
            .GetProperty("payload")
            .GetString()!;
        Assert.That(
            Convert.FromHexString(payload),
            Is.EqualTo("Panic#1 Part1\n<0>[    5.000000] Kernel panic - not syncing: sysrq triggered crash"u8.ToArray())
        );
    }

    [Test]
    public async Task The_output_ends_with_a_line_where_the_dump_does_not()
    {
        using var folder = new StoreFolder();
        foreach (string text in (string[])["Panic#1 Part1\nlast words", "Panic#1 Part1\nlast words\n"])
            Assert.That(
                await CommandRun.OutputAsync(folder.Root, "decode", folder.Write("store", StoreFolder.Area(text))),
                Does.EndWith("\nlast words\n")
            );
    }

    [Test]
    public async Task An_empty_store_is_no_fault()
    {
        using var folder = new StoreFolder();
        Approved.Matches(
            "empty.txt",
            await CommandRun.OutputAsync(folder.Root, "decode", folder.Write("store", StoreFolder.Area()))
        );
    }

    [TestCase("text")]
    [TestCase("json", "--json")]
    public async Task Hostile_bytes_are_shown_and_do_nothing(string what, params string[] options)
    {
        using var folder = new StoreFolder();
        folder.Write("store", StoreFolder.Area(Hostile));
        string text = await CommandRun.OutputAsync(folder.Root, ["decode", "store", .. options]);
        Approved.Matches($"hostile.{what}", text);
        Assert.That(text, Has.None.Matches<char>(c => char.IsControl(c) && c != '\n'));
        Assert.That(text, Does.Contain("grüß"));
    }

    [Test]
    public async Task A_hostile_file_name_does_nothing_either()
    {
        using var folder = new StoreFolder();
        string name = folder.Write("[red]\x1b[31m", StoreFolder.Area("Panic#1 Part1\ntext\n"));
        Assert.That(
            await CommandRun.OutputAsync(folder.Root, "decode", name),
            Does.StartWith("[red]\\x1b[31m, 65536 bytes\n")
        );
    }

    [TestCase("dmesg-ramoops-0")]
    [TestCase("dmesg zone 0")]
    public async Task A_record_is_printed_to_the_byte_and_alone(string record)
    {
        using var folder = new StoreFolder();
        folder.Write("store", StoreFolder.Area(Hostile));
        using var bytes = new MemoryStream();
        await CommandRun.IntoAsync(bytes, folder.Root, "decode", "store", "--record", record);
        Assert.That(bytes.ToArray(), Is.EqualTo(Encoding.Latin1.GetBytes(Hostile)));
    }

    [Test]
    public async Task A_range_beyond_repair_is_marked_in_the_text_and_in_the_heading()
    {
        using var folder = new StoreFolder();
        string log = "Panic#1 Part1\n" + string.Concat(Enumerable.Range(0, 99).Select(line => $"<6>line {line:000}\n"));
        byte[] image = StoreFolder.AreaWithEcc(log);
        // The block of bytes 256 to 383 of the zone's data; its prefix has 24, the header line 14.
        for (int at = 256; at < 384; at++)
            image[12 + at] = 0x5a;
        for (int at = 256; at < 384; at += 2)
            image[12 + at] = 0x03;
        folder.Write("store", image);
        string text = await CommandRun.OfDamageAsync(folder.Root, "decode", "store");
        Assert.That(
            text,
            Does.Contain("──── Panic#1, 1 part, DAMAGED: 128 bytes beyond repair from byte 232 of its text on, ")
                .And.Contain($"\n{log[14..232]}[128 bytes beyond repair]{log[360..]}")
        );
        using var json = JsonDocument.Parse(await CommandRun.OfDamageAsync(folder.Root, "decode", "store", "--json"));
        var record = json.RootElement.GetProperty("stores")[0].GetProperty("records")[0];
        Assert.That(record.GetProperty("damage").GetString(), Does.StartWith("128 bytes beyond repair"));
        Assert.That(record.GetProperty("text").GetString(), Does.Contain("[128 bytes beyond repair]"));
        Assert.That(json.RootElement.GetProperty("damaged").GetBoolean());
    }

    [Test]
    public async Task What_ceases_to_be_a_log_is_not_shown_as_one()
    {
        using var folder = new StoreFolder();
        string log = "Panic#1 Part1\n" + string.Concat(Enumerable.Range(0, 99).Select(line => $"<6>line {line:000}\n"));
        byte[] garbage = new byte[5000];
        new Random(1).NextBytes(garbage);
        using var stream = new MemoryStream();
        using (var deflate = new DeflateStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(Encoding.ASCII.GetBytes(log));
            deflate.Write(garbage);
        }
        folder.Write("dmesg-erst-1.enc.z", stream.ToArray()[..^20]);
        string text = await CommandRun.OfDamageAsync(folder.Root, "decode", "dmesg-erst-1.enc.z");
        Assert.That(
            text,
            Does.Contain($", DAMAGED: nothing behind byte {log.Length} of its text can be read, ")
                .And.Contain("\n<6>line 098\n[")
                .And.EndWith(" bytes that are no lines of a log]\n")
        );
    }

    [Test]
    public async Task The_text_behind_a_wrong_bit_is_shown_as_a_reconstruction()
    {
        using var folder = new StoreFolder();
        string log =
            "Panic#1 Part1\n"
            + string.Concat(
                Enumerable.Range(0, 200).Select(line => $"<6>[    1.{line:000000}] line {line * 7919} of it\n")
            );
        using var stream = new MemoryStream();
        using (var deflate = new DeflateStream(stream, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(Encoding.ASCII.GetBytes(log));
        byte[] data = stream.ToArray();
        folder.Write("dmesg-erst-1.enc.z", data);
        Assert.That(
            await CommandRun.OutputAsync(folder.Root, "decode", "dmesg-erst-1.enc.z"),
            Does.Not.Contain("reconstruction").And.EndWith(log[14..])
        );
        data[data.Length / 3] ^= 4;
        folder.Write("dmesg-erst-1.enc.z", data);
        string text = await CommandRun.OfDamageAsync(folder.Root, "decode", "dmesg-erst-1.enc.z");
        int at = text.IndexOf("──── reconstruction of dmesg-erst-1.enc.z, no record", StringComparison.Ordinal);
        Assert.That(at, Is.Positive, text);
        Assert.That(text[at..].Split('\n').Count(log.Split('\n').Contains), Is.GreaterThan(190));
        using var json = JsonDocument.Parse(
            await CommandRun.OfDamageAsync(folder.Root, "decode", "dmesg-erst-1.enc.z", "--json")
        );
        var made = json.RootElement.GetProperty("stores")[0].GetProperty("records")[0].GetProperty("reconstruction");
        Assert.That(made.GetProperty("how").GetString(), Does.Contain("of the stream taken for wrong"));
        Assert.That(made.GetProperty("unknownBytes").GetInt32(), Is.Zero);
    }

    [Test]
    public async Task One_record_alone_ends_with_its_own_state()
    {
        using var folder = new StoreFolder();
        folder.Write("dmesg-erst-1", "Panic#1 Part1\nwhole\n"u8.ToArray());
        folder.Write("dmesg-erst-2.enc.z", [1, 2, 3]);
        Assert.That(
            await CommandRun.OutputAsync(folder.Root, "decode", ".", "--record", "dmesg-erst-1"),
            Is.EqualTo("Panic#1 Part1\nwhole\n")
        );
        var run = await CommandRun.InAsync(folder.Root, "decode", ".", "--record", "dmesg-erst-2");
        Assert.That((run.Exit.Code, run.StandardOutput), Is.EqualTo((1, "")));
        Assert.That(run.StandardError, Does.StartWith("pstorelab: dmesg-erst-2 is damaged: "));
    }

    private static StoreFolder Damaged()
    {
        var folder = new StoreFolder();
        folder.Write("store", StoreFolder.DamagedArea());
        return folder;
    }
}
