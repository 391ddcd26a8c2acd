using System.CommandLine;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Doctor;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Cli.Commands;

/// <summary><c>pstorelab doctor</c>: what this machine has of what a run needs.</summary>
internal static class DoctorCommand
{
    private static readonly Option<bool> Prove = new("--prove") { Description = "Boots guests now to find the accelerator, instead of leaving it to the first run." };
    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object." };

    public static Command Create()
    {
        var command = new Command("doctor", "Says what is there, what is missing, and what mends it. Example: pstorelab doctor --prove") { Prove, Json };
        command.SetAction(ExamineAsync);
        return command;
    }

    private static async Task<int> ExamineAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var view = ProgressView.Create();
        var lab = new Lab(Checkout.Find(), TimeProvider.System, view);
        var found = await Examination.RunAsync(lab, parsed.GetValue(Prove), cancellation);
        if (parsed.GetValue(Json))
            Console.Out.WriteLine(DiagnosisView.Json(found));
        else
            DiagnosisView.Print(Terminal.Out, found);
        return found.Any(diagnosis => diagnosis.Health == Health.Missing) ? ExitCode.Infra : ExitCode.Passed;
    }
}
