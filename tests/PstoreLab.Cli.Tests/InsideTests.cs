using PstoreLab.Cli.Tests.Decoding;

namespace PstoreLab.Cli.Tests;

/// <summary>What cannot be meant of a console, a shell or a kernel is one sentence, before anything boots.</summary>
[CancelAfter(60_000)]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InsideTests : IDisposable
{
    private const string Case = "cycle/record-whole/erst-cold-debian-6.1";

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestCase("--at", "nowhere", "--at nowhere: expected ready, before-crash, after-restart or the number of a step")]
    [TestCase("--append", "panic=5", "--append: 'panic' is set for every guest")]
    [TestCase("--store", "nothing", "--store nothing: expected a store, or the folder of a case")]
    [TestCase(
        "--kernel",
        "debain-6.1",
        "unknown kernel 'debain-6.1', neither a name of the catalogue nor a file; did "
    )]
    public async Task A_shell_that_cannot_be(string option, string value, string sentence) =>
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "shell", Case, option, value),
            Does.StartWith($"pstorelab: {sentence}")
        );

    [Test]
    public async Task A_shell_of_several_cases() =>
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "shell", "cycle/record-whole"),
            Does.StartWith("pstorelab: 'cycle/record-whole' is ").And.Contains("name one of them, such as ")
        );

    [Test]
    public async Task A_point_of_a_guest_that_boots_alone() =>
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "shell", Case, "--at", "ready", "--store", "x"),
            Does.Contain("give one")
        );

    [TestCase("doctor", "debain-6.1", "did you mean 'debian-6.1'?")]
    [TestCase("list", "nix", "the catalogue has debian-5.10, ")]
    public async Task A_kernel_that_is_none(string command, string kernel, string hint) =>
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, command, "--kernel", kernel),
            Does.StartWith($"pstorelab: unknown kernel '{kernel}', neither a name of the catalogue nor a file; {hint}")
        );

    [Test]
    public async Task A_kernel_of_the_catalogue_is_the_only_one() =>
        Assert.That(
            (await CommandRun.InAsync(_folder.Root, "list", Case, "--kernel", "debian-7.2")).StandardOutput,
            Is.EqualTo("cycle/record-whole/erst-cold-debian-7.2  (quick)\n")
        );

    [Test]
    public async Task A_console_of_a_finished_case_is_printed_and_cannot_drive_the_terminal()
    {
        Write("cases/cycle/a/erst/plan.json", "{}");
        Write("cases/cycle/b/erst/plan.json", "{}");
        Write("cases/cycle/a/erst/boot-1/console.log", "one\u001b[2J\r\n");
        Write("junit.xml", "");
        var run = await CommandRun.InAsync(_folder.Root, "console", "cycle/a", _folder.Root);
        Assert.That(
            (run.Exit.Code, run.StandardOutput),
            Is.EqualTo((2, "one\\x1b[2J\n")),
            "the run has no result of it"
        );
        Assert.That(run.StandardError, Does.StartWith("--- cycle/a/erst: boot 1\n"));
    }

    [TestCase("erst", "'erst' is 2 cases of ")]
    [TestCase("efi", "has no case 'efi'; nearest are ")]
    [TestCase("cycle/a/efi", "has no case 'cycle/a/efi'; nearest are cycle/a/erst, ")]
    public async Task A_console_of_no_case(string word, string sentence)
    {
        Write("cases/cycle/a/erst/plan.json", "{}");
        Write("cases/cycle/b/erst/plan.json", "{}");
        Write("junit.xml", "");
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "console", word, _folder.Root),
            Does.Contain(sentence)
        );
    }

    [Test]
    public async Task A_console_of_no_run() =>
        Assert.That(
            await CommandRun.ComplaintAsync(_folder.Root, "console", Case, "no-run"),
            Is.EqualTo("pstorelab: there is no folder no-run; name the folder of a run, such as out/latest\n")
        );

    private void Write(string name, string text)
    {
        string path = Path.Combine(_folder.Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
