using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Reports;
using PstoreLab.Harness.Runs;
using Spectre.Console;

namespace PstoreLab.Cli.Output;

/// <summary>A case that did not go well, on a terminal.</summary>
internal static class FailureView
{
    /// <param name="again">The command that runs the case again.</param>
    public static void Print(IAnsiConsole console, CaseResult result, RunFolder run, string again)
    {
        var text = FailureText.Of(result, run, again);
        console.WriteLine();
        console.MarkupLine(
            $"{VerdictStyle.Mark(result.Verdict).TrimEnd()} [bold]{result.Case.EscapeMarkup()}[/] "
                + $"[grey]{string.Join(" → ", result.Kernels.Select(kernel => kernel.Label)).EscapeMarkup()}[/]"
        );
        console.MarkupLineInterpolated($"  {text.Blame}");
        int width = text.Titles.Max(title => title.Length);
        foreach (var (title, row) in text.Rows)
            Row(console, title, width, new Text(row));
        foreach (var (title, line) in text.ToCopy)
        {
            console.Markup($"  [grey]{title.PadRight(width)}[/]  ");
            console.Write(new UnwrappedLine(line));
        }
    }

    private static void Row(IAnsiConsole console, string title, int width, Text text)
    {
        var grid = new Grid().AddColumn(new GridColumn().Width(width).Padding(2, 0, 2, 0)).AddColumn();
        console.Write(grid.AddRow(new Markup($"[grey]{title.EscapeMarkup()}[/]"), text));
    }
}
