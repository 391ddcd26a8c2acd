using System.CommandLine;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Reports.Packing;
using PstoreLab.Harness.Runs;
using Spectre.Console;

namespace PstoreLab.Cli.Commands;

/// <summary><c>pstorelab pack RUN</c>: one archive with the evidence of a run, to be sent on.</summary>
internal static class PackCommand
{
    private static readonly Argument<string?> Run = new("RUN")
    {
        Description = "The folder of a run; out/latest when left out.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> Failed = new("--failed")
    {
        Description = "Packs only what is neither passed, known nor unsupported.",
    };

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "The archive: .tar.gz or .tar.zst; NAME-OF-THE-RUN.tar.gz here when left out.",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        var command = new LabCommand(
            "pack",
            CommandGroup.Look,
            "puts the evidence of a run into one archive",
            ["pack out/latest --failed", "pack out/latest --failed --out evidence.tar.zst"],
            "Every kernel, initramfs and disk is in it once. Unpacked with tar, each case's repro.sh works, and "
                + "`pstorelab judge` judges. Ends with 0 also where nothing failed; then there is no archive."
        )
        {
            Run,
            Failed,
            Out,
        };
        command.SetAction(Pack);
        return command;
    }

    private static int Pack(ParseResult parsed)
    {
        string named = parsed.GetValue(Run) ?? Path.Combine(Checkout.Find().Out, RunFolder.LatestName);
        if (!Directory.Exists(named))
            throw new UsageException($"there is no folder {named}; name the folder of a run, such as out/latest");
        string root = new DirectoryInfo(named).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? named;
        var run = RunResults.Load(root);
        RunNotices.Print(run);
        bool failed = parsed.GetValue(Failed);
        CaseResult[] cases = [.. run.Results.Where(result => !failed || IsBroken(result.Verdict))];
        if (cases.Length == 0)
        {
            Terminal.Error($"{named}: nothing failed, so there is nothing to pack");
            return ExitCode.Passed;
        }
        string path = parsed.GetValue(Out) ?? $"{Path.GetFileName(run.Root)}{(failed ? "-failed" : "")}.tar.gz";
        FileOption.Check("--out", path);
        RunPack.Write(run, cases, path);
        Terminal.Out.MarkupLineInterpolated(
            $"{path}: {Wording.Many(cases.Length, "case")}, {Size(new FileInfo(path).Length)}"
        );
        return ExitCode.Passed;
    }

    private static bool IsBroken(Verdict verdict) =>
        verdict is Verdict.Failed or Verdict.Infra or Verdict.Error or Verdict.Internal;

    private static string Size(long bytes) => $"{bytes / 1e6:0.0} MB";
}
