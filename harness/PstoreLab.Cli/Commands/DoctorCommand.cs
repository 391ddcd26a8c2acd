using System.CommandLine;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Doctor;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Cli.Commands;

/// <summary><c>pstorelab doctor</c>: what this machine has of what a run needs, or what a kernel has.</summary>
internal static class DoctorCommand
{
    private static readonly Option<bool> Prove = new("--prove")
    {
        Description = "Boots guests now to find the accelerator, instead of leaving it to the first run.",
    };
    private static readonly Option<string?> OfKernel = new("--kernel", "-k")
    {
        Description =
            "Reports which pstore features this kernel has instead: a name of the catalogue, SUITE:VERSION, a "
            + "bzImage, a linux-image .deb or a built tree. NAME=PATH names it.",
        HelpName = "KERNEL",
    };

    private static readonly Option<string?> Modules = new("--modules")
    {
        Description = "The folder of that kernel's modules; looked for beside it when left out.",
        HelpName = "DIR",
    };
    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object." };

    public static Command Create()
    {
        var command = new LabCommand(
            "doctor",
            CommandGroup.Look,
            "says what is missing here, and how to get it",
            ["doctor", "doctor --prove"]
        )
        {
            Prove,
            OfKernel,
            Modules,
            Json,
        };
        command.SetAction(
            (parsed, cancellation) =>
                parsed.GetValue(OfKernel) is { } kernel
                    ? ExamineKernelAsync(parsed, kernel, cancellation)
                    : ExamineAsync(parsed, cancellation)
        );
        return command;
    }

    private static async Task<int> ExamineAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var view = ProgressView.Create();
        var lab = new Lab(Checkout.Find(), TimeProvider.System, view);
        var found = await Examination.RunAsync(lab, parsed.GetValue(Prove), cancellation);
        if (parsed.GetValue(Json))
            Terminal.Json(DiagnosisView.Json(found));
        else
            DiagnosisView.Print(Terminal.Out, found);
        return found.Any(diagnosis => diagnosis.Health == Health.Missing) ? ExitCode.Infra : ExitCode.Passed;
    }

    private static async Task<int> ExamineKernelAsync(ParseResult parsed, string word, CancellationToken cancellation)
    {
        using var view = ProgressView.Create();
        var lab = new Lab(Checkout.Find(), TimeProvider.System, view);
        var kernels = await ChosenKernels.InAsync(lab, [word], parsed.GetValue(Modules), cancellation);
        if (kernels is not [var chosen])
            throw new UsageException($"--kernel {word}: these are {kernels.Count} kernels; name one of them");
        var kernel =
            chosen.UserSupplied
            ?? await new Lab(
                lab.Paths,
                TimeProvider.System,
                view,
                named: ChosenKernels.Named(kernels)
            ).Kernels.EnsureAsync(chosen.Name, cancellation);
        var found = KernelExamination.Of(kernel);
        if (parsed.GetValue(Json))
            Terminal.Json(KernelFeatureView.Json(found));
        else
            KernelFeatureView.Print(Terminal.Out, found);
        return found.Features.All(feature => feature.IsThere) ? ExitCode.Passed : ExitCode.Failed;
    }
}
