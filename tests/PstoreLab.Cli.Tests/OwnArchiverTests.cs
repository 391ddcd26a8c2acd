using PstoreLab.Cli.Tests.Decoding;

namespace PstoreLab.Cli.Tests;

/// <summary><c>archive-check</c> with a program and with record sets of one's own, and what it refuses.</summary>
[CancelAfter(60_000)]
public sealed class OwnArchiverTests
{
    private const string Record = "dmesg-ramoops-0";

    private StoreFolder _folder = null!;

    /// <summary>A program that moves records, and a set of one record that expects no more.</summary>
    [SetUp]
    public void MakeAnArchiver()
    {
        _folder = new StoreFolder();
        Write(
            "mover",
            "#!/bin/sh\n[ \"$PSTORELAB_UNLINK\" = yes ] || exit 9\nchmod 600 \"$1\"/*\nmv \"$1\"/* \"$2\"\n"
        );
        File.SetUnixFileMode(At("mover"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Write($"sets/one/pstore-1/{Record}", "Panic#1 Part1\n<0>[    1.000000] the last line\n");
        Write($"sets/one/expected/{Record}", "Panic#1 Part1\n<0>[    1.000000] the last line\n");
    }

    [TearDown]
    public void DeleteIt() => _folder.Dispose();

    [Test]
    public async Task It_is_right_where_it_does_what_is_expected()
    {
        string output = await CheckAsync(0, "--archiver", "./mover", "--sets-from", "sets");
        Assert.That(
            output,
            Does.Contain("mover")
                .And.Contain("the archive that is expected")
                .And.EndWith("nothing is wrong; record sets of sets\n")
        );
    }

    [Test]
    public async Task It_is_wrong_where_it_does_not()
    {
        Write($"sets/one/expected/{Record}", "Panic#1 Part1\n<0>[    1.000000] another line\n");
        string output = await CheckAsync(1, "--archiver", "./mover", "--sets-from", "sets");
        Assert.That(
            output,
            Does.Contain("not known")
                .And.Contain(
                    "set 0: one on ramoops, 1 records: dmesg-ramoops-0 differs from the expected one from byte 32 on"
                )
        );
    }

    [Test]
    public async Task A_program_in_a_built_tree_is_found_and_what_it_says_is_shown()
    {
        Write("tree/usr/lib/systemd/systemd-pstore", "#!/bin/sh\necho \"$1: no\" >&2\nexit 1\n");
        File.SetUnixFileMode(
            At("tree/usr/lib/systemd/systemd-pstore"),
            UnixFileMode.UserRead | UnixFileMode.UserExecute
        );
        Write("tree/usr/lib/systemd/libsystemd-shared-252.so", "");
        string output = await CheckAsync(1, "--root", "tree", "--sets-from", "sets", "--json");
        Assert.That(
            output,
            Does.Contain("\"release\": \"tree\"")
                .And.Contain("\"systemd\": \"252\"")
                .And.Contain("\"seed\": null")
                .And.Contain("\"text\": \"/0/pstore: no\"")
        );
    }

    [TestCase(
        "--archiver ./nothing",
        "--archiver ./nothing: it cannot be run: sh: 1: ./nothing: not found; expected a program"
    )]
    [TestCase(
        "--root sets",
        "--root sets: there is no systemd-pstore in it; expected it at usr/lib/systemd/systemd-pstore"
    )]
    [TestCase("--root nothing", "--root nothing: there is no such folder")]
    [TestCase("--root sets --archiver ./mover", "--archiver and --root: each names a program to check")]
    [TestCase("--systemd 257", "--systemd: goes with --archiver or --root")]
    [TestCase("--archiver ./mover --systemd new", "--systemd: found 'new', expected a release of systemd")]
    [TestCase("--archiver ./mover --sets-from nothing", "--sets-from nothing: there is no such folder")]
    [TestCase("--archiver ./mover --sets-from sets --set 1", "--set 1: sets has 1 sets, from 0")]
    public async Task What_cannot_be_meant_is_refused(string line, string why) =>
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, ["archive-check", .. line.Split(' ')]),
            Does.StartWith($"pstorelab: {why}")
        );

    [Test]
    public async Task A_case_that_is_none_is_no_record_set()
    {
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "record-set", "sets", "mine"),
            Does.StartWith("pstorelab: sets holds no case (no plan.json in it or below)")
        );
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "run", "cycle", "--file", "mover:/usr/bin/mover"),
            Is.EqualTo(
                "pstorelab: --file: no case that is chosen boots a systemd guest; those of `pstorelab list archive` "
                    + "do\n"
            )
        );
    }

    private async Task<string> CheckAsync(int exit, params string[] arguments)
    {
        var run = await CommandRun.InAsync(_folder.Root, ["archive-check", .. arguments]);
        Assert.That(run.Exit.Code, Is.EqualTo(exit), run.StandardError + run.StandardOutput);
        return run.StandardOutput;
    }

    private string At(string path) => Path.Combine(_folder.Root, path);

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), content);
    }
}
