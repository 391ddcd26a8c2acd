namespace PstoreLab.Cli.Tests.Decoding;

/// <summary><c>judge</c> of a real machine: the log of its console, its records and its store.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class RealMachineTests
{
    private static readonly string Log = string.Concat(
        Enumerable.Range(0, 30).Select(line => $"<6>[    1.{line:000000}] line {line}\n")
    );

    private const string Panic = "<0>[    2.000000] Kernel panic - not syncing: a test\n";

    [Test]
    public async Task A_whole_record_passes_and_a_short_one_fails()
    {
        using var folder = Machine();
        folder.Write("pstore/dmesg-ramoops-0", Bytes($"Panic#1 Part1\n{Log}{Panic}"));
        Assert.That(
            await CommandRun.OutputAsync(folder.Root, "judge", "--console", "serial.log", "--records", "pstore"),
            Is.EqualTo(
                "passed  Panic#1 of ramoops\n        whole: 31 lines from [1.000000] to [2.000000], 31 of them on the "
                    + "console, none is missing\n"
            )
        );
        folder.Write("pstore/dmesg-ramoops-0", Bytes($"Panic#1 Part1\n{Log}"));
        Assert.That(
            await CommandRun.OfDamageAsync(
                folder.Root,
                "judge",
                "--console",
                "serial.log",
                "--records",
                "pstore",
                "--json"
            ),
            Does.StartWith("{\"dump\":\"Panic#1 of ramoops\",\"verdict\":\"failed\",\"texts\":[\"the last 1 lines ")
        );
    }

    [Test]
    public async Task What_the_store_holds_and_no_record_shows_is_a_failure()
    {
        using var folder = Machine();
        folder.Write("pstore/dmesg-ramoops-0", Bytes($"Panic#1 Part1\n{Log}{Panic}"));
        folder.Write("store", StoreFolder.Area($"Panic#1 Part1\n{Log}{Panic}", $"Oops#2 Part1\n{Log}"));
        string text = await CommandRun.OfDamageAsync(
            folder.Root,
            ["judge", "--console", "serial.log", "--records", "pstore", "--store", "store", "--kernel-version", "6.1"]
        );
        Assert.That(
            text,
            Does.Contain("passed  Panic#1 of ramoops")
                .And.EndWith("failed  dmesg-ramoops-1\n        the store holds it, and no record shows it\n")
        );
        folder.Write("store", StoreFolder.Area($"Panic#1 Part1\n{Log}{Panic}"));
        Assert.That(
            await CommandRun.OutputAsync(folder.Root, "judge", "--console", "serial.log", "--store", "store"),
            Does.StartWith("passed  Panic#1 of ramoops")
        );
    }

    [Test]
    public async Task A_damaged_record_and_a_console_that_cannot_be_read_do_not_pass()
    {
        using var folder = Machine();
        folder.Write("pstore/dmesg-ramoops-0.enc.z", [1, 2, 3]);
        folder.Write("pstore/dmesg-ramoops-1", Bytes($"Panic#1 Part1\n{Log}{Panic}"));
        Assert.That(
            await CommandRun.OfDamageAsync(folder.Root, "judge", "--console", "serial.log", "--records", "pstore"),
            Does.Contain("it is damaged: nothing of it can be read")
        );
        folder.Write("other.log", "U-Boot\nlogin:\n"u8.ToArray());
        File.Delete(Path.Combine(folder.Root, "pstore/dmesg-ramoops-0.enc.z"));
        var run = await CommandRun.InAsync(folder.Root, "judge", "--console", "other.log", "--records", "pstore");
        Assert.That((run.Exit.Code, run.StandardError), Is.EqualTo((3, "")));
        Assert.That(run.StandardOutput, Does.StartWith("infra   the console\n"));
    }

    [Test]
    public async Task What_could_not_be_read_of_the_evidence_does_not_let_the_rest_pass()
    {
        using var folder = Machine();
        folder.Write("store", StoreFolder.Area($"Panic#1 Part1\n{Log}{Panic}"));
        byte[] packed = File.ReadAllBytes(Path.Combine(folder.Root, folder.Gzip("store")));
        folder.Write("torn.gz", packed[..^20]);
        var run = await CommandRun.InAsync(folder.Root, "judge", "--console", "serial.log", "--store", "torn.gz");
        Assert.That((run.Exit.Code, run.StandardError), Is.EqualTo((3, "")));
        Assert.That(
            run.StandardOutput,
            Does.Contain("passed  Panic#1 of ramoops")
                .And.Contain("infra   the evidence")
                .And.Contain("the file is torn")
        );
    }

    [TestCase("give --records or --store, too", "--console", "serial.log")]
    [TestCase("there is no such file", "--console", "no.log", "--records", "pstore")]
    [TestCase("give one", "pstore", "--console", "serial.log")]
    [TestCase("nothing to judge; give the folder of a run")]
    [TestCase("expected a version", "--console", "serial.log", "--store", "serial.log", "--kernel-version", "new")]
    public async Task Bad_input_gets_one_message(string why, params string[] arguments)
    {
        using var folder = Machine();
        folder.Write("pstore/dmesg-ramoops-0", Bytes($"Panic#1 Part1\n{Log}{Panic}"));
        string complaint = await CommandRun.ComplaintAsync(folder.Root, ["judge", .. arguments]);
        Assert.That(complaint, Does.Contain(why));
        Assert.That(complaint.Split('\n'), Has.Length.EqualTo(2));
    }

    private static StoreFolder Machine()
    {
        var folder = new StoreFolder();
        Directory.CreateDirectory(Path.Combine(folder.Root, "pstore"));
        string[] lines = ["<5>[    0.000000] Linux version 6.6.30 (builder) #1", .. (Log + Panic).Split('\n')[..^1]];
        folder.Write(
            "serial.log",
            Bytes("U-Boot 2026.01\r\n" + string.Concat(lines.Select(line => $"[12:00:01.000] {line[3..]}\r\n")))
        );
        return folder;
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.ASCII.GetBytes(text);
}
