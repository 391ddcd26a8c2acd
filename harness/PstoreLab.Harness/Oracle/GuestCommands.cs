using System.Globalization;
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
        string[] answer = File.Exists(path) ? RecordText.FromBytes(File.ReadAllBytes(path)).Split('\n', 2) : [""];
        string ended = answer[0].Length == 0 ? "nothing" : $"exit code {answer[0]}";
        string what = $"`{run.Command}` ended with {ended}";
        bool held = answer[0] == run.Exit.ToString(CultureInfo.InvariantCulture);
        return new Finding(
            held,
            "guest",
            held ? what : $"{what}, not {run.Exit}: {RecordText.ForDisplay(answer[^1].Trim())}",
            run.Source
        );
    }
}
