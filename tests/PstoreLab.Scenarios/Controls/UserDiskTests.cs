using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Scenarios.Controls;

/// <summary>A disk as distributions ship it, given with --image.</summary>
[Category("Systemd")]
[NonParallelizable]
public sealed class UserDiskTests
{
    // What our own guests lack of a stock one's login on the console.
    private static readonly string[] Trimmed =
    [
        "/etc/systemd/system/serial-getty@.service",
        "/etc/systemd/system-generators/systemd-getty-generator",
        "/etc/systemd/system/systemd-udev-trigger.service.d/pstorelab.conf",
    ];

    private static string Program => Path.Combine(TestContext.CurrentContext.TestDirectory, "pstorelab");

    [Test]
    public async Task A_login_prompt_on_the_console_costs_no_verdict()
    {
        var cancellation = TestContext.CurrentContext.CancellationToken;
        var folder = await Fixture.FolderAsync();
        string disk = folder.In("stock.raw");
        var bookworm = await LabSession.Lab.Rootfs.EnsureAsync("bookworm", cancellation);
        await SucceedsAsync("qemu-img", "convert", "-O", "raw", bookworm.Path, disk);
        foreach (string file in Trimmed)
            await SucceedsAsync("debugfs", "-w", "-R", $"rm {file}", disk);

        var run = await new ProcessRunner().RunAsync(
            new ProcessSpec(
                Program,
                "run",
                Fixture.File("login-of-a-stock-guest"),
                "--image",
                disk,
                "--out",
                folder.Root
            ),
            cancellation
        );

        Assert.That(run.Exit.Code, Is.EqualTo(0), run.StandardOutput + run.StandardError);
        Assert.That(run.StandardOutput, Does.Contain("1 passed, 0 failed"));
        string console = Directory
            .EnumerateFiles(folder.In(RunFolder.LatestName), "console.log", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .First();
        Assert.That(await File.ReadAllTextAsync(console, cancellation), Does.Contain("login: "));
        File.Delete(disk);
    }

    private static async Task SucceedsAsync(string program, params string[] arguments) =>
        (
            await LabSession.Lab.Runner.RunAsync(
                new ProcessSpec(program, arguments),
                TestContext.CurrentContext.CancellationToken
            )
        ).EnsureSuccess();
}
