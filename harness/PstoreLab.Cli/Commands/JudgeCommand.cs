using System.CommandLine;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Cli.Commands;

/// <summary>
/// <c>pstorelab judge RUN_DIR</c>: judges again from the evidence alone. It starts nothing, so it works where there is
/// no QEMU.
/// </summary>
internal static class JudgeCommand
{
    private static readonly Argument<string> Folder = new("RUN_DIR")
    {
        Description = "The folder of a run, or of one of its cases.",
    };
    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Prints judgements as JSON lines instead of a table.",
    };

    public static Command Create()
    {
        var command = new Command(
            "judge",
            "Judges a run again from its evidence, without QEMU. Example: pstorelab judge out/latest"
        )
        {
            Folder,
            Json,
        };
        command.SetAction(Judge);
        return command;
    }

    private static int Judge(ParseResult parsed)
    {
        var judged = EvidenceFolders.In(parsed.GetRequiredValue(Folder)).Select(Harness.Oracle.Judge.Again).ToList();
        if (parsed.GetValue(Json))
        {
            foreach (var @case in judged)
                Terminal.Json(EvidenceJson.Line(@case));
        }
        else
        {
            JudgementTable.Print(Terminal.Out, judged);
        }

        return ExitCode.Of([.. judged.Select(@case => @case.Judgement.Verdict)]);
    }
}
