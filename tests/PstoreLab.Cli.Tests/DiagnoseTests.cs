using System.Formats.Tar;
using System.Text.Json;
using PstoreLab.Cli.Tests.Decoding;
using PstoreLab.Records;
using PstoreLab.Records.Compression;

namespace PstoreLab.Cli.Tests;

/// <summary>What a support engineer has in his hands, and what it means.</summary>
[CancelAfter(120_000)]
[Parallelizable(ParallelScope.All)]
public sealed class DiagnoseTests
{
    // The words that people look for.
    [TestCase("pstore: backend (efi_pstore) writing error (-5)", "efi-device-error")]
    [TestCase("pstore: backend (efi_pstore) writing error (-16)", "efi-firmware-busy")]
    [TestCase("pstore: backend (efi_pstore) writing error (-22)", "efi-write-refused")]
    [TestCase("pstore: backend (efi_pstore) writing error (-28)", "efi-store-full")]
    [TestCase("pstore: zlib_inflate() failed, ret = -5!", "stream-without-its-end")]
    [TestCase(
        "pstore: zlib_inflate() failed, ret = -3!",
        "corrupt-payload zlib-container-unreadable zlib-only-since-6.6"
    )]
    [TestCase(
        "pstore: decompression failed: -22",
        "corrupt-payload undoes-only-its-own-compressor zlib-container-unreadable"
    )]
    [TestCase(
        "pstore: crypto_comp_decompress failed, ret = -22!",
        "corrupt-payload undoes-only-its-own-compressor zlib-container-unreadable"
    )]
    [TestCase("pstore: no decompression method initialized!", "compressor-not-built")]
    [TestCase(
        "systemd-pstore[301]: Failed to write temporary file /var/lib/systemd/pstore/1/dmesg.txt: File exists",
        "text-exists"
    )]
    public async Task A_line_of_a_log_has_its_causes(string message, string causes)
    {
        using var folder = new StoreFolder();
        string log = folder.Write("kern.log", RecordText.ToBytes($"[    1.0] ACPI: fine\n[   31.2] {message}\n"));
        var found = await CausesAsync(folder, log);
        Assert.That(string.Join(' ', found.Keys.Order(StringComparer.Ordinal)), Is.EqualTo(causes));
        foreach (var cause in found.Values)
        {
            var symptom = cause.GetProperty("symptoms")[0];
            Assert.That(symptom.GetProperty("line").GetInt32(), Is.EqualTo(2));
            Assert.That(symptom.GetProperty("text").GetString(), Does.EndWith(message));
            Assert.That(cause.GetProperty("remedy").GetString(), Is.Not.Empty);
        }
    }

    [Test]
    public async Task A_paragraph_says_what_is_lost_what_to_do_and_what_shows_it()
    {
        using var folder = new StoreFolder();
        string log = folder.Write("kern.log", "pstore: no decompression method initialized!\n"u8.ToArray());
        string text = await CommandRun.OutputAsync(folder.Root, "diagnose", log);
        Assert.That(
            text,
            Does.StartWith("compressor-not-built, in pstore: to 6.5")
                .And.Contain("kern.log:1: pstore: no decompression method initialized!")
                .And.Match("lost +nothing: the record is whole")
                .And.Match("do +Take the name off the command line")
                .And.Match("try it +pstorelab run [a-z]+/")
        );
    }

    [TestCase(CompressionMethod.Zlib, "zlib-container-unreadable")]
    [TestCase(CompressionMethod.Lz4, "zlib-only-since-6.6")]
    [TestCase(CompressionMethod.Zstd, "zlib-only-since-6.6")]
    public async Task A_record_tells_by_what_it_is_compressed(CompressionMethod method, string cause)
    {
        using var folder = new StoreFolder();
        byte[] payload = RecordCompression.Compress(
            method,
            RecordText.ToBytes("Panic#1 Part1\n" + new string('x', 900) + "\n")
        );
        string file = folder.Write("dmesg-ramoops-0.enc.z", payload);
        Assert.That((await CausesAsync(folder, file)).Keys, Is.EqualTo([cause]));
    }

