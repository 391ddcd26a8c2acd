using System.Text;
using static PstoreLab.Harness.Reports.MarkdownText;

namespace PstoreLab.Harness.Reports.Coverage;

/// <summary>The coverage table as Markdown, which is as readable on a terminal.</summary>
public static class CoverageMarkdown
{
    /// <param name="of">What it was made of, in a sentence.</param>
    public static string Of(CoverageTable table, string of)
    {
        var notes = new List<string>();
        var text = new StringBuilder();
        text.Append($"# Coverage\n\n{of}\n\n");
        text.Append(
            "✓ all cases passed · known: they fail as a catalogued bug says · uns: unsupported, something "
                + "is missing · — no case, for a reason · **FAILED**, **not run**, **EMPTY**: open.\n"
        );
        text.Append("The number in brackets leads to the bug, the missing option, or the reason.\n\n");
        text.Append(
            $"| feature | backend | {string.Join(" | ", table.Kernels.Select(Escaped))} "
                + $"|\n|---|---|{string.Concat(table.Kernels.Select(_ => "---|"))}\n"
        );
        foreach (var row in table.Cells.GroupBy(cell => (cell.Feature, cell.Backend)))
        {
            // The rows of a feature stand together, one for each backend.
            string name = row.Key.Backend == table.Backends[0] ? $"`{row.Key.Feature}`" : "";
            text.Append(
                $"| {name} | {row.Key.Backend} | {string.Join(" | ", row.Select(cell => Word(cell, notes)))} |\n"
            );
        }

        text.Append('\n');
        for (int i = 0; i < notes.Count; i++)
            text.Append($"{i + 1}. {notes[i]}\n");
        text.Append("\n| feature | | documented |\n|---|---|---|\n");
        foreach (var feature in table.Features)
            text.Append($"| `{feature.Name}` | {Escaped(feature.Title)} | {Escaped(feature.Documented)} |\n");
        text.Append($"\n{Summary(table)}\n");
        return text.ToString();
    }

    /// <summary>How many cells stand how, in a line.</summary>
    public static string Summary(CoverageTable table)
    {
        var states = table.Cells.GroupBy(cell => cell.State).OrderBy(group => group.Key);
        return $"{table.Cells.Count} cells: "
            + string.Join(", ", states.Select(group => $"{group.Count()} {Words(group.Key)}"));
    }

    private static string Word(CoverageCell cell, List<string> notes)
    {
        string word = cell.State switch
        {
            CoverageState.Passed => $"✓ {cell.Cases}",
            CoverageState.Known => "known",
            CoverageState.Unsupported => "uns",
            CoverageState.Excused => "—",
            CoverageState.Failed => "**FAILED**",
            CoverageState.NotRun => "**not run**",
            _ => "**EMPTY**",
        };
        if (cell.Why.Length == 0)
            return word;
        string note = Escaped(
            cell.State switch
            {
                CoverageState.Known => $"known bug: {cell.Why}",
                CoverageState.Unsupported => $"unsupported: {cell.Why}",
                _ => cell.Why,
            }
        );
        int number = notes.IndexOf(note);
        if (number < 0)
        {
            number = notes.Count;
            notes.Add(note);
        }

        return $"{word} [{number + 1}]";
    }

    private static string Words(CoverageState state) =>
        state switch
        {
            CoverageState.NotRun => "not run",
            CoverageState.Excused => "without a case, for a reason",
            _ => Enum.GetName(state)!.ToLowerInvariant(),
        };
}
