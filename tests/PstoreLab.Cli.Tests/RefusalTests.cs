using PstoreLab.Cli.Tests.Decoding;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Cli.Tests;

/// <summary>What cannot be meant is refused with one sentence and exit code 2, before anything runs.</summary>
[CancelAfter(60_000)]
public class RefusalTests
{
    private StoreFolder _folder = null!;

    [SetUp]
    public void MakeAFolder() => _folder = new StoreFolder();

    [TearDown]
    public void DeleteTheFolder() => _folder.Dispose();

    [TestCase("--jobs", "abc", "1 to 1000")]
    [TestCase("--jobs", "0", "1 to 1000")]
    [TestCase("--jobs", "-1", "1 to 1000")]
    [TestCase("--jobs", "99999999999", "1 to 1000")]
    [TestCase("--repeat", "abc", "1 to 10000")]
    [TestCase("--repeat", "99999999999", "1 to 10000")]
    [TestCase("--repeat", "1e3", "1 to 10000")]
    [TestCase("--check-checkpoints", "some", "0 to 100 (percent)")]
    [TestCase("--check-checkpoints", "101%", "0 to 100 (percent)")]
    [TestCase("--check-checkpoints", "NaN", "0 to 100 (percent)")]
    public async Task A_number_that_is_none(string option, string value, string range) =>
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "run", option, value),
            Is.EqualTo(
                $"pstorelab: {option}: found '{value}', expected {range}\npstorelab: see `pstorelab run --help`\n"
            )
        );

    [Test]
    public async Task A_replay_of_no_store()
    {
        string text = Path.Combine(_folder.Root, "notes.txt");
        await File.WriteAllTextAsync(text, "no store at all\n");
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "replay", text, "--kernel", "debian-6.1"),
            Is.EqualTo($"pstorelab: {text}: no store that is known here; `pstorelab decode` says more\n")
        );
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "replay", "missing", "--kernel", "debian-6.1"),
            Is.EqualTo("pstorelab: there is no file 'missing'\n")
        );
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "replay", text, "--kernel", "debian-6.1", "--backend", "ram"),
            Is.EqualTo("pstorelab: --backend 'ram': there is none of that name; `pstorelab list --backends` has them\n")
        );
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "replay", text),
            Does.StartWith("pstorelab: replay needs --kernel, as in: pstorelab replay dump-of-my-board.bin --kernel ")
        );
    }

    [Test]
    public async Task A_pipe_that_nobody_writes_to([Values("scenario", "--kernel", "--image")] string what)
    {
        string pipe = Path.Combine(_folder.Root, "pipe.yaml");
        (await new ProcessRunner().RunAsync(new ProcessSpec("mkfifo", pipe))).EnsureSuccess();
        string[] arguments = what == "scenario" ? ["list", pipe] : ["list", what, pipe];
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, arguments),
            Does.Contain("a pipe or a device").Or.Contain("there is no file")
        );
    }

    [TestCase("--kernel")]
    [TestCase("--image")]
    public async Task A_device(string option) =>
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "list", option, "/dev/zero"),
            Does.Contain("a pipe or a device").Or.Contain("there is no file")
        );
}
