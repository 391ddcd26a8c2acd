using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Runs;
using Spectre.Console;

namespace PstoreLab.Cli.Output;

/// <summary>The table at the end of a run, with what a stranger needs to believe it: versions, sizes, and where the evidence lies.</summary>
internal static class VerdictTable
{
    public static void Print(IAnsiConsole console, IReadOnlyList<CaseResult> results, RunFolder folder)
    {
        if (results.Count > 0)
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("verdict", "case", "kernel", "seconds", "what was found");
            table.Columns[1].NoWrap();
            table.Columns[3].RightAligned();
            foreach (var result in results)
            {
                table.AddRow(
                    VerdictStyle.Mark(result.Verdict).TrimEnd(),
                    result.Case.EscapeMarkup(),
                    string.Join(" → ", result.Kernels.Select(kernel => kernel.Release)).EscapeMarkup(),
                    $"{result.Seconds:0.0}",
                    Found(result).EscapeMarkup());
            }

            console.Write(table);
        }

        console.MarkupLine(Summary([.. results.Select(result => result.Verdict)]));
        console.MarkupLineInterpolated($"results and evidence: {folder.Root}");
    }

    private static string Found(CaseResult result) =>
        result.Reason.Length > 0 ? result.Reason : string.Join("; ", result.Findings.Select(finding => finding.Text));

    /// <summary>How many of each verdict, as markup.</summary>
    public static string Summary(IReadOnlyCollection<Verdict> verdicts) => string.Join(", ", Enum.GetValues<Verdict>()
        .Select(verdict => (Verdict: verdict, Count: verdicts.Count(one => one == verdict)))
        .Where(pair => pair.Count > 0 || pair.Verdict is Verdict.Passed or Verdict.Failed)
        .Select(pair => $"[{(pair.Count > 0 ? VerdictStyle.Colour(pair.Verdict) : "default")}]{pair.Count} {VerdictStyle.Word(pair.Verdict)}[/]"));
}
