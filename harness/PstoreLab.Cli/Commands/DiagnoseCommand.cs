using System.CommandLine;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Cli.Commands;

/// <summary><c>pstorelab diagnose</c>: the known bugs that a log, records or a store show symptoms of.</summary>
internal static class DiagnoseCommand
{
    private static readonly Argument<string[]> Names = new("FILE")
    {
        Description =
            "A kernel log, a journal (-o export, -o json, or as text), records, a store, or a directory or an archive "
            + "with any of these; - for standard input.",
        Arity = ArgumentArity.OneOrMore,
    };
    private static readonly Option<bool> Json = new("--json") { Description = "A line of JSON for each cause." };

    public static Command Create()
    {
        var command = new LabCommand(
            "diagnose",
            CommandGroup.Stores,
            "says which known bug a log or a record shows",
            ["diagnose kern.log", "diagnose sosreport.tar.gz", "diagnose dmesg-efi_pstore-*.enc.z"],
            "Answers which bug it is, what is lost and what is not, what to do, and which case reproduces it. Ends "
                + "with 0 when it knows a cause, with 1 when not."
        )
        {
            Names,
            Json,
        };
        command.SetAction(Diagnose);
        return command;
    }

    private static int Diagnose(ParseResult parsed)
    {
        var bugs = new Lab(Checkout.Find(), TimeProvider.System).Scenarios.Bugs();
        var symptoms = new Symptoms(bugs);
        symptoms.Read(parsed.GetRequiredValue(Names));
        if (parsed.GetValue(Json))
            CauseView.PrintJson(symptoms);
        else
            CauseView.Print(Terminal.Out, symptoms);
        return symptoms.Causes.Count > 0 ? ExitCode.Passed : ExitCode.Failed;
    }
}
