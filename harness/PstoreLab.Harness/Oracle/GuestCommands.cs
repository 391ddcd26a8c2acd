using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Records;

namespace PstoreLab.Harness.Oracle;

/// <summary>How the commands ended that the scenario ran in a guest.</summary>
internal static class GuestCommands
{
    /// <param name="boots">The boots whose commands count.</param>
    public static IEnumerable<Finding> Findings(AttemptEvidence evidence, IEnumerable<PlannedBoot> boots) =>
        boots
            .SelectMany(boot => boot.Steps)
            .OfType<RunInGuest>()
            .Select(run => Finding(run, evidence.Folder.Run(run.Number)));

    private static Finding Finding(RunInGuest run, string path)
    {
        var answer = GuestAnswer.Read(path);
        string what = $"`{run.Command}` ended with exit code {answer.Exit}";
        bool held = answer.Exit == run.Exit;
        return new Finding(
            held,
            "guest",
            held ? what : $"{what}, not {run.Exit}: {RecordText.ForDisplay(answer.Output.Trim())}",
            run.Source
        );
    }
}
