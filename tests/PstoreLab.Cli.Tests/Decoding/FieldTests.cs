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
    public async Task Its_text_is_read_and_what_it_is_is_said(string input, string said)
    {
        string text = await CommandRun.OutputAsync(Folder, "decode", input);
        Assert.That(text, Does.Contain(said));
        Assert.That(Bodies(text), Is.EqualTo(Expected(input)));
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
