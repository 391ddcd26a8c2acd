using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Scenarios.Controls;

/// <summary>The script that a case leaves for somebody who does not have PstoreLab.</summary>
[Category("Quick")]
[NonParallelizable]
public sealed class ReproTests
{
    [Test]
    public async Task The_script_reproduces_the_case_wherever_its_folder_lies()
    {
        var folder = await Fixture.FolderAsync();
        var result = await Fixture.RunAsync(Fixture.Case(Fixture.CrashCase), folder);
        Assert.That(result.Verdict, Is.EqualTo(Verdict.Passed), result.Reason);
        string elsewhere = folder.In("elsewhere, with blanks");
        Directory.Move(folder.Case(result.Case).Root, elsewhere);

        var repro = await new ProcessRunner().RunAsync(new ProcessSpec("bash", new CaseFolder(elsewhere).Repro));

        Assert.That(repro.Exit.Code, Is.Zero, repro.StandardError);
        Assert.That(repro.StandardOutput, Does.Contain("==> dmesg-ramoops-0 <=="));
        Assert.That(
            repro.StandardOutput.Split('\n').Where(line => line.Contains("pstorelab: mark ", StringComparison.Ordinal)),
            Has.Exactly(8).Contains(result.Nonces.Single())
        );
        Assert.That(Guests.Of(elsewhere), Is.Empty);
    }
}