    [Test]
    public async Task Logs_and_records_are_found_in_an_archive()
    {
        using var folder = new StoreFolder();
        string path = Path.Combine(folder.Root, "report.tar");
        await using (var tar = new TarWriter(File.Create(path)))
            foreach (
                var (name, content) in new[]
                {
                    ("var/log/kern.log", "pstore: backend (erst) writing error (-28)\n"),
                    ("var/log/other", "nothing\n"),
                }
            )
            {
                await tar.WriteEntryAsync(
                    new PaxTarEntry(TarEntryType.RegularFile, name)
                    {
                        DataStream = new MemoryStream(RecordText.ToBytes(content)),
                    }
                );
            }
        var found = await CausesAsync(folder, path);
        Assert.That(found.Keys, Is.EqualTo(["erst-store-full"]));
        Assert.That(
            found["erst-store-full"].GetProperty("symptoms")[0].GetProperty("file").GetString(),
            Does.EndWith("report.tar/var/log/kern.log")
        );
    }

    [Test]
    public async Task Where_nothing_is_known_it_says_so_and_ends_with_1()
    {
        using var folder = new StoreFolder();
        string log = folder.Write("kern.log", "all is well\npstore: something new failed\n"u8.ToArray());
        var run = await CommandRun.InAsync(folder.Root, "diagnose", log);
        Assert.That(run.Exit.Code, Is.EqualTo(1));
        Assert.That(
            run.StandardOutput,
            Does.Contain("! nothing is known of")
                .And.Contain("kern.log:2: pstore: something new failed")
                .And.Contain("no symptom of a bug that is known here")
        );
    }

    [Test]
    public async Task What_is_no_text_and_no_record_is_refused()
    {
        using var folder = new StoreFolder();
        string file = folder.Write("noise", [0, 1, 2, 3, 0, 255]);
        Assert.That(await CommandRun.ComplaintAsync(folder.Root, "diagnose", file), Does.Contain("noise"));
        Assert.That(await CommandRun.ComplaintAsync(folder.Root, "diagnose", "missing"), Does.Contain("missing"));
    }

    // What the dead kernel said of itself is in the record, compressed or in a store.
    [Test]
    public async Task The_lines_within_records_and_stores_are_read_too()
    {
        const string Message = "pstore: backend (erst) writing error (-28)";
        string text = $"Panic#1 Part1\n<4>[    9.000000] {Message}\n{new string('x', 900)}\n";
        using var folder = new StoreFolder();
        string area = folder.Write("area.bin", StoreFolder.Area(text));
        Assert.That((await CausesAsync(folder, area)).Keys, Is.EqualTo(["erst-store-full"]));
        byte[] packed = RecordCompression.Compress(CompressionMethod.Deflate, RecordText.ToBytes(text));
        string file = folder.Write("dmesg-erst-1.enc.z", packed);
        Assert.That((await CausesAsync(folder, file)).Keys, Is.EqualTo(["erst-store-full"]));
    }

    [Test]
    public async Task It_comes_through_a_pipe()
    {
        using var input = new MemoryStream("pstore: backend (efi_pstore) writing error (-5)\n"u8.ToArray());
        var run = await CommandRun.FedAsync(input, "diagnose", "-");
        Assert.That((run.Exit.Code, run.StandardError), Is.EqualTo((0, "")));
        Assert.That(run.StandardOutput, Does.StartWith("efi-device-error").And.Contain("standard input:1: "));
    }

    [Test]
    public async Task Of_a_message_that_comes_often_a_few_are_shown()
    {
        using var folder = new StoreFolder();
        string lines = string.Concat(Enumerable.Repeat("pstore: no decompression method initialized!\n", 500));
        var found = await CausesAsync(folder, folder.Write("kern.log", RecordText.ToBytes(lines)));
        Assert.That(found["compressor-not-built"].GetProperty("symptoms").GetArrayLength(), Is.EqualTo(3));
    }

    private static async Task<Dictionary<string, JsonElement>> CausesAsync(StoreFolder folder, string file) =>
        (await CommandRun.OutputAsync(folder.Root, "diagnose", file, "--json"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(cause => cause.GetProperty("bug").GetString()!);
}
