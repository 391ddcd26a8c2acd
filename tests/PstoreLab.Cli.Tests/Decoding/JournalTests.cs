using System.Buffers.Binary;
using System.Text;
using PstoreLab.Records.Compression;

namespace PstoreLab.Cli.Tests.Decoding;

/// <summary>What systemd-pstore put into the journal, and journalctl got out of it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class JournalTests
{
    private const string Name = "dmesg-erst-7710738641726734337.enc.z";
    private static readonly byte[] Packed = RecordCompression.Compress(
        CompressionMethod.Deflate,
        "Panic#1 Part1\ncompressed\n"u8
    );

    [Test]
    public async Task A_compressed_record_is_read_from_every_output()
    {
        using var folder = new StoreFolder();
        string array = string.Join(",", Packed);
        folder.Write(
            "export",
            [
                .. "__CURSOR=s=1\nMESSAGE=something else\nFILE=no record\n\n"u8,
                .. "__CURSOR=s=2\nBINARY\n\x03\0\0\0\0\0\0\0\n\n\n\n"u8,
                .. Encoding.ASCII.GetBytes($"MESSAGE=PStore {Name}.\nFILE\n"),
                .. Length(Packed.Length),
                .. Packed,
                .. "\nPRIORITY=5\n\n"u8,
            ]
        );
        folder.Write("json", Json($$"""{"__CURSOR":"s=1","MESSAGE":"PStore {{Name}}.","FILE":[{{array}}]}"""));
        folder.Write("seq", Json($$"""{"MESSAGE":"PStore {{Name}}","FILE":[[{{array}}],"second"]}""", "\u001e"));
        folder.Write("sse", Json($$"""{"MESSAGE":"PStore {{Name}}","FILE":[{{array}}]}""", "data: ", "\n"));
        folder.Write(
            "pretty",
            Json(
                $$"""{"MESSAGE" : "PStore {{Name}}.","FILE" : [{{array}}]}""".Replace("{", "{\n\t").Replace("}", "\n}")
            )
        );
        foreach (string file in (string[])["export", "json", "seq", "sse", "pretty"])
        {
            string text = await CommandRun.OutputAsync(folder.Root, "decode", file);
            Assert.That(text, Does.Contain($"{file}/{Name}  Panic#1 Part1\n").And.EndsWith("\ncompressed\n"), file);
        }
    }

    [Test]
    public async Task What_journalctl_left_out_is_told_and_how_to_get_it()
    {
        using var folder = new StoreFolder();
        folder.Write(
            "json",
            Json(
                """{"MESSAGE":"PStore dmesg-ramoops-0.","FILE":null}"""
                    + "\n"
                    + """{"MESSAGE":"PStore pmsg-ramoops-0.","FILE":"text"}"""
            )
        );
        Assert.That(
            await CommandRun.OutputAsync(folder.Root, "decode", "json"),
            Does.EndWith(
                "\n1 file was not read: json/dmesg-ramoops-0 (there is no FILE: journalctl leaves out what is longer "
                    + "than 4096 bytes unless it is told --all)\n"
            )
        );
    }

    [Test]
    public async Task Records_of_one_name_are_told_apart()
    {
        using var folder = new StoreFolder();
        folder.Write(
            "export",
            "MESSAGE=PStore dmesg-ramoops-0.\nFILE=first\n\nMESSAGE=PStore dmesg-ramoops-0.\nFILE=second\n"u8.ToArray()
        );
        Assert.That(
            await CommandRun.OutputAsync(folder.Root, "decode", "export"),
            Does.Contain("──── a dump without a header, export/dmesg-ramoops-0\nfirst\n")
                .And.Contain("──── a dump without a header, export/2/dmesg-ramoops-0\nsecond\n")
        );
    }

    [Test]
    public async Task An_export_that_ends_within_a_record_gives_what_there_is()
    {
        using var folder = new StoreFolder();
        folder.Write(
            "export",
            [.. "MESSAGE=PStore dmesg-ramoops-0.\nFILE\n"u8, .. Length(1000), .. "Panic#1 Part1\nthe beginning\n"u8]
        );
        Assert.That(
            await CommandRun.OfDamageAsync(folder.Root, "decode", "export"),
            Does.Contain("\nthe beginning\n")
                .And.EndsWith(
                    "1 file was not read: export (what is behind this was not read: it ends 972 bytes before the "
                        + "end of a FILE)\n"
                )
        );
    }

    private static byte[] Json(string text, string before = "", string after = "") =>
        Encoding.UTF8.GetBytes($"{before}{text}\n{after}");

    private static byte[] Length(int length)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        return bytes;
    }
}
