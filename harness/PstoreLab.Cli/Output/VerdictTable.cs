using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Runs;
using Spectre.Console;

namespace PstoreLab.Cli.Output;

/// <summary>
/// What stands at the end of a run, with what a stranger needs to believe it: versions, sizes, and where the evidence
/// lies. Failures come last, nearest to the prompt.
/// </summary>
internal static class VerdictTable
{
    // A narrower column would be a tower of words.
    private const int LeastFoundWidth = 60;

    // Borders and margins of a table of five columns, and the columns that are always as wide.
    private const int OtherWidth = 14 + 11 + 7;

    /// <param name="again">The command that runs a case again.</param>
    /// <param name="verbosity">When quiet, what went well is left out.</param>
    public static void Print(
        IAnsiConsole console,
        IReadOnlyList<CaseResult> results,
        RunFolder folder,
        Func<CaseResult, string> again,
        Verbosity verbosity = Verbosity.Normal
    )
    {
        var well = results.Where(result => !VerdictStyle.IsFailure(result.Verdict)).ToList();
        if (well.Count > 0 && verbosity != Verbosity.Quiet)
        {
            if (IsWide(console, well))
                console.Write(Table(well));
            else
                PrintNarrow(console, well);
        }

        var failures = results.Except(well).ToList();
        foreach (var result in failures)
            FailureView.Print(console, result, folder, again(result));
        if (failures.Count > 0 || verbosity != Verbosity.Quiet)
            console.WriteLine();
        console.MarkupLine(Summary([.. results.Select(result => result.Verdict)]));
        CaseResult[] both = [.. results.Where(result => result.IsChecked)];
        int others = both.Count(result => result.Verdict is Verdict.Infra or Verdict.Failed);
        string same = others == 0 ? "the same came of it" : $"something else came of {others}";
        if (both.Length > 0)
            console.MarkupLineInterpolated($"{both.Length} of {results.Count} also run with fresh boots: {same}");
        console.MarkupLineInterpolated($"report.html, results and evidence: {folder.Root}");
    }

    /// <summary>
    /// One sentence, or what holds: of a known bug both, for it is what somebody compares with another machine.
    /// </summary>
    public static string Found(Verdict verdict, string reason, IReadOnlyList<Finding> findings)
    {
        string held = string.Join("; ", findings.Where(finding => finding.Held).Select(finding => finding.Text));
        return reason.Length == 0 ? held
            : verdict == Verdict.Known ? $"{reason}: {held}"
            : reason;
    }

    /// <summary>How many of each verdict, as markup.</summary>
    public static string Summary(IReadOnlyCollection<Verdict> verdicts) =>
        string.Join(
            ", ",
            Enum.GetValues<Verdict>()
                .Select(verdict => (Verdict: verdict, Count: verdicts.Count(one => one == verdict)))
                .Where(pair => pair.Count > 0 || pair.Verdict is Verdict.Passed or Verdict.Failed)
                .Select(pair =>
                    $"[{(pair.Count > 0 ? VerdictStyle.Colour(pair.Verdict) : "default")}]{pair.Count} "
                    + $"{VerdictStyle.Word(pair.Verdict)}[/]"
                )
        );

    private static bool IsWide(IAnsiConsole console, List<CaseResult> results) =>
        results.Max(result => result.Case.Length) + results.Max(result => Kernels(result).Length) + OtherWidth
        <= console.Profile.Width - LeastFoundWidth;

    private static Table Table(List<CaseResult> results)
    {
        var table = new Table()
            .Border(TableBorder.Simple)
            .AddColumns("verdict", "case", "kernel", "seconds", "what was found");
        table.Columns[1].NoWrap();
        table.Columns[2].NoWrap();
        table.Columns[3].RightAligned();
        foreach (var result in results)
        {
            table.AddRow(
                VerdictStyle.Mark(result.Verdict).TrimEnd(),
                result.Case.EscapeMarkup(),
                Kernels(result).EscapeMarkup(),
                $"{result.Seconds:0.0}",
                Found(result).EscapeMarkup()
            );
        }

        return table;
    }

    private static void PrintNarrow(IAnsiConsole console, List<CaseResult> results)
    {
        console.WriteLine();
        foreach (var result in results)
        {
            console.MarkupLine($"{VerdictStyle.Mark(result.Verdict)} {result.Case.EscapeMarkup()}");
            string kernels = Kernels(result).Length > 0 ? $"{Kernels(result)}, " : "";
            console.Write(
                new Padder(
                    new Markup(
                        $"[grey]{kernels.EscapeMarkup()}{result.Seconds:0.0} s:[/] {Found(result).EscapeMarkup()}"
                    )
                ).Padding(VerdictStyle.Width + 1, 0, 0, 0)
            );
        }
    }

    private static string Found(CaseResult result) => Found(result.Verdict, result.Reason, result.Findings);

    private static string Kernels(CaseResult result) =>
        string.Join(" → ", result.Kernels.Select(kernel => kernel.Label));
}
