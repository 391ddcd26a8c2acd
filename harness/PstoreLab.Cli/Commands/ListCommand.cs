using System.CommandLine;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Crashes;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;
using Spectre.Console;

namespace PstoreLab.Cli.Commands;

/// <summary><c>pstorelab list</c>: the cases there are, and the words scenarios are made of.</summary>
internal static class ListCommand
{
    private static readonly Option<bool> Backends = new("--backends") { Description = "Lists backends instead." };
    private static readonly Option<bool> Crashes = new("--crashes")
    {
        Description = "Lists the crash triggers instead.",
    };
    private static readonly Option<bool> Bugs = new("--bugs")
    {
        Description = "Lists the bug catalogue instead, or describes those of it that are named.",
    };
    private static readonly Option<bool> Json = new("--json")
    {
        Description = "One JSON object per line: of a case id, summary and dimensions, of a bug all that is known.",
    };

    public static Command Create()
    {
        var command = new LabCommand(
            "list",
            CommandGroup.Look,
            "shows cases, backends, crashes and known bugs",
            ["list cycle --filter 'kernel>=6.6'", "list --bugs", "list --backends"]
        )
        {
            Backends,
            Crashes,
            Bugs,
            Json,
        };
        command.Validators.Add(result =>
        {
            if (((Option<bool>[])[Backends, Crashes, Bugs]).Count(result.GetValue) > 1)
                result.AddError("--backends, --crashes and --bugs: give one of them");
        });
        var selection = new Selection(command);
        var kernels = new OwnGuestsOption(command);
        var known = new KnownOption(command);
        command.SetAction((parsed, cancellation) => ListAsync(parsed, selection, kernels, known, cancellation));
        return command;
    }

    private static async Task<int> ListAsync(
        ParseResult parsed,
        Selection selection,
        OwnGuestsOption kernels,
        KnownOption known,
        CancellationToken cancellation
    )
    {
        if (parsed.GetValue(Backends))
            Print(BackendCatalogue.All.Select(backend => (backend.Name, backend.Summary)));
        else if (parsed.GetValue(Crashes))
            Print(CrashCatalogue.All.Select(crash => (crash.Name, crash.Summary)));
        else if (parsed.GetValue(Bugs))
            ListBugs(parsed, selection.WordsOf(parsed), kernels.Open(parsed), known);
        else
            ListCases(parsed, selection.Of(parsed, await kernels.OpenAsync(parsed, view: null, cancellation)));
        return ExitCode.Passed;
    }

    private static void ListBugs(ParseResult parsed, IReadOnlyList<string> names, Lab lab, KnownOption known)
    {
        var bugs = Bug.Named(names, known.Read(parsed, lab, []).With(lab.Scenarios.Bugs()));
        if (parsed.GetValue(Json))
            BugView.PrintJson(bugs);
        else if (names.Count > 0)
            BugView.Describe(Terminal.Out, bugs);
        else
            BugView.PrintTable(Terminal.Out, bugs);
    }

    private static void ListCases(ParseResult parsed, IReadOnlyList<Case> cases)
    {
        foreach (var @case in cases)
        {
            if (parsed.GetValue(Json))
                Terminal.Json(CaseLine.Of(@case));
            else
                Terminal.Text.WriteLine($"{@case.Id}{(@case.Quick ? "  (quick)" : "")}");
        }

        if (!parsed.GetValue(Json))
            Terminal.Err.MarkupLineInterpolated($"{cases.Count} cases");
    }

    private static void Print(IEnumerable<(string Name, string Summary)> entries)
    {
        foreach (var (name, summary) in entries)
            Terminal.Text.WriteLine($"{name.PadRight(10)} {summary}");
    }
}
