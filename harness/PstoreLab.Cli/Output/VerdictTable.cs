using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Runs;
using Spectre.Console;

namespace PstoreLab.Cli.Output;

/// <summary>
/// The table at the end of a run, with what a stranger needs to believe it: versions, sizes, and where the evidence
/// lies.
/// </summary>
internal static class VerdictTable
{
    public static void Print(IAnsiConsole console, IReadOnlyList<CaseResult> results, RunFolder folder)
    {
        if (results.Count > 0)
        {
            var table = new Table()
                .Border(TableBorder.Simple)
                .AddColumns("verdict", "case", "kernel", "seconds", "what was found");
            table.Columns[1].NoWrap();
            table.Columns[3].RightAligned();
            foreach (var result in results)
            {
                table.AddRow(
                    VerdictStyle.Mark(result.Verdict).TrimEnd(),
                    result.Case.EscapeMarkup(),
                    string.Join(" → ", result.Kernels.Select(kernel => kernel.Label)).EscapeMarkup(),
                    $"{result.Seconds:0.0}",
                    Found(result.Verdict, result.Reason, result.Findings).EscapeMarkup()
                );
            }

            console.Write(table);
        }

        console.MarkupLine(Summary([.. results.Select(result => result.Verdict)]));
        CaseResult[] both = [.. results.Where(result => result.IsChecked)];
        int others = both.Count(result => result.Verdict is Verdict.Infra or Verdict.Failed);
        string same = others == 0 ? "the same came of it" : $"something else came of {others}";
        if (both.Length > 0)
            console.MarkupLineInterpolated($"{both.Length} of {results.Count} also run with fresh boots: {same}");
        console.MarkupLineInterpolated($"results and evidence: {folder.Root}");
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
}
