using System.Text;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Scenarios.Controls;

/// <summary>The command line as a process: what it ends with, and what it leaves behind.</summary>
[Category("Quick")]
[NonParallelizable]
public sealed class CommandLineTests
{
    private static string Program => Path.Combine(TestContext.CurrentContext.TestDirectory, "pstorelab");

    [Test]
    public async Task A_broken_expectation_ends_run_with_1()
    {
        var folder = await Fixture.FolderAsync();

        var run = await new ProcessRunner().RunAsync(Run(folder, Fixture.MustFail));

        Assert.That(run.Exit.Code, Is.EqualTo(1), run.StandardError);
        Assert.That(run.StandardOutput, Does.Contain("1 failed"));
    }

    [Test]
    public async Task Ctrl_C_ends_run_with_130_and_leaves_no_guest()
    {
        var folder = await Fixture.FolderAsync();
        using var words = new MemoryStream();
        await using var run = new ProcessRunner().Start(Run(folder, Fixture.CrashCase) with { StandardError = words });
        await Guests.BootingAsync(folder.Root);

        Signal.Interrupt(run.Id);

        var exit = await run.Exit.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(exit.Code, Is.EqualTo(130), () => Encoding.UTF8.GetString(words.ToArray()));
        // By the time it has ended, not some time after.
        Assert.That(Guests.Of(folder.Root), Is.Empty);
    }

    [Test]
    public async Task Kill_9_leaves_no_guest()
    {
        var folder = await Fixture.FolderAsync();
        await using var run = new ProcessRunner().Start(Run(folder, Fixture.CrashCase));
        await Guests.BootingAsync(folder.Root);

        Signal.Kill(run.Id);

        await Guests.NoneLeftAsync(folder.Root);
    }

    // A shell's background job, as some CI is, ignores Ctrl-C and hands that on: here it is to be as in the foreground.
    private static ProcessSpec Run(RunFolder folder, string word) =>
        new("env", "--default-signal=INT", Program, "run", word, "--out", folder.Root);
}
