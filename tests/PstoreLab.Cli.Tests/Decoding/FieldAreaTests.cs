using System.Text.Json;

namespace PstoreLab.Cli.Tests.Decoding;

/// <summary>Areas as boards and phones leave them, as a person sees them.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class FieldAreaTests
{
    [Test]
    public async Task Three_headers_of_an_area_of_zeros_are_three_records()
    {
        string text = await Decode("three-headers");
        Assert.That(text, Does.Contain("\n3 records: 3 live\n").And.Contain("4084 bytes at 0xfd000"));
        Assert.That(text, Does.Contain("Oops#1 Part1").And.Contain("Panic#2 Part1"));
    }

    [Test]
    public async Task What_is_cut_off_is_said_to_be()
    {
        Assert.That(
            await DecodeDamaged("end-missing"),
            Does.Contain("2 records: 2 live")
                .And.Contain("! cut off: the image has 196608 of the zone's 262144 bytes")
                .And.Contain("! the area has 786432 bytes, and the image ends after 720896 of them")
        );
        Assert.That(
            await DecodeDamaged("beginning-missing"),
            Does.Contain("at byte 126976, 0x1f000")
                .And.Contain("! the beginning of the area is cut off: with 1 more dmesg zone it has 1048576 bytes")
                .And.Contain("262132 bytes at 0x7f000")
        );
    }

    [Test]
    public async Task The_text_behind_a_rotten_signature_is_shown_with_deleted()
    {
        Assert.That(
            await DecodeDamaged("rotten-signatures", "--deleted"),
            Does.Contain("its signature is 0x41454264, not 0x43474244")
                .And.Contain("pi line 0 of the log")
                .And.Contain("pi line 89 of the log")
        );
    }

    [Test]
    public async Task Big_endian_is_inferred_and_can_be_forced()
    {
        foreach (
            string[] arguments in (string[][])
                [
                    [],
                    ["--endian", "big"],
                    ["--kind", "ramoops"],
                ]
        )
            Assert.That(
                await Decode("big-endian", arguments),
                Does.Contain("; big-endian; ").And.Contain("Panic#1 Part1").And.Contain("console line 99 of the log")
            );
        using var json = JsonDocument.Parse(await Decode("big-endian", "--json"));
        Assert.That(json.RootElement.GetProperty("stores")[0].GetProperty("endian").GetString(), Is.EqualTo("big"));
        Assert.That(
            await CommandRun.ComplaintAsync(".", "decode", Fixture("big-endian"), "--endian", "little"),
            Does.Contain("no ramoops area begins here")
        );
        Assert.That(
            await CommandRun.ComplaintAsync(".", "decode", Fixture("big-endian"), "--endian", "middle"),
            Is.EqualTo("pstorelab: --endian 'middle'; expected big or little\n")
        );
    }

    private static Task<string> Decode(string name, params string[] arguments) =>
        CommandRun.OutputAsync(".", ["decode", Fixture(name), .. arguments]);

    private static Task<string> DecodeDamaged(string name, params string[] arguments) =>
        CommandRun.OfDamageAsync(".", ["decode", Fixture(name), .. arguments]);

    private static string Fixture(string name) =>
        Path.Combine(AppContext.BaseDirectory, "Fixtures", $"field-{name}.area.gz");
}
