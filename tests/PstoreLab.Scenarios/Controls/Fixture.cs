using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Scenarios.Controls;

/// <summary>
/// What the tests of the harness itself boot. Their verdicts are no results: their folder lies beside the cases of the
/// run.
/// </summary>
internal static class Fixture
{
    /// <summary>A crash and a cold restart with the quickest backend.</summary>
    public const string CrashCase = "cycle/record-whole/ramoops-cold-debian-6.1";

    /// <summary>A file that every working harness fails.</summary>
    public static string MustFail => File("expects-record-after-no-crash");

    /// <summary>The file of one of the scenarios that only these tests run.</summary>
    public static string File(string scenario) =>
        Path.Combine(LabSession.Lab.Paths.Root, "tests", "PstoreLab.Scenarios", "Fixtures", $"{scenario}.yaml");

    /// <summary>A folder for the evidence of the test that runs now.</summary>
    public static async Task<RunFolder> FolderAsync()
    {
        var session = await LabSession.CurrentAsync();
        var folder = new RunFolder(session.Folder.In(Path.Combine("controls", TestContext.CurrentContext.Test.Name)));
        Directory.CreateDirectory(folder.Root);
        return folder;
    }

    public static Case Case(string word) => LabSession.Lab.Scenarios.Load([word]).Single();

    /// <param name="freshBoots">Whether no checkpoint may stand for a boot.</param>
    public static async Task<CaseResult> RunAsync(
        Case @case,
        RunFolder folder,
        bool freshBoots = false,
        CancellationToken cancellation = default
    )
    {
        var session = await LabSession.CurrentAsync();
        return await LabSession
            .Lab.RunnerFor(folder, session.Accelerator, jobs: null, freshBoots ? BootPolicy.Fresh : BootPolicy.Default)
            .RunAsync(@case, cancellation);
    }
}
