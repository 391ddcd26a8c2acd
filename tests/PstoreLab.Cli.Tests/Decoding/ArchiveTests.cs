using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace PstoreLab.Cli.Tests.Decoding;

/// <summary>Support reports: everything in them by its path inside, and nothing on disk.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ArchiveTests
{
    private static readonly (string Path, byte[] Content)[] Report =
    [
        ("a/dmesg-ramoops-0", "Panic#1 Part1\nof machine a\n"u8.ToArray()),
        ("../../b/dmesg-ramoops-0", "Oops#1 Part1\nof machine b\n"u8.ToArray()),
        ("a/dmesg.txt", "made of records"u8.ToArray()),
        ("store.bin.gz", Gzipped(StoreFolder.Area("Panic#3 Part1\nin a store\n"))),
        ("memory.bin", [.. new byte[12_345], .. StoreFolder.Area("Panic#4 Part1\nin memory\n"), .. new byte[777]]),
        ("inner.zip", Zip([("c/console-ramoops", "console\n"u8.ToArray())])),
        ("log.tar.xz", [0xfd, .. "7zXZ\0 and so on"u8]),
    ];

    [Test]
    public async Task All_records_and_stores_are_there_by_their_paths()
    {
        using var folder = new StoreFolder();
        folder.Write("report.tar", Tar(Report));
        folder.Write("report.tgz", Gzipped(Tar(Report)));
        folder.Write("report.zip", Zip(Report));
        foreach (string name in (string[])["report.tar", "report.tgz", "report.zip"])
        {
            string text = await CommandRun.OutputAsync(folder.Root, "decode", name);
            foreach (
                string expected in (string[])
                    [
                        $"──── Panic#1, 1 part, {name}/a/dmesg-ramoops-0\nof machine a\n",
                        $"──── Oops#1, 1 part, {name}/../../b/dmesg-ramoops-0\nof machine b\n",
                        "──── console-ramoops\nconsole\n",
                        $"\n{name}/store.bin.gz, 65536 bytes unpacked\n",
                        "──── Panic#3, 1 part, dmesg-ramoops-0\nin a store\n",
                        $"\n{name}/memory.bin, 78658 bytes, with 1 ramoops area\n\nat byte 12345, 0x3039\n",
                        "──── Panic#4, 1 part, dmesg-ramoops-0\nin memory\n",
                        $"2 files were not read: {name}/log.tar.xz (it is compressed by xz; `xz -dk FILE` decompresses "
                            + $"it), {name}/a/dmesg.txt\n",
                    ]
            )
                Assert.That(text, Does.Contain(expected));
        }
        Assert.That(
            Directory.GetFiles(folder.Root, "*", SearchOption.AllDirectories).Select(Path.GetFileName),
            Is.EquivalentTo(["report.tar", "report.tgz", "report.zip"])
        );
    }

    [Test]
    public async Task One_of_several_records_of_a_name_is_asked_for_by_its_path()
    {
        using var folder = new StoreFolder();
        folder.Write("report.tar", Tar(Report));
        Assert.That(
            await CommandRun.ComplaintAsync(folder.Root, "decode", "report.tar", "--record", "dmesg-ramoops-0"),
            Is.EqualTo(
                "pstorelab: there are 4 records 'dmesg-ramoops-0'; say which: report.tar/a/dmesg-ramoops-0 or "
                    + "report.tar/../../b/dmesg-ramoops-0 or report.tar/store.bin.gz/dmesg-ramoops-0 or "
                    + "report.tar/memory.bin/dmesg-ramoops-0\n"
            )
        );
        foreach (
            var (path, text) in ((string, string)[])
                [
                    ("b/dmesg-ramoops-0", "Oops#1 Part1\nof machine b\n"),
                    ("report.tar/memory.bin/dmesg-ramoops-0", "Panic#4 Part1\nin memory\n"),
                ]
        )
            Assert.That(
                await CommandRun.OutputAsync(folder.Root, "decode", "report.tar", "--record", path),
                Is.EqualTo(text)
            );
    }

    [Test]
    public async Task Json_has_the_file_of_each_store()
    {
        using var folder = new StoreFolder();
        folder.Write("report.tar", Tar(Report));
        using var json = System.Text.Json.JsonDocument.Parse(
            await CommandRun.OutputAsync(folder.Root, "decode", "report.tar", "--json")
        );
        var stores = json.RootElement.GetProperty("stores").EnumerateArray().ToList();
        Assert.That(
            stores.Select(store => store.GetProperty("kind").GetString()),
            Is.EqualTo(["record-files", "ramoops", "ramoops"])
        );
        Assert.That(
            stores.Skip(1).Select(store => store.GetProperty("file").GetString()),
            Is.EqualTo(["report.tar/store.bin.gz", "report.tar/memory.bin"])
        );
        Assert.That(json.RootElement.GetProperty("unread").GetArrayLength(), Is.EqualTo(2));
    }

    [Test]
    public async Task What_is_before_damage_is_read_and_the_damage_is_told()
    {
        using var folder = new StoreFolder();
        byte[] tar = Tar(Report);
        folder.Write("torn.tar", tar[..2000]);
        folder.Write("torn.tgz", Gzipped(tar)[..600]);
        byte[] wrong = [.. tar];
        // The size of the second file.
        "77777777777"u8.CopyTo(wrong.AsSpan(1024 + 124));
        folder.Write("wrong.tar", wrong);
        foreach (string name in (string[])["torn.tar", "torn.tgz", "wrong.tar"])
        {
            string text = await CommandRun.OfDamageAsync(folder.Root, "decode", name);
            Assert.That(text, Does.Contain("\nof machine a\n"));
            Assert.That(text, Does.Contain($"{name} (what is behind this was not read: "), name);
        }
    }

    [Test]
    public async Task An_archive_without_records_says_what_it_has()
    {
        using var folder = new StoreFolder();
        folder.Write("empty.zip", Zip([("a", [1]), ("b", [2])]));
        Assert.That(
            await CommandRun.ComplaintAsync(folder.Root, "decode", "empty.zip"),
            Is.EqualTo(
                "pstorelab: empty.zip is an archive without a record file in it, such as dmesg-ramoops-0 or "
                    + "dmesg-ramoops-0.enc.z; 2 files were not read: empty.zip/a, empty.zip/b\n"
            )
        );
    }

    [Test]
    public async Task An_archive_that_unpacks_to_more_than_any_disk_ends_soon()
    {
        using var folder = new StoreFolder();
        // A file that claims to have 2 GiB of attributes, and one of 100 000 million bytes.
        foreach (char type in "x0L")
        {
            byte[] header = new byte[512];
            "a/dmesg-ramoops-1"u8.CopyTo(header);
            "0000644"u8.CopyTo(header.AsSpan(100));
            "77777777777"u8.CopyTo(header.AsSpan(124));
            header[156] = (byte)type;
            "ustar\u000000"u8.CopyTo(header.AsSpan(257));
            header.AsSpan(148, 8).Fill((byte)' ');
            Encoding.ASCII.GetBytes($"{header.Sum(value => value):00}", header.AsSpan(148));
            Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(value => value), 8), header.AsSpan(148));
            folder.Write($"{type}.tar", [.. Tar([Report[0]])[..1024], .. header, .. new byte[4096]]);
            var run = await CommandRun.InAsync(folder.Root, "decode", $"{type}.tar");
            Assert.That((run.Exit.Code, run.StandardError), Is.EqualTo((1, "")), $"{type}");
            Assert.That(run.StandardOutput, Does.Contain("\nof machine a\n"));
        }
    }

    [Test]
    public async Task Files_of_one_name_are_told_apart_and_stores_are_read_beside_records()
    {
        using var folder = new StoreFolder();
        foreach (var (path, content) in Report[..1].Append(("b/dmesg-ramoops-0", Report[1].Content)))
        {
            Directory.CreateDirectory(Path.Combine(folder.Root, Path.GetDirectoryName(path)!));
            folder.Write(path, content);
        }
        folder.Write("store", StoreFolder.Area("Panic#3 Part1\nin a store\n"));
        string text = await CommandRun.OutputAsync(folder.Root, "decode", "a/dmesg-ramoops-0", "b", "store");
        Assert.That(
            text,
            Does.Contain("──── Panic#1, 1 part, a/dmesg-ramoops-0\nof machine a\n")
                .And.Contain("──── Oops#1, 1 part, b/dmesg-ramoops-0\nof machine b\n")
                .And.Contain("\nstore, 65536 bytes\n")
                .And.EndsWith("──── Panic#3, 1 part, dmesg-ramoops-0\nin a store\n")
        );
    }

    [Test]
    public async Task A_folder_is_read_like_an_archive_and_large_files_are_not_searched()
    {
        using var folder = new StoreFolder();
        folder.Write("memory.bin", Report[4].Content);
        folder.Write("report.tar", Tar([Report[0]]));
        folder.Write("log.json", "{\"MESSAGE\":\"something else\"}\n"u8.ToArray());
        folder.WriteSparse("large.bin", 65L << 20, (12_345, StoreFolder.Area("Panic#5 Part1\nnot found\n")));
        string text = await CommandRun.OutputAsync(folder.Root, "decode", ".");
        Assert.That(
            text,
            Does.Contain("\nin memory\n")
                .And.Contain("\nof machine a\n")
                .And.EndsWith(
                    "2 files were not read: ./large.bin (it is searched only when its own name is given), ./log.json "
                        + "(no record is in it)\n"
                )
        );
    }

    [Test]
    public async Task A_qcow2_in_an_archive_is_read()
    {
        using var folder = new StoreFolder();
        folder.Write(
            "report.tar",
            Tar([("vars.qcow2", Qcow2Tests.Disk(StoreFolder.Area("Panic#1 Part1\ntext\n"), false))])
        );
        Assert.That(await CommandRun.OutputAsync(folder.Root, "decode", "report.tar"), Does.EndWith("\ntext\n"));
    }

    private static byte[] Tar((string Path, byte[] Content)[] files)
    {
        var output = new MemoryStream();
        using (var writer = new TarWriter(output, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (path, content) in files)
                writer.WriteEntry(
                    new UstarTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(content) }
                );
            writer.WriteEntry(
                new UstarTarEntry(TarEntryType.SymbolicLink, "dmesg-ramoops-9") { LinkName = "/etc/passwd" }
            );
        }
        return output.ToArray();
    }

    private static byte[] Zip((string Path, byte[] Content)[] files)
    {
        var output = new MemoryStream();
        using (var archive = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in files)
            {
                using var entry = archive.CreateEntry(path).Open();
                entry.Write(content);
            }
        }
        return output.ToArray();
    }

    private static byte[] Gzipped(byte[] content)
    {
        var output = new MemoryStream();
        using (var packed = new GZipStream(output, CompressionLevel.Fastest))
            packed.Write(content);
        return output.ToArray();
    }
}
