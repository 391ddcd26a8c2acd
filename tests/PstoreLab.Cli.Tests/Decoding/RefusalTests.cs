namespace PstoreLab.Cli.Tests.Decoding;

/// <summary>
/// What <c>decode</c> will not do: the complaint names the file or the option, and what to do; the exit code is 2.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class RefusalTests
{
    [TestCase("--kind '9p'; expected one of ramoops, erst, efi, pstore-blk", "--kind", "9p")]
    [TestCase(
        "--parameter 'record_size=1'; expected module.parameter=value, such as ramoops.record_size=0x10000",
        "--parameter",
        "record_size=1"
    )]
    [TestCase(
        "--parameter 'ramoops.ecc'; expected module.parameter=value, such as ramoops.record_size=0x10000",
        "--parameter",
        "ramoops.ecc"
    )]
    [TestCase(
        "store: the parameter ramoops.record_size is 'much'; expected a number, such as 65536 or 0x10000",
        "--parameter",
        "ramoops.record_size=much"
    )]
    [TestCase("--kernel 'new'; expected a version, such as 6.1", "--kernel", "new")]
    [TestCase("--cpus 0; expected 1 or more", "--cpus", "0")]
    [TestCase("--offset '1M'; expected a number of bytes, such as 1048576 or 0x100000", "--offset", "1M")]
    [TestCase("--offset '-1'; expected a number of bytes, such as 1048576 or 0x100000", "--offset", "-1")]
    [TestCase("--offset 65536: store has only 65536 bytes", "--offset", "0x10000")]
    [TestCase("there is no record 'dmesg-ramoops-7'; there are dmesg-ramoops-0", "--record", "dmesg-ramoops-7")]
    public async Task A_wrong_option_is_refused(string complaint, params string[] options)
    {
        using var folder = new StoreFolder();
        folder.Write("store", StoreFolder.Area("Panic#1 Part1\ntext\n"));
        Assert.That(
            await CommandRun.ComplaintAsync(folder.Root, ["decode", "store", .. options]),
            Is.EqualTo($"pstorelab: {complaint}\n")
        );
    }

    [Test]
    public async Task A_store_of_another_kind_is_refused()
    {
        using var folder = new StoreFolder();
        folder.Write("store", StoreFolder.Area("Panic#1 Part1\ntext\n"));
        foreach (string kind in (string[])["erst", "efi"])
            Assert.That(
                await CommandRun.ComplaintAsync(folder.Root, "decode", "store", "--kind", kind),
                Does.StartWith("pstorelab: store: ")
            );
        Assert.That(
            await CommandRun.OutputAsync(folder.Root, "decode", "store", "--kind", "ramoops"),
            Does.Contain("dmesg-ramoops-0")
        );
    }

    [Test]
    public async Task A_file_that_is_no_store_is_refused()
    {
        using var folder = new StoreFolder();
        byte[] noise = new byte[100_000];
        new Random(1).NextBytes(noise);
        folder.Write("noise", noise);
        Assert.That(
            await CommandRun.ComplaintAsync(folder.Root, "decode", "noise"),
            Is.EqualTo(
                "pstorelab: noise: no store that is known here, neither at byte 0 nor behind it (100000 "
                    + "bytes); where you know better, say --kind and the writer's --parameter\n"
            )
        );
        Assert.That(
            await CommandRun.ComplaintAsync(folder.Root, "decode", "noise", "--json"),
            Does.Contain("no store")
        );
        Assert.That(
            await CommandRun.ComplaintAsync(folder.Root, "decode", "noise", "--kind", "ramoops"),
            Does.Contain("no ramoops area")
        );
    }

    [TestCase("empty", "empty: an empty file")]
    [TestCase("missing", "there is no file 'missing'")]
    [TestCase("no/folder", "there is no file 'no/folder'")]
    [TestCase(
        "folder",
        "folder is a directory without a record file in it, such as dmesg-ramoops-0 or dmesg-ramoops-0.enc.z"
    )]
    public async Task What_cannot_be_read_is_refused(string file, string complaint)
    {
        using var folder = new StoreFolder();
        folder.Write("empty", []);
        Directory.CreateDirectory(Path.Combine(folder.Root, "folder"));
        Assert.That(
            await CommandRun.ComplaintAsync(folder.Root, "decode", file),
            Is.EqualTo($"pstorelab: {complaint}\n")
        );
    }

    [Test]
    public async Task A_damaged_gzip_file_is_refused()
    {
        using var folder = new StoreFolder();
        folder.Write("store", StoreFolder.Area("Panic#1 Part1\ntext\n"));
        byte[] packed = File.ReadAllBytes(Path.Combine(folder.Root, folder.Gzip("store")));
        packed[^6] ^= 1;
        folder.Write("damaged.gz", packed);
        Assert.That(
            await CommandRun.ComplaintAsync(folder.Root, "decode", "damaged.gz"),
            Does.StartWith("pstorelab: damaged.gz is gzipped and damaged: ")
        );
    }

    [Test]
    public async Task A_torn_gzip_file_is_read_as_far_as_it_goes_and_that_is_told()
    {
        using var folder = new StoreFolder();
        folder.Write("store", StoreFolder.Area("Panic#1 Part1\ntext\n"));
        byte[] packed = File.ReadAllBytes(Path.Combine(folder.Root, folder.Gzip("store")));
        folder.Write("torn.gz", packed[..^20]);
        string text = await CommandRun.OfDamageAsync(folder.Root, "decode", "torn.gz");
        Assert.That(
            text.Split('\n')[1],
            Is.EqualTo(
                "! what is gzipped here does not end as it should: the file is torn, and this is what there is of it"
            )
        );
        Assert.That(text, Does.EndWith("\ntext\n"));
        Assert.That(
            await CommandRun.OutputAsync(folder.Root, "decode", "store.gz"),
            Does.Not.Contain("torn").And.EndsWith("\ntext\n")
        );
    }
}
