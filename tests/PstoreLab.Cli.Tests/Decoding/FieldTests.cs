using System.IO.Compression;

namespace PstoreLab.Cli.Tests.Decoding;

/// <summary>
/// What people have in their hands: inputs such as bug reports and support cases have, made anew for this project, each
/// with the text that is in it. They lie in <c>Field/</c>.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class FieldTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Field");

    [TestCase(
        "zlib-container/dmesg-ramoops-0.enc.z",
        "1698 bytes, deflate in a zlib container, 25104 bytes uncompressed"
    )]
    [TestCase("zlib-container/area.bin.gz", "written 2017-07-14 02:40:00.000042 UTC, 1698 bytes at 0x0, deflate in a ")]
    [TestCase("efi-panic/efivarfs", "dmesg-efi_pstore-173000000001001, 187 bytes, deflate, 1644 bytes uncompressed")]
    [TestCase("efi-panic/report.tar.gz", "report.tar.gz/var/lib/systemd/pstore/1730000000/001/dmesg-efi_pstore-173000")]
    [TestCase("efi-panic/pstore.export", "efi-panic/pstore.export/dmesg-efi_pstore-173000000001001  Panic#1 Part1")]
    [TestCase("efi-panic/pstore.json", "efi-panic/pstore.json/dmesg-efi_pstore-173000000001001  Panic#1 Part1")]
    [TestCase("efi-panic/flash.bin.gz", "with 1 store\n\nat byte 2162688, 0x210000\nfirmware volume of 540672 bytes")]
    [TestCase("efi-panic/nvar.bin", "NVAR store of AMI firmware with 3 entries in 723 bytes")]
    [TestCase("efi-panic/vars.json", "efi-panic/vars.json/dump-type0-1-1-1730000000-C  Panic#1 Part1")]
    [TestCase("blk-unwritten/device.bin.gz", "the first 196608 bytes are unused: they are assumed to be a pmsg zone")]
    [TestCase("android-pmsg/pmsg-ramoops-0", "1 record file")]
    [TestCase("android-pmsg-wrapped/pmsg-ramoops-0", "1 record file")]
    public async Task Its_text_is_read_and_what_it_is_is_said(string input, string said)
    {
        string text = await CommandRun.OutputAsync(Folder, "decode", input);
        Assert.That(text, Does.Contain(said));
        Assert.That(Bodies(text), Is.EqualTo(Expected(input)));
    }

    [Test]
    public async Task Bytes_of_pmsg_stay_as_they_are()
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(Folder, "android-pmsg/pmsg-ramoops-0"));
        var output = new MemoryStream();
        await CommandRun.IntoAsync(
            output,
            Folder,
            "decode",
            "android-pmsg/pmsg-ramoops-0",
            "--record",
            "pmsg-ramoops-0"
        );
        Assert.That(output.ToArray(), Is.EqualTo(bytes));
    }

    /// <summary>All texts, without their titles.</summary>
    private static string Bodies(string output) =>
        string.Concat(output.Split("\n──── ").Skip(1).Select(body => body[(body.IndexOf('\n') + 1)..]));

    private static string Expected(string input)
    {
        string folder = Path.Combine(Folder, input.Split('/')[0]);
        if (File.Exists(Path.Combine(folder, "expected.txt")))
            return File.ReadAllText(Path.Combine(folder, "expected.txt"));
        using var packed = File.OpenRead(Path.Combine(folder, "expected.txt.gz"));
        using var reader = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        return reader.ReadToEnd();
    }
}
