using PstoreLab.Harness.Initramfs;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Initramfs;

/// <summary>
/// The program that loads a crash kernel, run where there is none to load; that it can is shown by the scenarios of the
/// family kdump.
/// </summary>
public class KexecProgramTests
{
    private const int NoSuchFile = 2;

    private ScratchFolder _scratch = null!;

    [SetUp]
    public void MakeAFolder() => _scratch = new ScratchFolder();

    [TearDown]
    public void DeleteTheFolder() => _scratch.Dispose();

    [TestCase("missing", "there")]
    [TestCase("there", "missing")]
    public async Task A_file_that_is_not_there_is_told_by_its_error(string kernel, string initramfs)
    {
        _scratch.Write("there", "");
        Assert.That(await RunAsync(kernel, initramfs), Is.EqualTo(NoSuchFile));
    }

    [Test]
    public async Task What_is_no_kernel_is_refused()
    {
        _scratch.Write("there", "");
        // By whom depends on where the test runs: no right to load one, no such call, or no kernel.
        Assert.That(await RunAsync("there", "there"), Is.Not.Zero.And.Not.EqualTo(NoSuchFile).And.LessThan(128));
    }

    private async Task<int> RunAsync(string kernel, string initramfs)
    {
        string program = _scratch.Write("kexec", KexecProgram.Build());
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var output = await new ProcessRunner().RunAsync(
            new ProcessSpec(program, kernel, initramfs, "console=ttyS0") { WorkingDirectory = _scratch.Path }
        );
        return output.Exit.Code;
    }
}
