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
        string text = await CommandRun.OutputAsync(folder.Root, "decode", "store");
        Approved.Matches("damaged.txt", text);
        Assert.That(text, Does.Not.Contain("\nerased\n").And.Not.Contain("\ndamaged\n"));
    }

    [Test]
    public async Task With_deleted_the_texts_that_a_kernel_does_not_show_are_there()
    {
        using var folder = Damaged();
        string text = await CommandRun.OutputAsync(folder.Root, "decode", "store", "--deleted");
        Approved.Matches("damaged-deleted.txt", text);
        Assert.That(text, Does.Contain("\nerased\n").And.Contain("\ndamaged\n"));
    }

    [Test]
    public async Task With_fields_all_that_the_store_says_is_there()
    {
        using var folder = Damaged();
        Approved.Matches(
            "damaged-fields.txt",
            await CommandRun.OutputAsync(folder.Root, "decode", "store", "--fields")
        );
    }

    [Test]
    public async Task Json_has_all_of_it()
    {
        using var folder = Damaged();
        string text = await CommandRun.OutputAsync(folder.Root, "decode", "store", "--json");
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
            await CommandRun.OutputAsync(folder.Root, "decode", "store", "--json", "--payload")
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
        Assert.That(bytes.ToArray(), Is.EqualTo(System.Text.Encoding.Latin1.GetBytes(Hostile)));
    }

    private static StoreFolder Damaged()
    {
        var folder = new StoreFolder();
        folder.Write("store", StoreFolder.DamagedArea());
        return folder;
    }
}
