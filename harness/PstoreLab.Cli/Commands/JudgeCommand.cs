using System.CommandLine;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Comparison;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Cli.Commands;

/// <summary>
/// <c>pstorelab judge RUN_DIR</c>: judges again from the evidence alone. It starts nothing, so it works where there is
/// no QEMU.
/// </summary>
internal static class JudgeCommand
{
    private static readonly Argument<string?> Folder = new("RUN_DIR")
    {
        Description = "The folder of a run, or of one of its cases.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Prints judgements as JSON lines instead of a table.",
    };

    public static Command Create()
    {
        var command = new LabCommand(
            "judge",
            CommandGroup.Run,
            "judges a run again, or the records of a real machine",
            ["judge out/latest", "judge --console serial.log --records pstore/"],
            "A run is judged again from its evidence, without QEMU. The records of a real machine are "
                + "judged by the log of its serial console."
        )
        {
            Folder,
            FieldJudging.Console,
            FieldJudging.Records,
            FieldJudging.Store,
            FieldJudging.Kernel,
            Json,
        };
        command.SetAction(Judge);
        return command;
    }

    private static int Judge(ParseResult parsed)
    {
        string? run = parsed.GetValue(Folder);
        if (parsed.GetValue(FieldJudging.Console) is { } console)
            return run is null
                ? FieldJudging.Judge(parsed, console)
                : throw new UsageException("RUN_DIR and --console are two things to judge; give one");
        if (run is null)
            throw new UsageException("nothing to judge; give the folder of a run, such as out/latest, or --console");
        bool json = parsed.GetValue(Json);
        var judged = new List<JudgedCase>();
        foreach (var folder in EvidenceFolders.In(run))
        {
            judged.Add(Harness.Oracle.Judge.Again(folder));
            if (json)
                Terminal.Json(EvidenceJson.Line(judged[^1]));
        }

        if (!json)
            JudgementTable.Print(Terminal.Out, judged);

        int notRun = NotRun(run, judged);
        if (notRun > 0)
            Terminal.Error($"{Wording.Many(notRun, "case")} of the run did not come to a verdict");
        int code = ExitCode.Of([.. judged.Select(@case => @case.Judgement.Verdict)], notRun);
        if (code == ExitCode.NothingTested)
            Terminal.Error(Wording.NothingTested);
        return code;
    }

    /// <summary>How many cases of a run have no verdict; 0 where only a part of it is judged.</summary>
    private static int NotRun(string run, IEnumerable<JudgedCase> judged) =>
        RunRecord.Read(run) is not { } record
            ? 0
            // What was unsupported has left no evidence.
            : record
                .Without([
                    .. judged.Select(@case => @case.Case),
                    .. RunResults.IsNamedBy(run)
                        ? RunResults.Load(run).Results.Select(result => result.Case)
                        : (string[])[],
                ])
                .Count;
}
